/**
 * The weights in an order with a penalty: each column by itself, from the weights that it has.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import { softThreshold } from "../../proximal/mod.ts";
import { exchangePositions, type InnerFit } from "./inner_fit.ts";

/**
 * Fits the column at position k of an order, on the columns before it: from the weights w by vertex, of which those of
 * later columns are dropped. Returns its share of Q.
 */
export type ColumnFit = (order: Uint32Array, k: number, w: Vector) => number;

/** The fit of all columns. */
export function penalizedColumns(order: Uint32Array, fitColumn: ColumnFit): InnerFit {
  const d = order.length, columns = new Float64Array(d * d), losses = new Float64Array(d), trial = new Float64Array(d);
  const weightsOf = (j: number): Vector => columns.subarray(j * d, (j + 1) * d);
  const fit = (k: number): void => void (losses[order[k]] = fitColumn(order, k, weightsOf(order[k])));
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
        trial.set(weightsOf(order[k]));
        change += fitColumn(order, k, trial) - losses[order[k]];
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

/** Sweeps over a column, at most. */
const MOST_SWEEPS = 10_000;

/**
 * Minimizes `½ δᵀHδ - gᵀδ + λ |w + δ|₁` over the first k of an order by coordinate descent, where `H = scale S`;
 * changes w by δ, and g to `g - Hδ`. Returns the largest `δᵢ² Hᵢᵢ`.
 */
export function descend(
  S: Vector,
  scale: number,
  order: Uint32Array,
  k: number,
  penalty: number,
  w: Vector,
  g: Vector,
  tolerance: number,
): number {
  const d = order.length;
  let first = 0;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (let a = 0; a < k; a++) {
      const i = order[a], c = scale * S[i * (d + 1)], before = w[i];
      if (!(c > 0)) continue;
      const after = softThreshold(before + g[i] / c, penalty / c), step = after - before;
      if (step === 0) continue;
      w[i] = after;
      for (let b = 0; b < k; b++) g[order[b]] -= step * scale * S[i * d + order[b]];
      largest = Math.max(largest, step * step * c);
    }
    first = Math.max(first, largest);
    if (largest <= tolerance) break;
  }
  return first;
}
