/**
 * The condition of a matrix: how far it is from being singular, and how much a system with it magnifies errors.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";
import { lu } from "../factorizations/lu.ts";
import { norm, type NormKind } from "../matrices/norm.ts";
import { svdvals } from "../eigen/svd.ts";

/**
 * The condition `|A| |A⁺|` in a norm, the 2-norm by default, where it is `σ₁ / σₖ` and A may have any shape; infinite
 * for a matrix that is not of full rank. In other norms A is square. It takes singular values or an inverse: where an
 * estimate will do, `lu(A).reciprocalCondition()` costs less.
 *
 * @throws {ShapeError} When `A` is not square, in other norms than the 2-norm.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A matrix near a singular one
 * ```ts
 * import { cond, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(cond(matrix([[1, 0], [0, 0.001]])), 1000, 1e-9);
 * assertAlmostEquals(cond(matrix([[1, 1], [1, 1.0001]]), 1), 4.00040001e4, 1e-6);
 * ```
 */
export function cond(A: Matrix, kind: NormKind = 2): number {
  if (kind === 2) {
    const values = svdvals(A);
    return values.length === 0 ? 1 : values[0] / values[values.length - 1] || Infinity; // 0 / 0 for a zero matrix
  }
  const factors = lu(A);
  return factors.zeroPivot >= 0 ? Infinity : norm(A, kind) * norm(factors.inverse(), kind);
}
