/**
 * Attention in time proportional to the number of tokens, by the exponential series.
 *
 * ```
 * exp(Q Kᵀ/d) ≈ U Wᵀ  with features of rank r:        O ≈ diag(U (Wᵀ1))⁻¹ U (Wᵀ V)                       O(n r v)
 * tensors, as (k¹ ∘ k²)ᵃ = (k¹)ᵃ (k²)ᵃ:               numerator U ((W₁ᵀV₁) ∘ (W₂ᵀV₂)), denominator U ((W₁ᵀ1) ∘ (W₂ᵀ1))
 * gradient, with P ≈ U~ Wᵀ, δᵢ = dOᵢ·Oᵢ:               (P ∘ dO Vᵀ) K = (U~ ⊙ dO) ((W ⊙ V)ᵀ K)               O(n r v d)
 *   dQ = [(U~ ⊙ dO) ((W ⊙ V)ᵀ K) - diag(δ) U~ (Wᵀ K)] / d     ⊙: products of all columns, row by row (Khatri-Rao)
 *   dK = [(W ⊙ V) ((U~ ⊙ dO)ᵀ Q) - W (U~ᵀ diag(δ) Q)] / d,   dV = W (U~ᵀ dO)
 * ```
 *
 * The degree is even: then every approximate weight is positive. Accuracy is lost quickly as entries grow beyond about
 * √d; that there is no fast way in general is the other half of these papers.
 *
 * Source: Alman and Song, How to Capture Higher-order Correlations? Generalizing Matrix Softmax Attention to Kronecker
 * Computation (2023), arXiv 2310.04064; Hu, Su, Kuo, Song and Liu, Computational Limits of Low-Rank Adaptation (LoRA)
 * for Transformer-Based Models (2024), arXiv 2406.03136.
 *
 * @module
 */
import { DomainError, type Matrix } from "../core/mod.ts";
import { matmul, matrix, transpose } from "../linalg/mod.ts";
import { type AttentionGradient, checkAttention, checkOutput, checkPairs } from "./attention.ts";
import { featureCount, polyFeatures } from "./polynomial_features.ts";

/** Options of the approximations. */
export interface LowRankOptions {
  /** The degree g of the series, even. Default 4. */
  readonly degree?: number;
}

function degreeOf(verb: string, { degree = 4 }: LowRankOptions, d: number, n: number): number {
  if (!(Number.isInteger(degree) && degree >= 0 && degree % 2 === 0)) {
    throw new DomainError(`Cannot ${verb}: expected an even degree, got ${degree}`);
  }
  if (featureCount(d, degree) > n) {
    throw new DomainError(
      `Cannot ${verb}: expected a rank C(${d + degree}, ${degree}) = ${
        featureCount(d, degree)
      } up to the number of keys, ` +
        `got ${n} of them; the exact attention is cheaper`,
    );
  }
  return degree;
}

const ones = (n: number): Matrix => ({ rows: n, columns: 1, data: new Float64Array(n).fill(1) });

/** Divides each row by its entry of a column. */
function divideRows(A: Matrix, column: Matrix): Matrix {
  const data = A.data.map((a, at) => a / column.data[Math.floor(at / A.columns)]);
  return { ...A, data };
}

/**
 * An approximation of `softmaxAttention`.
 *
 * @param Q Queries, n x d.
 * @param K Keys, N x d.
 * @param V Values, N x v.
 * @throws {ShapeError} When the shapes do not fit.
 * @throws {DomainError} When the degree is odd, or the rank exceeds N.
 *
 * @example Small entries
 * ```ts
 * import { lowRankAttention, softmaxAttention } from "@gradus/gradus/network";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const Q = matrix([[0.5]]), K = matrix([[0.1], [-0.4], [0.3]]), V = matrix([[1], [2], [3]]);
 * const approximate = lowRankAttention(Q, K, V, { degree: 2 });
 * assertAlmostEquals(approximate.data[0], softmaxAttention(Q, K, V).data[0], 1e-3);
 * ```
 */
