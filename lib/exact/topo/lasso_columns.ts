/**
 * The weights in an order by the lasso: coordinate descent on products of columns.
 *
 * ```
 * column j on its predecessors P:  min ½ wᵀ S_PP w - S_Pjᵀ w + ½ Sⱼⱼ + λ |w|₁,   wᵢ ← S(wᵢ + gᵢ/Sᵢᵢ, λ/Sᵢᵢ),  g = S_Pj - S_PP w
 * ```
 *
 * Source: Friedman, Hastie and Tibshirani, Regularization paths for generalized linear models via coordinate descent (2010), the
 * covariance updates of section 2.2.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import { softThreshold } from "../../proximal/mod.ts";
import { exchangePositions, type InnerFit } from "./inner_fit.ts";

/** Sweeps over a column, at most. */
const MOST_SWEEPS = 10_000;

/** The fit of covariances with a penalty. */
export function lassoColumns(S: Matrix, order: Uint32Array, penalty: number): InnerFit {
  const d = S.rows, columns = new Float64Array(d * d), losses = new Float64Array(d); // weights column by column, by vertex
  const trial = new Float64Array(d), g = new Float64Array(d);
  const fit = (k: number): void => {
    const j = order[k];
    losses[j] = fitColumn(S, order, k, penalty, columns.subarray(j * d, (j + 1) * d), g);
  };
  for (let k = 0; k < d; k++) fit(k);
  return {
    order,
    value: () => losses.reduce((sum, loss) => sum + loss, 0),
    weights: () => {
      const W = matrix(d, d);
      for (let j = 0; j < d; j++) for (let i = 0; i < d; i++) W.data[i * d + j] = columns[j * d + i];
      return W;
    },
    change: (p, q) => {
      let change = 0;
      exchangePositions(order, [p, q]);
      for (let k = p; k <= q; k++) {
        const j = order[k];
        trial.set(columns.subarray(j * d, (j + 1) * d));
        change += fitColumn(S, order, k, penalty, trial, g) - losses[j];
      }
      exchangePositions(order, [p, q]);
      return change;
    },
    exchange: (pairs) => {
      exchangePositions(order, pairs);
      for (let r = 0; r < pairs.length; r += 2) for (let k = pairs[r]; k <= pairs[r + 1]; k++) fit(k);
    },
  };
}

/** Fits the column at position k from the weights given, of which those of later columns are dropped; returns its share of Q. */
function fitColumn({ data: S }: Matrix, order: Uint32Array, k: number, penalty: number, w: Vector, g: Vector): number {
  const d = order.length, j = order[k], variance = S[j * (d + 1)];
  for (let b = k; b < d; b++) w[order[b]] = 0;
  for (let a = 0; a < k; a++) {
    const i = order[a];
    let s = S[i * d + j];
    for (let b = 0; b < k; b++) s -= S[i * d + order[b]] * w[order[b]];
    g[i] = s;
  }
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (let a = 0; a < k; a++) {
      const i = order[a], c = S[i * (d + 1)], before = w[i];
      if (!(c > 0)) continue;
      const after = softThreshold(before + g[i] / c, penalty / c), step = after - before;
      if (step === 0) continue;
      w[i] = after;
      for (let b = 0; b < k; b++) g[order[b]] -= step * S[i * d + order[b]];
      largest = Math.max(largest, step * step * c);
    }
    if (largest <= 1e-16 * variance) break;
  }
  let loss = variance / 2;
  for (let a = 0; a < k; a++) {
    const i = order[a];
    loss += penalty * Math.abs(w[i]) - w[i] * (S[i * d + j] + g[i]) / 2;
  }
  return loss;
}
