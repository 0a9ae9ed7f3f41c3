/**
 * The M-FAC optimizer: steps along `F⁻¹g`, F the empirical Fisher matrix of the last m batch gradients.
 *
 * ```
 * g = ∇f_B(x) + λw x,   F = λI + (1/m) Σ gᵢgᵢᵀ over the last m gradients, g the newest of them
 * u = F⁻¹g,   v = βv + (1-β)u,   x ← x - ηv
 * ```
 *
 * The window starts empty, `F = λI`; a gradient that is not finite has no place in it. A step costs O(m n + m³).
 *
 * Source: Frantar, Kurtic and Alistarh, M-FAC: Efficient Matrix-Free Approximations of Second-Order Information (2021),
 * arXiv 2107.03356, section 3.2 and appendix.
 *
 * @module
 */
import type { Reference, Solver, Stochastic, Vector } from "../core/mod.ts";
import {
  type MfacWindow,
  mfacWindow,
  type MfacWindowOptions,
  multiplyInverseFisher,
  replaceGradient,
} from "../linalg/mod.ts";
import { batchOptions } from "./batches.ts";
import { checkRange } from "./checks.ts";
import type { LearningOptions } from "./classical.ts";
import { optimizer, type OptimizerState } from "./optimizer.ts";
import { addDecayedWeights, scaleByLearningRate } from "./scaling.ts";
import { chain, type Transform } from "./transform.ts";

/**
 * Multiplies by the inverse Fisher matrix of the last m directions, the one at hand among them. State: (m + 1)n floats
 * and O(m²).
 *
 * @throws {DomainError} When m is not a positive integer or λ is not positive.
 */
export function scaleByInverseFisher(options: MfacWindowOptions = {}): Transform<MfacWindow> {
  mfacWindow(1, options);
  const { size = 32, damping = 1e-5 } = options;
  let product = new Float64Array(0); // room, used within a step alone
  return {
    name: "scale by inverse Fisher matrix",
    options: { size, damping },
    init: ({ length }) => mfacWindow(length, options),
    apply(u, window) {
      if (product.length !== u.length) product = new Float64Array(u.length);
      replaceGradient(window, u);
      multiplyInverseFisher(window, u, product);
      u.set(product);
    },
  };
}

/** The mean of the directions so far, older ones for less: `v = βv + (1-β)u`. State: n floats. */
export function movingAverage(decay: number): Transform<{ readonly v: Vector }> {
  checkRange("average directions", "a decay", decay, 0, 1);
  return {
    name: "moving average",
    options: { decay },
    init: ({ length }) => ({ v: new Float64Array(length) }),
    apply(u, { v }) {
      for (let i = 0; i < u.length; i++) u[i] = v[i] = decay * v[i] + (1 - decay) * u[i];
    },
  };
}

/** Options of `mfacOptimizer`. */
export interface MfacOptimizerOptions extends LearningOptions, MfacWindowOptions {
  /** β in [0, 1). Default 0. */
  readonly momentum?: number;
  /** λw, which is part of the gradient. Default 0. */
  readonly weightDecay?: number;
}

/**
 * The M-FAC optimizer. The learning rate is 0.001 by default; where λ is small compared with the squares of gradients
 * it has to be, too.
 *
 * @example The mean of points that differ in scale
 * ```ts
 * import { evaluations, solve, type Stochastic, type Vector } from "@gradus/gradus/core";
 * import { linearDecay, mfacOptimizer } from "@gradus/gradus/stochastic";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const scales = [1, 0.01], batchValue = (x: Vector, batch: Uint32Array) =>
 *   batch.reduce((s, i) => s + scales.reduce((t, a, j) => t + a * (x[j] - i) ** 2 / 2, 0), 0) / batch.length;
 * const points: Stochastic = {
 *   kind: "stochastic",
 *   dimension: 2,
 *   examples: 9,
 *   batchValue,
 *   batchGradient: (x, batch, out) => {
 *     for (let j = 0; j < 2; j++) out[j] = scales[j] * batch.reduce((s, i) => s + x[j] - i, 0) / batch.length;
 *     return batchValue(x, batch);
 *   },
 * };
 * const solver = mfacOptimizer({ learningRate: linearDecay(0.3, 300), damping: 1e-3, batchSize: 3 });
 * const { x } = solve(points, solver, { start: [0, 0], stop: evaluations(100) });
 * x.forEach((v) => assertAlmostEquals(v, 4, 0.3));
 * ```
 */
export function mfacOptimizer(options: MfacOptimizerOptions = {}): Solver<Stochastic, OptimizerState> {
  const { learningRate = 1e-3, momentum = 0, weightDecay = 0 } = options;
  const reference: Reference = {
    title: "M-FAC: Efficient Matrix-Free Approximations of Second-Order Information",
    authors: "Frantar, Kurtic, Alistarh",
    year: 2021,
    identifier: "arXiv:2107.03356",
  };
  return optimizer({
    name: "M-FAC",
    reference,
    transform: chain(
      ...(weightDecay === 0 ? [] : [addDecayedWeights(weightDecay)]),
      scaleByInverseFisher(options),
      ...(momentum === 0 ? [] : [movingAverage(momentum)]),
      scaleByLearningRate(learningRate),
    ),
    ...batchOptions(options),
  });
}
