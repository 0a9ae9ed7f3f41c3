/**
 * Rank and null space, by singular values.
 *
 * @module
 */
import { DomainError, type Matrix, type Vector } from "../../core/mod.ts";
import { matrix } from "../matrices/matrix.ts";
import { svd, svdvals } from "../eigen/svd.ts";

/** Options of what counts as zero. */
export interface RankOptions {
  /**
   * What is not larger than so many times the largest counts as zero: singular values, or pivots of a factorization
   * with pivoting. By default max(m, n) 2⁻⁵².
   */
  readonly tolerance?: number;
}

/** The tolerance of the options, or the default for a matrix. */
export function rankTolerance(A: Matrix, { tolerance = Math.max(A.rows, A.columns) * 2 ** -52 }: RankOptions): number {
  if (tolerance >= 0 && tolerance < 1) return tolerance;
  throw new DomainError(`Cannot decide on a rank: expected a tolerance within [0, 1), got ${tolerance}`);
}

/** How many of the values, in descending order, are above the tolerance times the first. */
export function countAbove(values: Vector, tolerance: number): number {
  let rank = 0;
  while (rank < values.length && values[rank] > tolerance * values[0]) rank++;
  return rank;
}

/**
 * The numerical rank: how many singular values are above the tolerance times the largest.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 *
 * @example A matrix of rank two
 * ```ts
 * import { matrix, rank } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rank(matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]])), 2);
 * ```
 */
export function rank(A: Matrix, options: RankOptions = {}): number {
  return countAbove(svdvals(A), rankTolerance(A, options));
}

/**
 * An orthonormal basis of the null space of an m x n matrix of rank r, n x (n - r): the right singular vectors whose
 * singular values count as zero.
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
  const tolerance = rankTolerance(A, options), { S, V } = svd(A, { full: true }), n = A.columns;
  const rank = countAbove(S, tolerance), N = matrix(n, n - rank);
  for (let i = 0; i < n; i++) N.data.set(V.data.subarray(i * n + rank, (i + 1) * n), i * N.columns);
  return N;
}
