/**
 * The dominant singular values, or eigenvalues, of a matrix from random combinations of its columns.
 *
 * ```
 * Q = rangeFinder(A, k + p, q),   QᵀA = U~ Σ Vᵀ,   U = Q U~          or, for symmetric A,   QᵀA Q = W Λ Wᵀ,   V = Q W
 * ```
 *
 * Source: Halko, Martinsson and Tropp, Finding structure with randomness: probabilistic algorithms for constructing
 * approximate matrix decompositions (2011), arXiv 0909.4061, algorithms 5.1 and 5.3.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { checkSquareShape } from "../matrices/checks.ts";
import { checkCount } from "../krylov/iteration.ts";
import { eigh } from "../eigen/eigh.ts";
import { matmul } from "../matrices/matmul.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import { type Svd, svd } from "../eigen/svd.ts";
import { checkMultipliable, inner, type Multipliable, multiply, multiplyTransposed } from "./block_products.ts";
import { leading, rangeFinder, type RangeOptions } from "./range_finder.ts";

/** Options of `randomizedSvd` and `randomizedEigh`. */
export interface LowRankOptions extends RangeOptions {
  /** p: so many more combinations than k are taken. Default 10. */
  readonly oversampling?: number;
  /** q. Default 2. */
  readonly powerIterations?: number;
}

/**
 * The k largest singular values of A and their vectors, approximately: `A ≈ U Σ Vᵀ`. What is known of each: the values
 * are not larger than the true ones, up to rounding.
 *
 * @throws {DomainError} When k is no integer in 1 … min(m, n), p or q no whole number, or an entry not finite.
 *
 * @example Two dominant directions of a large matrix
 * ```ts
 * import { diagonal, randomizedSvd } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { S } = randomizedSvd(diagonal(Array.from({ length: 200 }, (_, i) => 2 ** -i)), 2);
 * assertAlmostEquals(S[0], 1, 1e-12);
 * assertAlmostEquals(S[1], 0.5, 1e-12);
 * ```
 */
export function randomizedSvd(A: Multipliable, k: number, options: LowRankOptions = {}): Svd {
  const Q = basisFor("find singular values", A, k, options), { U, S, V } = svd(transpose(multiplyTransposed(A, Q)));
  return { U: matmul(Q, leading(U, k)), S: S.slice(0, k), V: leading(V, k) };
}

/** Eigenvalues and eigenvectors of a symmetric matrix of low rank. */
export interface LowRankEigen {
  /** The eigenvalues, the largest in magnitude first. */
  readonly values: Vector;
  /** In column j an eigenvector for `values[j]`; the columns are orthonormal. */
  readonly vectors: Matrix;
}

/**
 * The k eigenvalues of largest magnitude of a symmetric matrix and their vectors, approximately: `A ≈ V Λ Vᵀ`.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When k is no integer in 1 … n, p or q no whole number, or an entry not finite.
 *
 * @example The two eigenvalues of largest magnitude
 * ```ts
 * import { diagonal, randomizedEigh } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { values } = randomizedEigh(diagonal(Array.from({ length: 100 }, (_, i) => (-0.5) ** i)), 2);
 * assertAlmostEquals(values[0], 1, 1e-12);
 * assertAlmostEquals(values[1], -0.5, 1e-12);
 * ```
 */
export function randomizedEigh(A: Multipliable, k: number, options: LowRankOptions = {}): LowRankEigen {
  const verb = "find eigenvalues";
  checkSquareShape(verb, A);
  const Q = basisFor(verb, A, k, options), T = inner(Q, multiply(A, Q)), l = T.rows;
  for (let i = 0; i < l; i++) {
    for (let j = 0; j < i; j++) T.data[i * l + j] = T.data[j * l + i] = (T.data[i * l + j] + T.data[j * l + i]) / 2;
  }
  const { values, vectors } = eigh(T);
  const order = Array.from(values.keys()).sort((i, j) => Math.abs(values[j]) - Math.abs(values[i])).slice(0, k);
  const chosen = matrix(l, k);
  order.forEach((from, to) => {
    for (let i = 0; i < l; i++) chosen.data[i * k + to] = vectors.data[i * l + from];
  });
  return { values: Float64Array.from(order, (j) => values[j]), vectors: matmul(Q, chosen) };
}

function basisFor(verb: string, A: Multipliable, k: number, options: LowRankOptions): Matrix {
  const { oversampling = 10, powerIterations = 2, ...rest } = options;
  checkMultipliable(verb, A, k);
  checkCount(verb, "of columns of oversampling", oversampling);
  return rangeFinder(A, Math.min(k + oversampling, A.rows, A.columns), { ...rest, powerIterations });
}
