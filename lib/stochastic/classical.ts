/**
 * The classical optimizers, as chains of transformations.
 *
 * ```
 * SGD       x ← x - ηg
 * momentum  v = βv + g,  x ← x - ηv;   Nesterov's x ← x - η(g + βv)
 * Adagrad   s += g²,  x ← x - ηg/(√s + ε)
 * RMSProp   v = αv + (1-α)g²,  x ← x - ηg/(√v + ε)
 * Adam      x ← x - ηm̂/(√v̂ + ε)
 * AdamW     x ← x - η(m̂/(√v̂ + ε) + λx)
 * ```
 *
 * Source: Robbins and Monro, A stochastic approximation method (1951); Polyak (1964); Nesterov (1983); Duchi, Hazan and
 * Singer (2011); Tieleman and Hinton (2012); Kingma and Ba (2014), arXiv 1412.6980; Loshchilov and Hutter (2017), arXiv
 * 1711.05101.
 *
 * @module
 */
import type { Reference, Solver, Stochastic } from "../core/mod.ts";
import { type BatchOptions, batchOptions } from "./batches.ts";
import { optimizer, type OptimizerState } from "./optimizer.ts";
import {
  type AdamScaling,
  addDecayedWeights,
  type RmsOptions,
  scaleByAdagrad,
  scaleByAdam,
  scaleByLearningRate,
  scaleByRms,
  trace,
  type TraceOptions,
} from "./scaling.ts";
import type { Schedule } from "./schedule.ts";
import { chain, type Transform } from "./transform.ts";

/** What every optimizer takes. */
export interface LearningOptions extends BatchOptions {
  /** `η`, a number or a schedule. */
  readonly learningRate?: Schedule | number;
}

function make(
  name: string,
  reference: Reference,
  options: BatchOptions,
  ...parts: readonly Transform[]
): Solver<Stochastic, OptimizerState> {
  return optimizer({ name, reference, transform: chain(...parts), ...batchOptions(options) });
}

/**
 * Stochastic gradient descent. The learning rate is 0.1 by default.
 *
 * @example A mean
 * ```ts
 * import { evaluations, solve, type Stochastic } from "@gradus/gradus/core";
 * import { inverseSquareRoot, sgd } from "@gradus/gradus/stochastic";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const batchValue = (x: Float64Array, batch: Uint32Array) =>
 *   batch.reduce((s, i) => s + (x[0] - i) ** 2 / 2, 0) / batch.length;
 * const means: Stochastic = {
 *   kind: "stochastic",
 *   dimension: 1,
 *   examples: 10,
 *   batchValue,
 *   batchGradient: (x, batch, out) => {
 *     out[0] = batch.reduce((s, i) => s + x[0] - i, 0) / batch.length;
 *     return batchValue(x, batch);
 *   },
 * };
 * const { x } = solve(means, sgd({ learningRate: inverseSquareRoot(0.5), batchSize: 2 }), {
 *   start: [0],
 *   stop: evaluations(100),
 * });
 * assertAlmostEquals(x[0], 4.5, 0.2);
 * ```
 */
export function sgd(options: LearningOptions = {}): Solver<Stochastic, OptimizerState> {
  const reference: Reference = {
    title: "A stochastic approximation method",
    authors: "Robbins, Monro",
    year: 1951,
    identifier: "doi:10.1214/aoms/1177729586",
  };
  return make("SGD", reference, options, scaleByLearningRate(options.learningRate ?? 0.1));
}

/** Options of `momentum`. */
export interface MomentumOptions extends LearningOptions, TraceOptions {}

/** Stochastic gradients with momentum β = 0.9, Polyak's or Nesterov's. The learning rate is 0.01 by default. */
export function momentum(options: MomentumOptions = {}): Solver<Stochastic, OptimizerState> {
  const { learningRate = 0.01, nesterov = false } = options;
  const reference: Reference = nesterov
    ? {
      title: "On the importance of initialization and momentum in deep learning",
      authors: "Sutskever, Martens, Dahl, Hinton",
      year: 2013,
      identifier: "PMLR 28(3):1139-1147",
    }
    : {
      title: "Some methods of speeding up the convergence of iteration methods",
      authors: "Polyak",
      year: 1964,
      identifier: "doi:10.1016/0041-5553(64)90137-5",
    };
  const name = nesterov ? "SGD with Nesterov's momentum" : "SGD with momentum";
  return make(name, reference, options, trace(options), scaleByLearningRate(learningRate));
}

/** Options of `adagrad`. */
export interface AdagradOptions extends LearningOptions {
  /** ε. Default 1e-10. */
  readonly epsilon?: number;
}

/** Adagrad. The learning rate is 0.01 by default. */
export function adagrad(options: AdagradOptions = {}): Solver<Stochastic, OptimizerState> {
  const reference: Reference = {
    title: "Adaptive subgradient methods for online learning and stochastic optimization",
    authors: "Duchi, Hazan, Singer",
    year: 2011,
    identifier: "JMLR 12:2121-2159",
  };
  const { learningRate = 0.01, epsilon } = options;
  return make("Adagrad", reference, options, scaleByAdagrad(epsilon), scaleByLearningRate(learningRate));
}

/** Options of `rmsprop`. */
export interface RmspropOptions extends LearningOptions, RmsOptions {}

/** RMSProp. The learning rate is 0.01 by default. */
export function rmsprop(options: RmspropOptions = {}): Solver<Stochastic, OptimizerState> {
  const reference: Reference = {
    title: "Lecture 6.5: RMSProp, divide the gradient by a running average of its recent magnitude",
    authors: "Tieleman, Hinton",
    year: 2012,
    identifier: "Neural Networks for Machine Learning",
  };
  return make("RMSProp", reference, options, scaleByRms(options), scaleByLearningRate(options.learningRate ?? 0.01));
}

/** Options of `adam`. */
export interface AdamOptions extends LearningOptions, AdamScaling {}

/** Adam. The learning rate is 0.001 by default. */
export function adam(options: AdamOptions = {}): Solver<Stochastic, OptimizerState> {
  const reference: Reference = {
    title: "Adam: a method for stochastic optimization",
    authors: "Kingma, Ba",
    year: 2014,
    identifier: "arXiv:1412.6980",
  };
  return make("Adam", reference, options, scaleByAdam(options), scaleByLearningRate(options.learningRate ?? 1e-3));
}

/** Options of `adamW`. */
export interface AdamWOptions extends AdamOptions {
  /** `λ`. Default 0.01. */
  readonly weightDecay?: number;
}

/** Adam with decoupled weight decay. The learning rate is 0.001 by default. */
export function adamW(options: AdamWOptions = {}): Solver<Stochastic, OptimizerState> {
  const reference: Reference = {
    title: "Decoupled weight decay regularization",
    authors: "Loshchilov, Hutter",
    year: 2017,
    identifier: "arXiv:1711.05101",
  };
  const { learningRate = 1e-3, weightDecay = 0.01 } = options;
  const parts = [scaleByAdam(options), addDecayedWeights(weightDecay), scaleByLearningRate(learningRate)];
  return make("AdamW", reference, options, ...parts);
}
