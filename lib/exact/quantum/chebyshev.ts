/**
 * Chebyshev series `p(x) = Σ cₖ Tₖ(x)` at numbers and at matrices.
 *
 * ```
 * Clenshaw:  uₖ = cₖ + 2x uₖ₊₁ - uₖ₊₂,   p(x) = u₀ - x u₁
 * ```
 *
 * Source: Clenshaw, A note on the summation of Chebyshev series, Mathematics of Computation 9 (1955) 118-120.
 *
 * @module
 */
import { DomainError, type LinearOperator, ShapeError, type Vector } from "../../core/mod.ts";

/** The value of the series with coefficients `c` at `x`. */
export function chebyshevValue(c: Vector, x: number): number {
  let u = 0, next = 0;
  for (let k = c.length - 1; k >= 0; k--) [u, next] = [c[k] + 2 * x * u - next, u];
  return u - x * next;
}

/**
 * `p(A) b` for a symmetric operator with its spectrum in [-1, 1]: as many products with `A` as the degree. This is what
 * a classical computer does in place of a quantum singular value transformation.
 *
 * @throws {ShapeError} When `A` is not square, or `b` has another length.
 *
 * @example T₂(A) = 2A² - I
 * ```ts
 * import { chebyshevApply } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const half = {
 *   rows: 2,
 *   columns: 2,
 *   apply: (x: Float64Array, out: Float64Array) => out.set(x.map((xi) => xi / 2)),
 *   applyTranspose: (x: Float64Array, out: Float64Array) => out.set(x.map((xi) => xi / 2)),
 * };
 * assertEquals([...chebyshevApply(Float64Array.of(0, 0, 1), half, Float64Array.of(2, 4))], [-1, -2]);
 * ```
 */
export function chebyshevApply(c: Vector, A: LinearOperator, b: Vector): Vector {
  const n = b.length;
  if (A.rows !== A.columns || A.columns !== n) {
    throw new ShapeError(
      `Cannot apply a polynomial of a matrix: expected a square matrix and a vector of its order, got ` +
        `${A.rows} x ${A.columns} and ${n}`,
    );
  }
  let u = new Float64Array(n), next = new Float64Array(n), product = new Float64Array(n);
  for (let k = c.length - 1; k >= 0; k--) {
    A.apply(u, product);
    const twice = k === 0 ? 1 : 2; // the last step gives u₀ - x u₁
    for (let i = 0; i < n; i++) product[i] = c[k] * b[i] + twice * product[i] - next[i];
    [u, next, product] = [product, u, next];
  }
  return u;
}

/** The parity of a series: 0 if all odd coefficients are 0, 1 if all even ones are. */
export function parityOf(verb: string, c: Vector): 0 | 1 {
  const odd = c.some((a, k) => k % 2 === 1 && a !== 0), even = c.some((a, k) => k % 2 === 0 && a !== 0);
  if (odd && even) {
    throw new DomainError(`Cannot ${verb}: expected an even or an odd polynomial, got one with both parts`);
  }
  return odd ? 1 : 0;
}
