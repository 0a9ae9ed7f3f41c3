/**
 * Points and weights for integrals over boxes.
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { range } from "../shape.ts";

/** `∫ f ≈ Σ wᵢ f(xᵢ)`. */
export interface Quadrature {
  /** Numbers, or in rows the points of a space of more dimensions. */
  readonly points: Float64Array | Matrix;
  /** As many numbers. */
  readonly weights: Float64Array;
}

/** The value of the Legendre polynomial of order n at x, and its derivative. */
function legendre(n: number, x: number): [value: number, derivative: number] {
  let before = 1, value = x;
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return [value, n * (x * value - before) / (x * x - 1)];
}

/**
 * Gauss-Legendre quadrature with n points on an interval, exact for polynomials of orders up to `2 n - 1`.
 *
 * @throws {DomainError} When n is not a positive whole number, or the interval is empty or not finite.
 *
 * @example The integral of x³ with two points
 * ```ts
 * import { gaussLegendre } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { points, weights } = gaussLegendre(2, 0, 1);
 * assertAlmostEquals(weights[0] * points[0] ** 3 + weights[1] * points[1] ** 3, 1 / 4, 1e-15);
 * ```
 */
export function gaussLegendre(
  n: number,
  low: number,
  high: number,
): { readonly points: Float64Array; readonly weights: Float64Array } {
  if (!Number.isSafeInteger(n) || n < 1 || !(low < high) || !Number.isFinite(high - low)) {
    throw new DomainError(`Cannot make a quadrature: expected points on an interval, got ${n} on [${low}, ${high}]`);
  }
  const points = new Float64Array(n), weights = new Float64Array(n), middle = (low + high) / 2, half = (high - low) / 2;
  for (let i = 0; i < n; i++) {
    let x = n === 1 ? 0 : -Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
    for (let k = 0; k < 6 && n > 1; k++) { // Newton's iteration doubles the digits of a good start
      const [value, derivative] = legendre(n, x);
      x -= value / derivative;
    }
    const derivative = n === 1 ? 1 : legendre(n, x)[1];
    points[i] = middle + half * x;
    weights[i] = half * 2 / ((1 - x * x) * derivative * derivative);
  }
  return { points, weights };
}

/** The quadrature of a box from those of its sides: points are all combinations. */
export function productQuadrature(
  ...sides: readonly { readonly points: Float64Array; readonly weights: Float64Array }[]
): Quadrature {
  const rows = sides.reduce((total, { weights }) => total * weights.length, 1), columns = sides.length;
  const data = new Float64Array(rows * columns), weights = new Float64Array(rows).fill(1);
  for (const row of range(0, rows)) {
    let rest = row;
    for (let axis = columns - 1; axis >= 0; axis--) {
      const side = sides[axis], at = rest % side.weights.length;
      data[row * columns + axis] = side.points[at];
      weights[row] *= side.weights[at];
      rest = Math.floor(rest / side.weights.length);
    }
  }
  return { points: { rows, columns, data }, weights };
}
