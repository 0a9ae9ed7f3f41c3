/**
 * Cholesky's factorization with pivoting of a symmetric positive semidefinite matrix of rank r: `P A Pᵀ = L Lᵀ`, L of r
 * columns. The largest entry left on the diagonal comes next.
 *
 * Source: Higham, Analysis of the Cholesky decomposition of a semi-definite matrix (1990), section 2.
 *
 * @module
 */
import { type Matrix, NotPositiveDefiniteError, type Vector } from "../../core/mod.ts";
import { exchange } from "../matrices/permutation.ts";
import { matrix } from "../matrices/matrix.ts";
import { type RankOptions, rankTolerance } from "../systems/rank.ts";
import { checkSymmetric } from "../matrices/symmetric.ts";

/** The factor of `P A Pᵀ = L Lᵀ`. */
export interface PivotedCholesky {
  /** L, n x r, lower trapezoidal. */
  readonly L: Matrix;
  /** Row i of `P A` is row `permutation[i]` of A. */
  readonly permutation: Int32Array;
  /** The rank r: how many pivots are above the tolerance times the first. */
  readonly rank: number;
}

/**
 * Factors a symmetric positive semidefinite matrix, `P A Pᵀ = L Lᵀ`, and tells its rank. With a coarse tolerance it is
 * an approximation of low rank.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, `A` is not symmetric up to `1e-8 max |aᵢⱼ|`, or the tolerance is
 * not within [0, 1).
 * @throws {NotPositiveDefiniteError} When `A` is not even semidefinite: what is left after the last pivot has an entry
 * beyond the tolerance below zero on its diagonal, or rounding cannot explain one beside it.
 *
 * @example A matrix of rank one
 * ```ts
 * import { matrix, pivotedCholesky } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const { L, rank, permutation } = pivotedCholesky(matrix([[1, 2], [2, 4]]));
 * assertEquals([rank, [...permutation]], [1, [1, 0]]);
 * assertEquals(L, matrix([[2], [1]]));
 * ```
 */
export function pivotedCholesky(A: Matrix, options: RankOptions = {}): PivotedCholesky {
  const verb = "factor a matrix by pivoted Cholesky's method", n = A.rows;
  checkSymmetric(verb, A);
  const a = A.data.slice(), permutation = Int32Array.from({ length: n }, (_, i) => i);
  const tolerance = rankTolerance(A, options);
  const rest = Float64Array.from({ length: n }, (_, i) => a[i * (n + 1)]);
  const least = tolerance * rest.reduce((m, d) => Math.max(m, d), 0);
  let rank = 0;
  for (; rank < n; rank++) {
    const k = rank;
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (rest[i] > rest[pivot]) pivot = i;
    if (!(rest[pivot] > least)) break;
    if (pivot !== k) {
      exchangeSymmetrically(n, a, k, pivot);
      exchange(rest, k, pivot, 1);
      [permutation[k], permutation[pivot]] = [permutation[pivot], permutation[k]];
    }
    const d = Math.sqrt(rest[k]), kk = k * n;
    a[kk + k] = d;
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      let s = a[row + k];
      for (let j = 0; j < k; j++) s -= a[row + j] * a[kk + j];
      s /= d;
      a[row + k] = s;
      rest[i] -= s * s;
    }
  }
  refuseIndefinite(verb, n, a, rank, least);
  const L = matrix(n, rank);
  for (let i = 0; i < n; i++) L.data.set(a.subarray(i * n, i * n + Math.min(i + 1, rank)), i * rank);
  return { L, permutation, rank };
}

/** Exchanges rows and columns k and p > k of a matrix of which the lower triangle counts. */
function exchangeSymmetrically(n: number, a: Vector, k: number, p: number): void {
  exchange(a, k * n, p * n, k);
  for (let i = k + 1; i < p; i++) exchange(a, i * n + k, p * n + i, 1);
  for (let i = p + 1; i < n; i++) exchange(a, i * n + k, i * n + p, 1);
  exchange(a, k * (n + 1), p * (n + 1), 1);
}

/**
 * Refuses a matrix whose rest `S = A₂₂ - L₂₁ L₂₁ᵀ` is not what rounding and the tolerance leave of a semidefinite one:
 * `sᵢᵢ >= 0` and `sᵢⱼ² <= sᵢᵢ sⱼⱼ`.
 */
function refuseIndefinite(verb: string, n: number, a: Vector, rank: number, least: number): void {
  const largest = rank > 0 ? a[0] * a[0] : 0, slack = 2 * Math.max(least, 10 * n * 2 ** -52 * largest);
  for (let i = rank; i < n; i++) {
    for (let j = rank; j <= i; j++) {
      let s = a[i * n + j];
      for (let k = 0; k < rank; k++) s -= a[i * n + k] * a[j * n + k];
      if (i === j ? s >= -slack : Math.abs(s) <= slack) continue;
      throw new NotPositiveDefiniteError(
        `Cannot ${verb}: expected a semidefinite matrix, got ${s} ${
          i === j ? "on" : "beside"
        } the diagonal of what is ` +
          `left after ${rank} pivots`,
        rank + 1,
      );
    }
  }
}
