// Problems that the tests of this room share.
import { fillNormal, type Instance, iterate, norm2, rng } from "../../lib/core/mod.ts";
import { adaSketchNewton, type AdaSketchOptions, type TwiceEqualityConstrained } from "../../lib/constrained/mod.ts";
import { constrainedLogisticRegression, dataset, hockSchittkowskiEqualities } from "../../lib/problems/mod.ts";

export type EqualityInstance = Instance<TwiceEqualityConstrained>;

/** Those of the set of Hock and Schittkowski with equalities alone. */
export const all: readonly EqualityInstance[] = hockSchittkowskiEqualities();

/** One of them. */
export const hs = (number: number): EqualityInstance => all.find(({ name }) => name === `HS${number}`)!;

/** The listed minimum that is nearest to a value. */
export const nearest = (minima: readonly number[], value: number): number =>
  minima.reduce((best, m) => Math.abs(m - value) < Math.abs(best - value) ? m : best);

/** 200 noisy examples in 20 variables, three equations and the sphere. */
export function smallLogistic(): EqualityInstance {
  const random = rng(7), rows = 200, columns = 20, truth = fillNormal(random, new Float64Array(columns));
  const features = fillNormal(random, new Float64Array(rows * columns)),
    noise = fillNormal(random, new Float64Array(rows));
  const targets = noise.map((e, i) => {
    for (let j = 0; j < columns; j++) e += features[i * columns + j] * truth[j] / 2;
    return e > 0 ? 1 : -1;
  });
  return constrainedLogisticRegression(dataset({ columns, features, targets }), { equations: 3 });
}

/** `|R|₂` at the start and after each step, until it is small, and the last state. */
export function residuals({ problem, start }: EqualityInstance, options: AdaSketchOptions, goal: number, most = 60) {
  const norms: number[] = [], lengths: number[] = [];
  for (const state of iterate(problem, adaSketchNewton(options), start)) {
    norms.push(norm2(state.residual));
    lengths.push(state.length);
    if (norms[norms.length - 1] <= goal || norms.length > most || state.stop) return { norms, lengths, state };
  }
  throw new Error("no state");
}
