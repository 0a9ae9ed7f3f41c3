/**
 * Stochastic gradients under a line search on their own batch.
 *
 * ```
 * η = the first of η₀, βη₀, β²η₀, … with f_B(x - ηg) <= f_B(x) - c η |g|²,   x ← x - ηg
 * η₀ = the last η times 2^(|B|/N)
 * ```
 *
 * Where the model interpolates, every batch agrees with the others, and the rates are those of full gradients.
 *
 * Source: Vaswani, Mishkin, Laradji, Schmidt, Gidel and Lacoste-Julien, Painless stochastic gradient: interpolation,
 * line-search, and convergence rates (2019), arXiv 1905.09997, algorithms 1 and 2.
 *
 * @module
 */
import {
  along,
  checkPositive,
  dot,
  type Reference,
  scale,
  type Solver,
  type Stochastic,
  type Vector,
} from "../core/mod.ts";
import { type BatchOptions, batchOptions } from "./batches.ts";
import { checkRange } from "./checks.ts";
import { optimizer, type OptimizerState } from "./optimizer.ts";
import type { Transform } from "./transform.ts";

/** Options of `searchLearningRate`. */
export interface BatchSearchOptions {
  /** `c` in [0, 1). Default 0.1. */
  readonly sufficientDecrease?: number;
  /** `β` in [0, 1). Default 0.9. */
  readonly shrink?: number;
  /** The longest η, and the first one. Default 10. */
  readonly most?: number;
}

/** The last rate. */
export interface BatchSearchState {
  /** `η`. */
  rate: number;
}

/**
 * Multiplies a gradient by the negative of the rate that the loss of its batch confirms. For a descent direction of the
 * batch, its gradient as a rule.
 *
 * @throws {DomainError} When an option is out of range.
 */
export function searchLearningRate(options: BatchSearchOptions = {}): Transform<BatchSearchState> {
  const { sufficientDecrease = 0.1, shrink = 0.9, most = 10 } = options, verb = "search for a learning rate";
  checkRange(verb, "a sufficient decrease", sufficientDecrease, 0, 1);
  checkRange(verb, "a factor", shrink, 0, 1);
  checkPositive(verb, "a rate", most);
  let trial: Vector = new Float64Array(0);
  return {
    name: "search learning rate",
    options: { sufficientDecrease, shrink, most },
    needs: ["batchValue"],
    init: () => ({ rate: most }),
    apply(u, state, context) {
      if (trial.length !== u.length) trial = new Float64Array(u.length);
      const slope = dot(context.gradient, u);
      state.rate = Math.min(most, state.rate * 2 ** context.share);
      for (; state.rate > 1e-10; state.rate *= shrink) {
        along(context.x, -state.rate, u, trial);
        if (context.valueAt(trial) <= context.value - sufficientDecrease * state.rate * slope) break;
      }
      scale(-state.rate, u);
    },
  };
}

/** Options of `sgdLineSearch`. */
export interface SgdLineSearchOptions extends BatchOptions, BatchSearchOptions {}

/** Stochastic gradients under Armijo's condition on each batch: there is no learning rate to tune. */
export function sgdLineSearch(options: SgdLineSearchOptions = {}): Solver<Stochastic, OptimizerState> {
  const reference: Reference = {
    title: "Painless stochastic gradient: interpolation, line-search, and convergence rates",
    authors: "Vaswani, Mishkin, Laradji, Schmidt, Gidel, Lacoste-Julien",
    year: 2019,
    identifier: "arXiv:1905.09997",
  };
  return optimizer({
    name: "SGD with line search",
    reference,
    transform: searchLearningRate(options),
    ...batchOptions(options),
  });
}
