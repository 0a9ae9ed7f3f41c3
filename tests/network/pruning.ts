// Half of the weights of a network removed, in two ways.
import type { Matrix, Stochastic, Vector } from "../../lib/core/mod.ts";
import { mfac, pruneWeights } from "../../lib/linalg/mod.ts";

/** Zeros in place of the smallest weights. */
export function byMagnitude(w: Vector, count: number): Vector {
  const order = Array.from(w.keys()).sort((j, k) => Math.abs(w[j]) - Math.abs(w[k])), pruned = w.slice();
  for (const j of order.slice(0, count)) pruned[j] = 0;
  return pruned;
}

/** Gradients of the first m examples by the weights that are kept. */
function gradients(problem: Stochastic, w: Vector, m: number, kept: readonly number[]): Matrix {
  const data = new Float64Array(m * kept.length), gradient = new Float64Array(w.length);
  for (let i = 0; i < m; i++) {
    problem.batchGradient(w, Uint32Array.of(i), gradient);
    for (const [k, j] of kept.entries()) data[i * kept.length + k] = gradient[j];
  }
  return { rows: m, columns: kept.length, data };
}

/** `pruneWeights` with m gradients, in rounds of equal size with new gradients at what is left. */
export function byScores(problem: Stochastic, start: Vector, count: number, m: number, rounds: number): Vector {
  const w = start.slice();
  let kept = Array.from(w.keys());
  for (let round = 1; round <= rounds; round++) {
    const left = w.length - Math.round(count * round / rounds), part = Float64Array.from(kept, (j) => w[j]);
    const pruned = pruneWeights(mfac(gradients(problem, w, m, kept)), part, kept.length - left);
    for (const [k, j] of kept.entries()) w[j] = pruned[k];
    kept = kept.filter((_, k) => pruned[k] !== 0);
  }
  return w;
}
