/**
 * A column of zeros and ones on those before it by logistic regression with a penalty.
 *
 * ```
 * min 1/n Σ (log(1 + exp zᵣ) - xᵣⱼ zᵣ) + λ |w|₁,   z = X_P w
 * ```
 *
 * As the second derivative of the loss is at most ¼, each step minimizes the bound with the Hessian `¼ S_PP`, by
 * coordinate descent; the value falls in each.
 *
 * Source: Böhning and Lindsay, Monotonicity of quadratic-approximation algorithms (1988); Deng, Bello, Aragam and
 * Ravikumar, Optimizing NOTEARS objectives via topological swaps (2023), arXiv 2305.17277, for the loss.
 *
 * @module
 */
import { axpy, dot, type Matrix, type Vector } from "../../core/mod.ts";
import { transpose } from "../../linalg/mod.ts";
import { type ColumnFit, descend } from "./penalized_columns.ts";

/** Steps for a column, at most. */
const MOST_STEPS = 2000;

/** Fits for data of zeros and ones, `S = XᵀX/n`, and a penalty. */
export function logisticColumn(X: Matrix, { data: S, rows: d }: Matrix, penalty: number): ColumnFit {
  const n = X.rows, { data } = transpose(X), z = new Float64Array(n), r = new Float64Array(n), g = new Float64Array(d);
  const columnOf = (j: number): Vector => data.subarray(j * n, (j + 1) * n);
  return (order, k, w) => {
    const y = columnOf(order[k]);
    let loss = 0;
    for (let b = k; b < d; b++) w[order[b]] = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      z.fill(0);
      for (let a = 0; a < k; a++) if (w[order[a]] !== 0) axpy(w[order[a]], columnOf(order[a]), z);
      loss = 0;
      for (let i = 0; i < n; i++) {
        const e = Math.exp(-Math.abs(z[i])); // log(1 + eᶻ) = max(z, 0) + log(1 + e^-|z|)
        loss += (Math.max(z[i], 0) + Math.log1p(e) - y[i] * z[i]) / n;
        r[i] = y[i] - (z[i] > 0 ? 1 : e) / (1 + e);
      }
      for (let a = 0; a < k; a++) {
        loss += penalty * Math.abs(w[order[a]]);
        g[order[a]] = dot(columnOf(order[a]), r) / n;
      }
      if (!(descend(S, 1 / 4, order, k, penalty, w, g, 1e-18) > 1e-16)) break;
    }
    return loss;
  };
}
