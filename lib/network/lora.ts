/**
 * Low-rank adaptation of the weights that make queries.
 *
 * ```
 * Q = X (W + (α/r) B A),  X: n x D, B: D x r, A: r x d       dB = (α/r) Xᵀ (dQ Aᵀ),   dA = (α/r) (X B)ᵀ dQ
 * ```
 *
 * With `dQ` from `lowRankAttentionGradient` no matrix of n x n entries is formed on the way.
 *
 * Source: Hu, Su, Kuo, Song and Liu, Computational Limits of Low-Rank Adaptation (LoRA) for Transformer-Based Models
 * (2024), arXiv 2406.03136.
 *
 * @module
 */
import { type Matrix, ShapeError } from "../core/mod.ts";
import { add, matmul, scale, transpose } from "../linalg/mod.ts";

/** An adaptation `W + (α/r) B A` of the D x d weights W. */
export interface Adaptation {
  /** r x d. */
  readonly A: Matrix;
  /** D x r. */
  readonly B: Matrix;
  /** The factor α. */
  readonly alpha: number;
}

/**
 * The adapted queries `X (W + (α/r) B A)`.
 *
 * @throws {ShapeError} When the shapes do not fit.
 */
export function adaptedQueries(X: Matrix, W: Matrix, { A, B, alpha }: Adaptation): Matrix {
  return add(matmul(X, W), scale(matmul(matmul(X, B), A), alpha / A.rows));
}

/**
 * The gradients by `A` and `B` from the gradient `dQ` by the queries.
 *
 * @throws {ShapeError} When the shapes do not fit.
 */
export function loraGradient(X: Matrix, { A, B, alpha }: Adaptation, dQ: Matrix): { A: Matrix; B: Matrix } {
  if (X.rows !== dQ.rows || X.columns !== B.rows || A.columns !== dQ.columns || A.rows !== B.columns) {
    throw new ShapeError(
      "Cannot differentiate an adaptation: expected X: n x D, B: D x r, A: r x d, dQ: n x d, got " +
        [X, B, A, dQ].map((M) => `${M.rows} x ${M.columns}`).join(", "),
    );
  }
  const factor = alpha / A.rows;
  return {
    A: scale(matmul(transpose(matmul(X, B)), dQ), factor),
    B: scale(matmul(transpose(X), matmul(dQ, transpose(A))), factor),
  };
}
