// Logistic regression on drawn data, with what the theory of second-order methods asks for.
import {
  axpy,
  dot,
  fillNormal,
  type Instance,
  normal,
  rng,
  type TwiceSmooth,
  type Vector,
} from "../../../lib/core/mod.ts";
import { dataset, logisticRegression } from "../../../lib/problems/mod.ts";
import type { TwiceStochastic } from "../../../lib/smooth/mod.ts";

/** Sizes and options. */
interface Drawn {
  readonly rows: number;
  readonly columns: number;
  readonly ridge: number;
  readonly seed?: number;
  /** The scale of column j; default 1. */
  readonly scale?: (j: number) => number;
}

/** Normal features, labels by a normal vector with noise; with the features and the bound of the third derivatives. */
export function drawnLogistic(
  { rows, columns, ridge, seed = 1, scale = () => 1 }: Drawn,
): Instance<TwiceSmooth> & { readonly features: Vector; readonly targets: Vector; readonly lipschitz: number } {
  const random = rng(seed), features = fillNormal(random, new Float64Array(rows * columns));
  const w = fillNormal(random, new Float64Array(columns)), targets = new Float64Array(rows);
  let lipschitz = 0;
  for (let i = 0; i < rows; i++) {
    let z = normal(random), square = 0;
    for (let j = 0; j < columns; j++) {
      z += features[i * columns + j] * w[j];
      features[i * columns + j] *= scale(j);
      square += features[i * columns + j] ** 2;
    }
    targets[i] = z > 0 ? 1 : -1;
    lipschitz += square ** 1.5 / (6 * Math.sqrt(3) * rows); // |σ''| <= 1/(6√3)
  }
  const instance = logisticRegression(dataset({ features, columns, targets }), { regularization: ridge });
  return { ...instance, features, targets, lipschitz };
}

/** The mean of logistic losses without ridge, as a problem of which batches are seen. */
export function drawnMean(features: Vector, targets: Vector): TwiceStochastic {
  const examples = targets.length,
    n = features.length / examples,
    row = (i: number): Vector => features.subarray(i * n, i * n + n);
  const margin = (x: Vector, i: number): number => targets[i] * dot(row(i), x);
  const batchValue = (x: Vector, batch: Uint32Array): number =>
    batch.reduce((sum, i) => sum + Math.log1p(Math.exp(-margin(x, i))), 0) / batch.length;
  return {
    kind: "stochastic",
    dimension: n,
    examples,
    batchValue,
    batchGradient: (x, batch, out) => {
      out.fill(0);
      for (const i of batch) axpy(-targets[i] / (1 + Math.exp(margin(x, i))) / batch.length, row(i), out);
      return batchValue(x, batch);
    },
    batchHessianVector: (x, batch, v, out) => {
      out.fill(0);
      for (const i of batch) {
        const e = Math.exp(-Math.abs(margin(x, i)));
        axpy(e / (1 + e) ** 2 * dot(row(i), v) / batch.length, row(i), out);
      }
    },
  };
}
