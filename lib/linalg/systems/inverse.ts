/**
 * Inverses.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";
import { lu } from "../factorizations/lu.ts";

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
