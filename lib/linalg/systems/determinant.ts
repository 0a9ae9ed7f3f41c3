/**
 * Determinants.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";
import type { LogDeterminant } from "../factorizations/factorization.ts";
import { lu } from "../factorizations/lu.ts";

/**
 * The determinant of a square matrix, by Gaussian elimination; use `slogdet` where it may over- or underflow.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or so large that elimination overflows.
 */
export function det(A: Matrix): number {
  return lu(A).determinant();
}

/**
 * The determinant of a square matrix as its sign and the logarithm of its magnitude, by Gaussian elimination.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or so large that elimination overflows.
 *
 * @example A determinant too large for a number
 * ```ts
 * import { diagonal, slogdet } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { sign, logarithm } = slogdet(diagonal([-1e200, 1e200]));
 * assertEquals(sign, -1);
 * assertAlmostEquals(logarithm, 400 * Math.log(10));
 * ```
 */
export function slogdet(A: Matrix): LogDeterminant {
  return lu(A).logDeterminant();
}
