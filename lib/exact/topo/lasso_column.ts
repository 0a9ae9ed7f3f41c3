/**
 * A column on those before it by the lasso: coordinate descent on products of columns.
 *
 * ```
 * min ½ wᵀ S_PP w - S_Pjᵀ w + ½ Sⱼⱼ + λ |w|₁,   wᵢ ← S(wᵢ + gᵢ/Sᵢᵢ, λ/Sᵢᵢ),   g = S_Pj - S_PP w
 * ```
 *
 * Source: Friedman, Hastie and Tibshirani, Regularization paths for generalized linear models via coordinate descent
 * (2010), the covariance updates of section 2.2.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";
import { type ColumnFit, descend } from "./penalized_columns.ts";

/** Fits for covariances and a penalty. */
export function lassoColumn({ data: S, rows: d }: Matrix, penalty: number): ColumnFit {
  const g = new Float64Array(d);
  return (order, k, w) => {
    const j = order[k], variance = S[j * (d + 1)];
    for (let b = k; b < d; b++) w[order[b]] = 0;
    for (let a = 0; a < k; a++) {
      const i = order[a];
      let s = S[i * d + j];
      for (let b = 0; b < k; b++) s -= S[i * d + order[b]] * w[order[b]];
      g[i] = s;
    }
    descend(S, 1, order, k, penalty, w, g, 1e-16 * variance);
    let loss = variance / 2;
    for (let a = 0; a < k; a++) {
      const i = order[a];
      loss += penalty * Math.abs(w[i]) - w[i] * (S[i * d + j] + g[i]) / 2;
    }
    return loss;
  };
}
