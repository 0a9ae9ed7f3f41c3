/**
 * Rank and null space, by QR factorization with column pivoting.
 *
 * @module
 */
import type { Matrix } from "../core/mod.ts";
import { completeOrthogonal } from "./complete_orthogonal.ts";
import { pivotedQr, type RankOptions } from "./pivoted_qr.ts";

/**
 * The numerical rank: how many pivots of a QR factorization with column pivoting are above the tolerance times the first.
 * The smallest singular value may be below the last pivot, but for matrices made to show it hardly by more than √n.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 */
export function rank(A: Matrix, options: RankOptions = {}): number {
  return pivotedQr(A, options).rank;
}

/**
 * An orthonormal basis of the null space of an m x n matrix of rank r, n x (n - r).
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 *
 * @example The plane x + y + z = 0
 * ```ts
 * import { matmul, matrix, norm, nullspace } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 1, 1]]), N = nullspace(A);
 * assertEquals([N.rows, N.columns], [3, 2]);
 * assert(norm(matmul(A, N)) < 1e-15);
 * ```
 */
export function nullspace(A: Matrix, options: RankOptions = {}): Matrix {
  return completeOrthogonal(A, options).nullspace;
}
