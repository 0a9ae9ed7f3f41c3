/**
 * Preconditioning by the diagonal: `M = D`.
 *
 * @module
 */
import { type LinearOperator, scale, type SparseEntries } from "../../core/mod.ts";
import { diagonalOperator } from "../operators/mod.ts";
import { reciprocalDiagonal, squareRows } from "./square_rows.ts";

/**
 * Division by the diagonal of A, `out = D⁻¹ r`.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When a diagonal entry is zero.
 *
 * @example Rows of different sizes
 * ```ts
 * import { fromTriplets, jacobi } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [4, 1, 1, 1000]), out = new Float64Array(2);
 * jacobi(A).apply(Float64Array.of(4, 1000), out);
 * assertEquals(out, Float64Array.of(1, 1));
 * ```
 */
export function jacobi(A: SparseEntries): LinearOperator {
  return scaledJacobi(A, 1);
}

/** `out = w D⁻¹ r`. */
export function scaledJacobi(A: SparseEntries, weight: number): LinearOperator {
  const verb = "precondition by the diagonal", d = reciprocalDiagonal(verb, squareRows(verb, A));
  scale(weight, d);
  return diagonalOperator(d);
}
