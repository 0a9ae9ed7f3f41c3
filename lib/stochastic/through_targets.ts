/**
 * Stochastic problems from a model and the losses of what it predicts.
 *
 * @module
 */
import type { Targets, TargetStochastic } from "../core/mod.ts";

/**
 * The problem of minimizing the mean of `ℓᵢ(zᵢ(x))`: gradients are `1/B Σ Jᵢᵀ∇ℓᵢ`. Its oracles share room, so one must
 * not be called inside another.
 *
 * @param name For tables.
 * @param dimension The number of parameters.
 * @param examples Their number N.
 * @param targets The way from parameters to losses.
 */
export function throughTargets(name: string, dimension: number, examples: number, targets: Targets): TargetStochastic {
  let z = new Float64Array(0), slopes = z;
  const room = (batch: Uint32Array): void => {
    const size = batch.length * targets.perExample;
    if (z.length !== size) [z, slopes] = [new Float64Array(size), new Float64Array(size)];
  };
  return {
    kind: "stochastic",
    name,
    dimension,
    examples,
    targets,
    batchValue: (x, batch) => {
      room(batch);
      targets.predict(x, batch, z);
      return targets.loss(z, batch);
    },
    batchGradient: (x, batch, out) => {
      room(batch);
      targets.predict(x, batch, z);
      const value = targets.lossGradient(z, batch, slopes);
      for (let k = 0; k < slopes.length; k++) slopes[k] /= batch.length;
      targets.pullBack(x, batch, slopes, out);
      return value;
    },
  };
}
