// The data of the tests of coordinate methods.
import { type Instance, normal, rng, type SparseMatrix, uniform } from "../../lib/core/mod.ts";
import { fromTriplets } from "../../lib/linalg/mod.ts";
import { blockLeastSquares, type Dataset, dataset, nonnegativeLeastSquares } from "../../lib/problems/mod.ts";
import type { BlockComposite } from "../../lib/splitting/mod.ts";

/** Entries N(1, 1) x 10 N(0, 1) for each column, kept with probability 10 log n/n; a tenth of the coefficients are not 0. */
export function badlyScaled(rows = 200, columns = 1000, seed = 0): Dataset {
  const random = rng(seed), scales = Array.from({ length: columns }, () => 10 * normal(random));
  const features = new Float64Array(rows * columns), density = 10 * Math.log(rows) / rows;
  for (let k = 0; k < features.length; k++) {
    const entry = (normal(random) + 1) * scales[k % columns];
    if (uniform(random) < density) features[k] = entry;
  }
  return dataset({ columns, features, targets: targetsOf(features, rows, columns, random, 1, 0.1) });
}

/** Standard normal features; a share of the coefficients, a tenth by default, is between 1 and 2, with noise. */
export function wellScaled(rows: number, columns: number, seed = 0, share = 0.1): Dataset {
  const random = rng(seed), features = Float64Array.from({ length: rows * columns }, () => normal(random));
  return dataset({ columns, features, targets: targetsOf(features, rows, columns, random, 0.1, share) });
}

function targetsOf(
  features: Float64Array,
  rows: number,
  columns: number,
  random: Uint32Array,
  noise: number,
  share: number,
): Float64Array {
  const w = Float64Array.from({ length: columns }, () => uniform(random) < share ? 1 + uniform(random) : 0);
  return Float64Array.from({ length: rows }, (_, i) => {
    let s = noise * normal(random);
    for (let j = 0; j < columns; j++) s += features[i * columns + j] * w[j];
    return s;
  });
}

/** Least squares on badly scaled data. */
export const regression = (): ReturnType<typeof blockLeastSquares> => blockLeastSquares(badlyScaled());

/** Nonnegative least squares with a 1-norm whose solution has about a tenth of the coefficients. */
export function sparseNonnegative(seed = 0): Instance<BlockComposite> {
  return nonnegativeLeastSquares(wellScaled(100, 200, seed), 0.1);
}

/** A lattice with random weights between ½ and 3/2. */
export function lattice(side: number, random: Uint32Array): SparseMatrix {
  const rows: number[] = [], columns: number[] = [], weights: number[] = [];
  const join = (i: number, j: number): void => {
    const w = 0.5 + uniform(random);
    rows.push(i, j);
    columns.push(j, i);
    weights.push(w, w);
  };
  for (let i = 0; i < side * side; i++) {
    if (i % side < side - 1) join(i, i + 1);
    if (i < side * (side - 1)) join(i, i + side);
  }
  return fromTriplets(side * side, side * side, rows, columns, weights);
}

/** A label ±1 for a node in fifty, NaN for the others. */
export function fewLabels(nodes: number, random: Uint32Array): Float64Array {
  return Float64Array.from({ length: nodes }, () => uniform(random) >= 0.02 ? NaN : uniform(random) < 0.5 ? -1 : 1);
}
