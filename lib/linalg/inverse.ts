/**
 * Inverses, and how far a matrix is from having none.
 *
 * @module
 */
import type { Matrix } from "../core/mod.ts";
import { checkSquare } from "./checks.ts";
import { lu } from "./lu.ts";
import { norm, type NormKind } from "./norm.ts";

/**
 * The inverse of a square matrix, by Gaussian elimination. To solve systems use `solve`: it costs less and errs less.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or so large that elimination overflows.
 * @throws {SingularMatrixError} When a pivot is zero.
 *
 * @example An inverse
 * ```ts
 * import { inv, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inv(matrix([[0, 2], [4, 0]])), matrix([[0, 0.25], [0.5, 0]]));
 * ```
 */
export function inv(A: Matrix): Matrix {
  return lu(A).inverse();
}

/**
 * The condition `|A| |A⁻¹|` in a norm, the 1-norm by default; infinite for a singular matrix. It takes the inverse: where an
 * estimate will do, `lu(A).reciprocalCondition()` costs less.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or so large that elimination overflows.
 *
 * @example A matrix near a singular one
 * ```ts
 * import { cond, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(cond(matrix([[1, 1], [1, 1.0001]])), 4.0004e4, 1);
 * ```
 */
export function cond(A: Matrix, kind: NormKind = 1): number {
  checkSquare("take a condition", A);
  const factors = lu(A);
  return factors.zeroPivot >= 0 ? Infinity : norm(A, kind) * norm(factors.inverse(), kind);
}
