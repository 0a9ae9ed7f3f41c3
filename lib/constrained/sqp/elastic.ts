/**
 * Steps where the linear constraints of a step contradict each other, or have no bounded multipliers.
 *
 * The distance from `c + Jp` to feasible costs γ, and γ grows until the step removes at least a tenth of the violation
 * that a step for the violation alone removes. Where that takes too large a γ, the objective is left out until the
 * constraints of a step can hold.
 *
 * x is a stationary point of the violation where
 *
 *     minimize ½|p|² + v(c + Jp),   p within the bounds
 *
 * is solved by `p = 0`: the norm of its solution is how far x is from one.
 *
 * After Fletcher, Practical Methods of Optimization (1987), section 14.3; Byrd, Nocedal and Waltz, Steering exact
 * penalty methods for nonlinear programming (2008).
 *
 * @module
 */
import { normInf, type Vector } from "../../core/mod.ts";
import { solveProgram } from "../active_set/dual.ts";
import type { DenseProgram } from "../active_set/program.ts";
import { linearViolation, setBounds, type SqpState, stepProgram, violation } from "./state.ts";

/** γ stays below this, in units of `max(1, |∇f|∞)`. */
const MOST = 1e7;

/** The largest γ, and the largest multipliers that are believed. */
function largestMultiplier({ at, weight }: SqpState): number {
  return MOST * Math.max(1, weight * normInf(at.gradient));
}

/** Multipliers so many times larger than those before, and than the gradient, are not believed. */
const SUDDEN = 1e4;

/** Whether multipliers of a step are too large to be believed. */
export function areSudden(state: SqpState, y: Vector): boolean {
  const usual = Math.max(1, normInf(state.at.gradient), state.believed);
  return normInf(y) > Math.min(SUDDEN * usual, largestMultiplier(state));
}

/** γ of the program for the violation alone where its least is wanted. */
const STRONG = 1e6;

/** The share of the violation that can be removed which is removed. */
const SHARE = 0.1;

/** The step for the violation alone, with its cost γ. Returns it; it lives in the state. */
export function violationStep(state: SqpState, limit: number): Vector {
  const { at, lower, upper, rounding, identity: hessian, violating, room } = state;
  room.fill(0);
  setBounds(state, at.constraints);
  const program: DenseProgram = { hessian, gradient: room, rows: at.jacobian, lower, upper, rounding, limit };
  solveProgram(program, violating);
  return violating.x;
}

/** Violations up to this need not be removed. */
const SLIGHT = 1e-7;

/**
 * Solves elastic programs with growing γ; returns whether γ was large enough. The solution lives in the set of the
 * state.
 */
export function elasticStep(state: SqpState): boolean {
  const { at, limits, set } = state, now = violation(limits, at.constraints);
  const most = largestMultiplier(state);
  const removable = now - linearViolation(state, violationStep(state, STRONG));
  let gamma = state.elastic || 10 * Math.max(1, state.believed);
  for (gamma = Math.min(gamma, most);; gamma = Math.min(10 * gamma, most)) {
    state.elastic = gamma;
    if (solveProgram(stepProgram(state, gamma), set) !== "solved") return false;
    if (now - linearViolation(state, set.x) >= SHARE * removable || now <= SLIGHT) return true;
    if (gamma === most) return false;
  }
}
