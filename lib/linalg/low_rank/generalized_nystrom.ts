/**
 * The generalized Nyström method: a matrix of low rank from random combinations of its columns and rows.
 *
 * ```
 * X: n x k, Y: m x l Gaussian, l = ⌈1.5 k⌉       A ≈ A X (YᵀA X)⁺ YᵀA = (A X Π R⁻¹) (QᵀYᵀA),   YᵀA X Π = Q R
 * ```
 *
 * Two products with A, which need not be kept. Pivots of R below 1e-12 of the first are dropped with their columns:
 * then the rank of A is smaller than k.
 *
 * Source: Nakatsukasa, Fast and stable randomized low-rank matrix approximation (2020), arXiv 2009.11392; Karpowicz, A
 * theory of meta-factorization (2021), arXiv 2111.14385.
 *
 * @module
 */
import { fillNormal, type Matrix, type Rng, rng } from "../../core/mod.ts";
import { checkFinite } from "../matrices/checks.ts";
import { checkRank } from "./cur.ts";
import { matmul } from "../matrices/matmul.ts";
import { identity, matrix, transpose } from "../matrices/matrix.ts";
import type { MetaFactorization } from "./meta_factorization.ts";
import { pivotedQr } from "../factorizations/pivoted_qr.ts";
import { solveTriangular } from "../matrices/triangular.ts";

/** Options of `generalizedNystrom`. */
export interface NystromOptions {
  /** Makes the combinations. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/**
 * An approximation of A of rank at most k; for a target rank r take k = r + 5 or more.
 *
 * @throws {DomainError} When k is no integer in 1 … min(m, n), or an entry is not finite.
 *
 * @example A matrix of rank 2 from 3 random combinations
 * ```ts
 * import { generalizedNystrom, matrix, norm, reconstruct, subtract } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 2, 3, 4], [2, 4, 6, 8], [1, 0, 1, 0]]), factors = generalizedNystrom(A, 3);
 * assertEquals(factors.G.rows, 2);
 * assert(norm(subtract(reconstruct(factors), A)) < 1e-12);
 * ```
 */
export function generalizedNystrom(A: Matrix, k: number, options: NystromOptions = {}): MetaFactorization {
  const verb = "approximate a matrix", { generator = rng(0) } = options, { rows: m, columns: n } = A;
  checkRank(verb, A, k);
  checkFinite(verb, A);
  const gaussian = (rows: number, columns: number): Matrix => ({
    rows,
    columns,
    data: fillNormal(generator, new Float64Array(rows * columns)),
  });
  const AX = matmul(A, gaussian(n, k)), Yt = gaussian(Math.min(m, Math.ceil(1.5 * k)), m), YtA = matmul(Yt, A);
  const core = pivotedQr(matmul(Yt, AX), { tolerance: 1e-12 }), { rank, permutation, R, Q } = core;
  const chosen = matrix(rank, m), leading = matrix(rank, rank), basis = matrix(rank, Q.rows), columns = transpose(AX);
  for (let i = 0; i < rank; i++) { // transposed: rows are columns of A X and of Q
    const from = permutation[i] * m;
    chosen.data.set(columns.data.subarray(from, from + m), i * m);
    leading.data.set(R.data.subarray(i * k, i * k + rank), i * rank);
    for (let j = 0; j < Q.rows; j++) basis.data[i * Q.rows + j] = Q.data[j * Q.columns + i];
  }
  const F = transpose(solveTriangular(leading, chosen, { transpose: true })); // A X Π R⁻¹
  return { F, G: identity(rank), H: transpose(matmul(basis, YtA)) };
}
