/**
 * Tsallis-INF: a bandit whose regret is of the best order for costs of an adversary and for random ones.
 *
 * With cumulative estimates kᵢ of costs, c̄ the mean of the costs seen, less 1, and η = 2/√t:
 *
 * ```
 * pᵢ = 4 / (η (kᵢ/c̄ - x))²,   x < min kᵢ/c̄  such that  Σ pᵢ = 1
 * arm i is drawn from p;   kᵢ ← kᵢ + (cost - 1)/pᵢ
 * ```
 *
 * x by Newton's method, `x ← x - (Σp - 1)/(η Σp^1.5)`, from `min kᵢ/c̄ - 2/η`: there Σp >= 1, and Σp is convex in x, so
 * that the iterates fall to the root. From the other side the first step may lead beyond all kᵢ.
 *
 * Source: Zimmert and Seldin, Tsallis-INF: an optimal algorithm for stochastic and adversarial bandits (2021), arXiv
 * 1807.07623, algorithms 1 and 2; for relaxation: Khodak, Chow, Balcan and Talwalkar, Learning to Relax: Setting Solver
 * Parameters Across a Sequence of Linear System Instances (2023), arXiv 2310.02246.
 *
 * @module
 */
import { DomainError, type Rng, type Vector } from "../../core/mod.ts";
import { checkArms, checkBounds, checkFeedback, type ContextBounds, draw, type ParameterLearner } from "./learner.ts";

/** What the bandit knows. */
export interface TsallisInfState {
  /** kᵢ. */
  readonly losses: Vector;
  /** p, as of the last choice. */
  readonly probabilities: Vector;
  /** t: how often it has chosen. */
  rounds: number;
  /** How often it has learned. */
  learned: number;
  /** The sum of the costs, each less 1. */
  total: number;
}

/**
 * The bandit on d arms; contexts are ignored.
 *
 * @throws {DomainError} When d is no positive integer; in `learn` also for a cost below 1.
 *
 * @example The cheaper of two arms
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { tsallisInf } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const learner = tsallisInf(2), state = learner.init(), random = rng(1), played = [0, 0];
 * for (let t = 0; t < 1000; t++) {
 *   const arm = learner.choose(state, 0, random);
 *   played[arm]++;
 *   learner.learn(state, 0, arm, [40, 20][arm]);
 * }
 * assert(played[1] > 900);
 * ```
 */
export function tsallisInf(arms: number): ParameterLearner<TsallisInfState> {
  checkArms(arms);
  return {
    name: "tsallis-inf",
    arms,
    init: () => ({
      losses: new Float64Array(arms),
      probabilities: new Float64Array(arms),
      rounds: 0,
      learned: 0,
      total: 0,
    }),
    choose: (state, _, random) => {
      state.rounds++;
      distribute(state);
      return draw(state.probabilities, random);
    },
    learn: (state, _, arm, cost) => {
      checkFeedback(arms, arm, cost);
      state.losses[arm] += (cost - 1) / state.probabilities[arm];
      state.total += cost - 1;
      state.learned++;
    },
  };
}

/** Writes p. */
function distribute({ losses: k, probabilities: p, rounds, learned, total }: TsallisInfState): void {
  const d = p.length, eta = 2 / Math.sqrt(rounds), unit = total > 0 ? total / learned : 1;
  let least = Infinity;
  for (let i = 0; i < d; i++) least = Math.min(least, k[i] / unit);
  let x = least - 2 / eta;
  for (let step = 0; step < 100; step++) {
    let sum = 0, slope = 0;
    for (let i = 0; i < d; i++) {
      const root = 2 / (eta * (k[i] / unit - x));
      p[i] = root * root;
      sum += p[i];
      slope += p[i] * root;
    }
    const next = x - (sum - 1) / (eta * slope);
    if (!(next < x)) break; // monotone until rounding
    x = next;
  }
  let sum = 0;
  for (let i = 0; i < d; i++) sum += p[i];
  for (let i = 0; i < d; i++) p[i] /= sum;
}

/** How contexts are told apart. */
export interface ContextBinOptions extends ContextBounds {
  /** So many intervals of the same length, each with a bandit of its own. Default 5. */
  readonly bins?: number;
}

/**
 * One bandit for each interval of contexts.
 *
 * @throws {DomainError} When d or the number of bins is no positive integer, or the bounds do not rise; in `choose` and
 * `learn` for a context outside them.
 */
export function tsallisInfContextual(arms: number, options: ContextBinOptions): ParameterLearner<TsallisInfState[]> {
  const { lower, upper, bins = 5 } = options, bandit = tsallisInf(arms);
  checkBounds(options);
  checkArms(bins);
  const bin = (context: number): number => {
    if (!(context >= lower && context <= upper)) {
      throw new DomainError(`Cannot learn a parameter: expected a context in [${lower}, ${upper}], got ${context}`);
    }
    return Math.min(Math.floor((context - lower) / (upper - lower) * bins), bins - 1);
  };
  return {
    name: "tsallis-inf-contextual",
    arms,
    init: () => Array.from({ length: bins }, bandit.init),
    choose: (states, context, random: Rng) => bandit.choose(states[bin(context)], context, random),
    learn: (states, context, arm, cost) => bandit.learn(states[bin(context)], context, arm, cost),
  };
}
