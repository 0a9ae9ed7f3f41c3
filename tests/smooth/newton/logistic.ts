// Logistic regression on drawn data, with what the theory of second-order methods asks for.
import { fillNormal, type Instance, normal, rng, type TwiceSmooth, type Vector } from "../../../lib/core/mod.ts";
import { dataset, logisticRegression } from "../../../lib/problems/mod.ts";

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
