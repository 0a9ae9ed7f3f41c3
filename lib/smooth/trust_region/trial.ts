/**
 * Trial steps: how well a model foretold what a step brings.
 *
 * ```
 * ρ = (f(x) - f(x + p)) / (m(0) - m(p));   x ← x + p where ρ is large enough
 * ```
 *
 * Near a minimum both differences are lost in the rounding of f; then they agree, if the gradient does not grow (Conn,
 * Gould and Toint, Trust-region methods (2000), section 17.4).
 *
 * @module
 */
import { normInf, type Smooth, type State, type Vector } from "../../core/mod.ts";
import { evaluated } from "../evaluated.ts";
import { noTrial } from "../failure.ts";

/** The state of a method of trial steps. */
export interface TrialState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** Whether x or H changed in the last step. */
  isNew: boolean;
  /** `p`, then room for points and gradients of trials. */
  readonly room: readonly [Vector, Vector, Vector];
}

/** The state at the start. */
export function trialState(problem: Smooth, start: Vector): TrialState {
  const n = start.length;
  return {
    ...evaluated(problem, start),
    isNew: true,
    room: [new Float64Array(n), new Float64Array(n), new Float64Array(n)],
  };
}

/**
 * Whether a trial tells of the function near x: not where the value rose by ten times what it should have fallen, as it
 * does far away, where curvatures may be larger by orders of magnitude.
 */
export function isTelling(rho: number): boolean {
  return rho > -10;
}

/**
 * Tries the step p in `room[0]`, of which the model promises a decrease, and takes it where ρ is at least `accept`; the
 * gradient there is left in `room[2]`. Returns ρ; where p is lost in x, the run is told to stop.
 */
export function tryStep(problem: Smooth, state: TrialState, promised: number, accept: number): number {
  const { x, gradient, room: [p, trial, next] } = state, n = x.length;
  for (let i = 0; i < n; i++) trial[i] = x[i] + p[i];
  const value = problem.gradient(trial, next), actual = state.value - value;
  const rounding = 10 * Number.EPSILON * Math.max(1, Math.abs(state.value));
  const isLost = promised <= rounding && Math.abs(actual) <= rounding && normInf(next) <= state.estimate;
  const rho = isLost ? 1 : actual / promised;
  state.isNew = rho >= accept && promised > 0 && Number.isFinite(value);
  if (state.isNew) {
    x.set(trial);
    gradient.set(next);
    state.value = value;
    state.estimate = normInf(gradient);
  } else if (!(promised > 0)) {
    state.stop = noTrial(state, state.value);
  } else if (trial.every((v, i) => v === x[i])) {
    state.stop = noTrial(state, value);
  }
  return rho;
}
