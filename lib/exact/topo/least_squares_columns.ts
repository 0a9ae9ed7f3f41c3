/**
 * The weights in an order by least squares: Cholesky's factor, and what swaps make of it.
 *
 * ```
 * S in the order = L Lᵀ,   I - W = L⁻ᵀ diag(L),   Q = ½ Σ Lₖₖ²
 * ```
 *
 * Exchanging the positions p < q changes the predecessors of the columns from p to q alone. Their change of Q is read
 * off the diagonal of L after adjacent rows, from q up to p and from p + 1 down to q, have been exchanged one after
 * another: each exchange takes one rotation.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 4.2 and 6.5.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { cholesky, matrix, solveTriangular } from "../../linalg/mod.ts";
import { exchangePositions, type InnerFit } from "./inner_fit.ts";

/** The fit of covariances, positive definite ones. */
export function leastSquaresColumns(S: Matrix, order: Uint32Array): InnerFit {
  const d = S.rows, inOrder = matrix(d, d), work = new Float64Array(d * d);
  const factor = (): Matrix => {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) inOrder.data[a * d + b] = S.data[order[a] * d + order[b]];
    }
    return cholesky(inOrder).L;
  };
  let L = factor();
  return {
    order,
    value: () => sumOfPivots(L.data, d, 0, d) / 2,
    weights: () => {
      const diagonal = matrix(d, d), W = matrix(d, d);
      for (let k = 0; k < d; k++) diagonal.data[k * (d + 1)] = L.data[k * (d + 1)];
      const rest = solveTriangular(L, diagonal, { lower: true, transpose: true });
      for (let a = 0; a < d; a++) {
        for (let b = a + 1; b < d; b++) W.data[order[a] * d + order[b]] = -rest.data[a * d + b];
      }
      return W;
    },
    change: (p, q) => {
      const r = q - p + 1;
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) work[a * r + b] = L.data[(p + a) * d + p + b];
      }
      const before = sumOfPivots(work, r, 0, r);
      for (let k = r - 2; k >= 0; k--) exchangeAdjacent(work, r, k);
      for (let k = 1; k < r - 1; k++) exchangeAdjacent(work, r, k);
      return (sumOfPivots(work, r, 0, r) - before) / 2;
    },
    exchange: (pairs) => {
      exchangePositions(order, pairs);
      L = factor();
    },
  };
}

/** `Σ Lₖₖ²`. */
function sumOfPivots(L: Vector, d: number, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += L[k * (d + 1)] ** 2;
  return sum;
}

/** The factor after rows k and k + 1 of the matrix, and columns, are exchanged: a rotation of two columns. */
function exchangeAdjacent(L: Vector, r: number, k: number): void {
  const up = k * r, down = up + r;
  for (let j = 0; j <= k + 1; j++) {
    const above = L[up + j];
    L[up + j] = L[down + j];
    L[down + j] = above;
  }
  const length = Math.sqrt(L[up + k] ** 2 + L[up + k + 1] ** 2), c = L[up + k] / length, s = L[up + k + 1] / length;
  for (let i = k; i < r; i++) {
    const x = L[i * r + k], y = L[i * r + k + 1];
    L[i * r + k] = c * x + s * y;
    L[i * r + k + 1] = c * y - s * x;
  }
}
