/**
 * ChebCB: a contextual bandit that takes the cost of each arm for a short Chebyshev series in the context.
 *
 * Contexts c in [a, b] become z in [-1, 1]. With the largest and the smallest cost so far, K and k, less 1 where costs
 * are meant:
 *
 * ```
 * ŷᵢ(z) = Σⱼ θᵢⱼ Tⱼ(z),   θᵢ = argmin Σ (ŷᵢ(z) - (cost - 1))²   over the rounds with arm i,
 *         |θᵢ₀| <= K,   |θᵢⱼ| <= 2 (K - k)/j,   j = 1 … m - 1
 * pᵢ = 1 / (d + η (ŷᵢ - min ŷ)),   the rest of the probability on the best arm
 * η = 2 t √(d t / (R + 2 α² t)),   R = Σ (ŷ - (cost - 1))²,   α = (π + (2/π) log(2m + 1)) (K - k) / (2 (m + 1))
 * ```
 *
 * The source divides costs and coefficients by a scale that changes from round to round and leaves all probabilities as
 * they are; here they are in iterations. Bounds hold for costs that are Lipschitz in the context; R is the error of
 * predictions made. The least squares problem is solved by coordinate descent from the last θ, which takes O(m²)
 * operations a sweep.
 *
 * Source: Khodak, Chow, Balcan and Talwalkar, Learning to Relax: Setting Solver Parameters Across a Sequence of Linear
 * System Instances (2023), arXiv 2310.02246; probabilities: Foster and Rakhlin, Beyond UCB: optimal and efficient
 * contextual bandits with regression oracles (2020), arXiv 2002.04926.
 *
 * @module
 */
import { DomainError, type Vector } from "../../core/mod.ts";
import { checkArms, checkBounds, checkFeedback, type ContextBounds, draw, type ParameterLearner } from "./learner.ts";

/** What the bandit knows. */
export interface ChebCbState {
  /** θ, d x m. */
  readonly coefficients: Vector;
  /** `Σ T(z) T(z)ᵀ` of each arm, d x m x m. */
  readonly gram: Vector;
  /** `Σ (cost - 1) T(z)` of each arm, d x m. */
  readonly moments: Vector;
  /** T(z) of the last context. */
  readonly features: Vector;
  /** ŷ for the last context. */
  readonly predictions: Vector;
  /** p, as of the last choice. */
  readonly probabilities: Vector;
  /** t: how often it has learned. */
  rounds: number;
  /** K. */
  most: number;
  /** k. */
  least: number;
  /** R. */
  error: number;
}

/** What contexts there are. */
export interface ChebCbOptions extends ContextBounds {
  /** m. Default 6. */
  readonly terms?: number;
}

/** A bound of sweeps; the next round continues. */
const SWEEPS = 100;

/**
 * The bandit on d arms.
 *
 * @throws {DomainError} When d or m is no positive integer, or the bounds do not rise; in `choose` and `learn` for a
 * context outside them or a cost below 1.
 *
 * @example The better arm depends on the context
 * ```ts
 * import { rng, uniform } from "@gradus/gradus/core";
 * import { chebCb } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const learner = chebCb(2, { lower: 0, upper: 1 }), state = learner.init(), random = rng(1);
 * let wrong = 0;
 * for (let t = 0; t < 1000; t++) {
 *   const context = uniform(random), arm = learner.choose(state, context, random);
 *   if (arm !== Number(context > 0.5)) wrong++;
 *   learner.learn(state, context, arm, 10 + 90 * Math.abs(arm - context));
 * }
 * assert(wrong < 100);
 * ```
 */
export function chebCb(arms: number, options: ChebCbOptions): ParameterLearner<ChebCbState> {
  const { lower, upper, terms: m = 6 } = options;
  checkArms(arms);
  checkArms(m);
  checkBounds(options);
  const look = (features: Vector, context: number): void => {
    if (!(context >= lower && context <= upper)) {
      throw new DomainError(`Cannot learn a parameter: expected a context in [${lower}, ${upper}], got ${context}`);
    }
    const z = 2 * (context - lower) / (upper - lower) - 1;
    for (let j = 0; j < m; j++) features[j] = j < 2 ? z ** j : 2 * z * features[j - 1] - features[j - 2];
  };
  return {
    name: "cheb-cb",
    arms,
    init: () => ({
      coefficients: new Float64Array(arms * m),
      gram: new Float64Array(arms * m * m),
      moments: new Float64Array(arms * m),
      features: new Float64Array(m),
      predictions: new Float64Array(arms),
      probabilities: new Float64Array(arms),
      rounds: 0,
      most: -Infinity,
      least: Infinity,
      error: 0,
    }),
    choose: (state, context, random) => {
      const { coefficients, features, predictions } = state;
      look(features, context);
      for (let i = 0; i < arms; i++) {
        let y = 0;
        for (let j = 0; j < m; j++) y += coefficients[i * m + j] * features[j];
        predictions[i] = y;
      }
      distribute(state, m);
      return draw(state.probabilities, random);
    },
    learn: (state, context, arm, cost) => {
      checkFeedback(arms, arm, cost);
      const { gram, moments, features } = state;
      look(features, context);
      for (let j = 0; j < m; j++) {
        moments[arm * m + j] += (cost - 1) * features[j];
        for (let k = 0; k < m; k++) gram[(arm * m + j) * m + k] += features[j] * features[k];
      }
      state.error += (state.predictions[arm] - (cost - 1)) ** 2;
      state.rounds++;
      const wider = cost > state.most || cost < state.least;
      state.most = Math.max(state.most, cost);
      state.least = Math.min(state.least, cost);
      for (let i = 0; i < arms; i++) if (wider || i === arm) fit(state, i, m);
    },
  };
}

/** Writes p, by inverse gaps. */
function distribute({ predictions, probabilities, rounds, most, least, error }: ChebCbState, m: number): void {
  const d = predictions.length;
  let best = 0, others = 0;
  for (let i = 1; i < d; i++) if (predictions[i] < predictions[best]) best = i;
  const alpha = rounds > 0 ? (Math.PI + 2 / Math.PI * Math.log(2 * m + 1)) * (most - least) / (2 * (m + 1)) : 0;
  const spread = error + 2 * alpha * alpha * rounds, eta = spread > 0 ? 2 * rounds * Math.sqrt(d * rounds / spread) : 0;
  for (let i = 0; i < d; i++) {
    if (i === best) continue;
    probabilities[i] = 1 / (d + eta * (predictions[i] - predictions[best]));
    others += probabilities[i];
  }
  probabilities[best] = 1 - others;
}

/** Least squares for the coefficients of an arm, within their bounds. */
function fit({ coefficients, gram, moments, most, least }: ChebCbState, arm: number, m: number): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let change = 0;
    for (let j = 0; j < m; j++) {
      const row = (arm * m + j) * m, bound = j === 0 ? most : 2 * (most - least) / j;
      if (!(gram[row + j] > 0)) continue;
      let s = moments[arm * m + j];
      for (let k = 0; k < m; k++) if (k !== j) s -= gram[row + k] * coefficients[arm * m + k];
      const theta = Math.max(-bound, Math.min(bound, s / gram[row + j]));
      change = Math.max(change, Math.abs(theta - coefficients[arm * m + j]));
      coefficients[arm * m + j] = theta;
    }
    if (change <= 1e-9 * most) break;
  }
}