export function lowRankAttention(Q: Matrix, K: Matrix, V: Matrix, options: LowRankOptions = {}): Matrix {
  checkAttention("attend", Q, K, V);
  const { U, W } = factors("attend", Q, K, options), Wt = transpose(W);
  return divideRows(matmul(U, matmul(Wt, V)), matmul(U, matmul(Wt, ones(K.rows))));
}

function factors(verb: string, Q: Matrix, K: Matrix, options: LowRankOptions): { U: Matrix; W: Matrix } {
  const degree = degreeOf(verb, options, Q.columns, K.rows);
  return { U: polyFeatures(Q, degree), W: polyFeatures(K, degree) };
}

/**
 * An approximation of `tensorAttention`.
 *
 * @throws {ShapeError} When the shapes do not fit.
 * @throws {DomainError} When the degree is odd, or the rank exceeds the number of pairs of keys.
 */
export function lowRankTensorAttention(
  Q: Matrix,
  K1: Matrix,
  K2: Matrix,
  V1: Matrix,
  V2: Matrix,
  options: LowRankOptions = {},
): Matrix {
  checkAttention("attend", Q, K1, V1);
  checkAttention("attend", Q, K2, V2);
  checkPairs(V1, V2);
  const degree = degreeOf("attend", options, Q.columns, K1.rows * K2.rows), U = polyFeatures(Q, degree, 1);
  const W1 = transpose(polyFeatures(K1, degree, 0)), W2 = transpose(polyFeatures(K2, degree, 0));
  const values = entrywise(matmul(W1, V1), matmul(W2, V2));
  return divideRows(matmul(U, values), matmul(U, entrywise(matmul(W1, ones(K1.rows)), matmul(W2, ones(K2.rows)))));
}

function entrywise(A: Matrix, B: Matrix): Matrix {
  return { ...A, data: A.data.map((a, at) => a * B.data[at]) };
}

/** All products of a column of A with a column of B, row by row. */
function khatriRao(A: Matrix, B: Matrix): Matrix {
  const C = matrix(A.rows, A.columns * B.columns);
  for (let i = 0, at = 0; i < A.rows; i++) {
    for (let a = 0; a < A.columns; a++) {
      for (let b = 0; b < B.columns; b++, at++) C.data[at] = A.data[i * A.columns + a] * B.data[i * B.columns + b];
    }
  }
  return C;
}

/**
 * An approximation of `softmaxAttentionGradient`, without any matrix of n x N entries.
 *
 * @throws {ShapeError} When the shapes do not fit.
 * @throws {DomainError} When the degree is odd, or the rank exceeds N.
 */
export function lowRankAttentionGradient(
  Q: Matrix,
  K: Matrix,
  V: Matrix,
  dO: Matrix,
  options: LowRankOptions = {},
): AttentionGradient {
  checkAttention("differentiate attention", Q, K, V);
  checkOutput(dO, Q, V);
  const { U: features, W } = factors("differentiate attention", Q, K, options), Wt = transpose(W), d = Q.columns;
  const U = divideRows(features, matmul(features, matmul(Wt, ones(K.rows)))), Ut = transpose(U);
  const O = matmul(U, matmul(Wt, V)), delta = matmul(entrywise(dO, O), ones(V.columns));
  const scaled = (A: Matrix): Matrix => ({
    ...A,
    data: A.data.map((a, at) => a * delta.data[Math.floor(at / A.columns)]),
  });
  const UO = khatriRao(U, dO), WV = khatriRao(W, V);
  const minus = (A: Matrix, B: Matrix): Matrix => ({ ...A, data: A.data.map((a, at) => (a - B.data[at]) / d) });
  return {
    queries: minus(matmul(UO, matmul(transpose(WV), K)), scaled(matmul(U, matmul(Wt, K)))),
    keys: minus(matmul(WV, matmul(transpose(UO), Q)), matmul(W, matmul(Ut, scaled(Q)))),
    values: matmul(W, matmul(Ut, dO)),
  };
}
