/**
 * What a pattern can gain: the largest `gᵀv` over unit vectors v that keep the activation pattern, by its dual.
 *
 * ```
 * max { gᵀv : |v| <= 1, aₖᵀv >= 0 }  =  min { |g + Σ μₖaₖ| : μ >= 0 },   aₖ = (2dₖ - 1) xₖ
 * ```
 *
 * The minimum by Lawson's and Hanson's active sets: the worst aₖᵀr < 0 enters, least squares on those that have
 * entered, steps back where a μ would become negative. Every μ >= 0 on the way gives a valid bound.
 *
 * After Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23.
 *
 * @module
 */
import { dot, type Matrix, norm2, NotPositiveDefiniteError, type Vector } from "../../core/mod.ts";
import { cholesky, matrix } from "../../linalg/mod.ts";

/**
 * Makes the function that bounds `gᵀv` over a pattern's cone from above; it ends early once the bound is not above
 * `enough`.
 */
export function patternGain(X: Matrix): (g: Vector, pattern: Uint8Array, enough: number) => number {
  const { rows: n, columns: d, data } = X, residual = new Float64Array(d);
  const rows = Array.from({ length: n }, (_, k) => data.subarray(k * d, (k + 1) * d));
  return (g, pattern, enough) => {
    const sign = (k: number): number => 2 * pattern[k] - 1;
    let entered: number[] = [], mu: number[] = [], least = norm2(g);
    residual.set(g);
    for (let step = 0; step < 3 * (n + d) && least > enough; step++) {
      let worst = -1e-12 * least, enters = -1;
      for (let k = 0; k < n; k++) {
        const product = sign(k) * dot(rows[k], residual);
        if (product < worst && !entered.includes(k)) {
          worst = product;
          enters = k;
        }
      }
      if (enters < 0) break;
      const before = least;
      entered = [...entered, enters];
      mu = [...mu, 0];
      if (!improve(g, rows, sign, entered, mu)) return least;
      residual.set(g);
      entered.forEach((k, i) => {
        for (let j = 0; j < d; j++) residual[j] += mu[i] * sign(k) * rows[k][j];
      });
      least = norm2(residual);
      if (!(least < before)) return before; // no more than rounding is left
      [entered, mu] = [entered.filter((_, i) => mu[i] > 0), mu.filter((m) => m > 0)];
    }
    return least;
  };
}

/**
 * Least squares on the rows that have entered, with steps back until no μ is negative; false where the rows depend on
 * each other.
 */
function improve(
  g: Vector,
  rows: readonly Vector[],
  sign: (k: number) => number,
  entered: number[],
  mu: number[],
): boolean {
  const free = entered.map((_, i) => i);
  while (free.length > 0) {
    const p = free.length, gram = matrix(p, p), right = new Float64Array(p);
    for (let i = 0; i < p; i++) {
      const k = entered[free[i]];
      right[i] = -sign(k) * dot(rows[k], g);
      for (let j = 0; j < p; j++) {
        gram.data[i * p + j] = sign(k) * sign(entered[free[j]]) * dot(rows[k], rows[entered[free[j]]]);
      }
    }
    try {
      cholesky(gram).solve(right, right);
    } catch (error) {
      if (error instanceof NotPositiveDefiniteError) return false;
      throw error;
    }
    let part = 1, leaves = -1;
    for (let i = 0; i < p; i++) {
      const m = mu[free[i]];
      if (right[i] > 0 || m - right[i] <= 0) continue;
      if (m / (m - right[i]) < part) {
        part = m / (m - right[i]);
        leaves = i;
      }
    }
    for (let i = 0; i < p; i++) mu[free[i]] += part * (right[i] - mu[free[i]]);
    if (leaves < 0) return true;
    mu[free[leaves]] = 0;
    free.splice(leaves, 1);
  }
  return true;
}
