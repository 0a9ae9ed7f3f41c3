/**
 * The polynomials of the expansions of Bessel functions for large orders,
 *
 * ```
 * u₀ = 1,   u_{k+1}(t) = t² (1 - t²) u_k'(t) / 2 + (1/8) ∫₀ᵗ (1 - 5s²) u_k(s) ds
 * ```
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 9.3.9 and 9.3.10.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** The largest k. */
const HIGHEST = 13;

/** `u_k(t) = t^k Σ_j c_{kj} t^{2j}`, j = 0..k: row k holds these coefficients. */
const coefficients: readonly Vector[] = debyePolynomials();

/** No digits are lost: the two terms that make a coefficient have the same sign. */
function debyePolynomials(): Vector[] {
  const rows = [Float64Array.of(1)];
  for (let k = 0; k < HIGHEST; k++) {
    const next = new Float64Array(k + 2);
    for (let j = 0; j <= k; j++) {
      const c = rows[k][j], p = k + 2 * j;
      next[j] += c * (p / 2 + 1 / (8 * (p + 1)));
      next[j + 1] -= c * (p / 2 + 5 / (8 * (p + 3)));
    }
    rows.push(next);
  }
  return rows;
}

/** `Σ_k (±1)^k u_k(t) / v^k` up to k = `terms`. */
export function debyeSum(terms: number, v: number, t: number, alternate: boolean): number {
  const square = t * t, factor = (alternate ? -t : t) / v;
  let sum = 0;
  for (let k = terms; k >= 0; k--) sum = sum * factor + inSquares(coefficients[k], square);
  return sum;
}

/** `Σ_k (u_k(t)/2 + t u_k'(t)) / v^k` up to k = `terms`, by which the derivative's expansion differs. */
export function debyeDerivativeSum(terms: number, v: number, t: number): number {
  const square = t * t, factor = t / v;
  let sum = 0;
  for (let k = terms; k >= 0; k--) {
    const c = coefficients[k];
    let value = 0;
    for (let j = k; j >= 0; j--) value = value * square + c[j] * (k + 2 * j + 0.5);
    sum = sum * factor + value;
  }
  return sum;
}

function inSquares(c: Vector, square: number): number {
  let value = 0;
  for (let j = c.length - 1; j >= 0; j--) value = value * square + c[j];
  return value;
}
