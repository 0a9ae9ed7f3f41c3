/**
 * The filter line search, with second-order corrections, and what stands in for it where it finds nothing.
 *
 * See Wächter and Biegler (2006), sections 2.3 and 2.4; the last resort and the limit of φ are those of their code.
 *
 * @module
 */
import { along, dot, type Vector } from "../../core/mod.ts";
import type { Ldlt } from "../../linalg/mod.ts";
import type { Barrier } from "./barrier.ts";
import { accepts, atMost, augment, improves, LESS_VALUE, LESS_VIOLATION } from "./filter.ts";
import {
  type BarrierIterate,
  type BarrierStep,
  barrierValue,
  largestResidual,
  longestStep,
  moveAlong,
  moveBoundMultipliers,
  violation,
  writeBoundSteps,
} from "./iterate.ts";
import { type BarrierRoom, solveSystem } from "./newton_system.ts";
import type { Program } from "./program.ts";

/** The parameters of the line search: γ_α, δ, s_θ, s_φ, η_φ. */
const SHORTEST = 0.05, DELTA = 1, POWER_OF_VIOLATION = 1.1, POWER_OF_SLOPE = 2.3, ARMIJO = 1e-8;

/** No step brings φ up by more than this times its size, whatever it does for θ. */
const HIGHER = 1e5;

/** No step is shorter than this. */
const NO_STEP = 1e-12;

/** Second-order corrections go on while they leave at most this share of θ, so many times. */
const KAPPA_SOC = 0.99, CORRECTIONS = 4;

/** The most steps on end that are taken because they reduce the largest residual, to at most this share. */
const SOFT_STEPS = 10, SOFT_SHARE = 0.9999;

/** A step below this is short. */
const SHORT = 1e-2;

/** No bound gets nearer than by this factor in a step. */
const NEAREST = 1e-12;

/** The share of its distance from a bound by which an iterate may approach it. */
function shareOf(mu: number): number {
  return Math.min(Math.max(0.99, 1 - mu), 1 - NEAREST);
}

/** The longest step of v, up to 1, that keeps it off its bounds. */
function longest({ aboveLower, belowUpper }: BarrierIterate, step: Vector, mu: number): number {
  const share = shareOf(mu);
  return Math.min(longestStep(aboveLower, step, 1, share), longestStep(belowUpper, step, -1, share));
}

/** The line search along Newton's step, whose system has these factors. Returns whether it has moved. */
export function searchLine(program: Program, barrier: Barrier, factors: Ldlt, room: BarrierRoom): boolean {
  const { at, mu, step, gradient, filter } = barrier, most = longest(at, step.v, mu);
  const theta = violation(at), phi = barrierValue(at, mu), slope = dot(gradient, step.v);
  const least = shortest(theta, slope, filter.small);

  /** Whether the trial is acceptable as the end of a step of this length; it is gone to then. */
  const goes = (length: number): boolean => {
    const next = violation(barrier.trial), value = barrierValue(barrier.trial, mu);
    if (!(value - phi <= HIGHER * Math.max(10, Math.abs(phi))) || !accepts(filter, next, value)) return false;
    // a step of which a lower φ is expected more than a lower θ (equation 19)
    const forValue = slope < 0 &&
      length * (-slope) ** POWER_OF_SLOPE > DELTA * theta ** POWER_OF_VIOLATION;
    const falls = forValue && atMost(value, phi + ARMIJO * length * slope, phi);
    const good = forValue && theta <= filter.small ? falls : improves(next, value, [theta, phi]);
    if (!good || !program.derivatives(barrier.trial.site)) return false;
    if (!falls) augment(filter, theta, phi);
    settle(barrier, length);
    return true;
  };

  for (let length = most; length > least; length /= 2) {
    if (!look(program, barrier, length)) continue;
    if (goes(length)) return true;
    if (length < most || violation(barrier.trial) < theta) continue;
    if (correct(program, barrier, factors, room, goes)) return true;
  }
  return false;
}

/** Evaluates at a distance along the step. Returns whether the values are finite. */
function look({ shape, values }: Program, { at, trial, step }: Barrier, length: number): boolean {
  moveAlong(shape, at, step.v, length, trial);
  return values(trial.site);
}

/** Steps at least so long can be accepted (equation 23). */
function shortest(theta: number, slope: number, small: number): number {
  let share = LESS_VIOLATION;
  if (slope < 0) {
    share = Math.min(share, LESS_VALUE * theta / -slope);
    if (theta <= small) share = Math.min(share, DELTA * theta ** POWER_OF_VIOLATION / (-slope) ** POWER_OF_SLOPE);
  }
  return Math.max(NO_STEP, SHORTEST * share);
}

/**
 * Second-order corrections: the step is made anew for `c_soc = a c_soc + c(trial)` in the place of c. If none is
 * accepted, the step is as before.
 */
function correct(
  program: Program,
  barrier: Barrier,
  factors: Ldlt,
  room: BarrierRoom,
  goes: (length: number) => boolean,
): boolean {
  const { shape } = program, { at, mu, step, dual, primal } = barrier;
  const v = step.v.slice(), multipliers = step.multipliers.slice();
  let length = longest(at, v, mu), before = violation(at);
  for (let k = 0; k < CORRECTIONS; k++) {
    const after = violation(barrier.trial);
    if (k > 0 && after > KAPPA_SOC * before) break;
    before = after;
    const { constraints } = barrier.trial.site;
    for (let i = 0; i < primal.length; i++) primal[i] = length * primal[i] + constraints[i];
    if (!solveSystem(shape, factors, dual, primal, room, step.v, step.multipliers)) break;
    writeBoundSteps(at, mu, step);
    length = longest(at, step.v, mu);
    if (!look(program, barrier, length)) break;
    if (goes(length)) return true;
  }
  step.v.set(v);
  step.multipliers.set(multipliers);
  writeBoundSteps(at, mu, step);
  return false;
}

/** A step of equal length in all parts, if it brings the largest residual down; such steps may not go on for long. */
export function takeSoftStep(program: Program, barrier: Barrier): boolean {
  const { shape } = program, { at, trial, step, mu, dual } = barrier;
  if (barrier.soft >= SOFT_STEPS) return false;
  const length = Math.min(longest(at, step.v, mu), longestOfMultipliers(at, step, mu));
  if (!look(program, barrier, length) || !program.derivatives(trial.site)) return false;
  moveMultipliers(barrier, length, length);
  if (!(largestResidual(shape, trial, mu, dual) <= SOFT_SHARE * largestResidual(shape, at, mu, dual))) return false;
  barrier.soft++;
  swap(barrier, length);
  return true;
}

function longestOfMultipliers({ atLower, atUpper }: BarrierIterate, step: BarrierStep, mu: number): number {
  const share = shareOf(mu);
  return Math.min(longestStep(atLower, step.atLower, 1, share), longestStep(atUpper, step.atUpper, 1, share));
}

/** Goes along the step without a search. Returns whether the functions are finite there. */
export function goAlong(program: Program, barrier: Barrier): boolean {
  const length = longest(barrier.at, barrier.step.v, barrier.mu);
  if (!look(program, barrier, length) || !program.derivatives(barrier.trial.site)) return false;
  settle(barrier, length);
  return true;
}

/** Goes to the trial, and takes the multipliers along, those of bounds by a step length of their own. */
function settle(barrier: Barrier, length: number): void {
  const { at, step, mu } = barrier;
  moveMultipliers(barrier, length, longestOfMultipliers(at, step, mu));
  swap(barrier, length);
}

/** Moves λ by a step length and the multipliers of bounds by another one. */
function moveMultipliers({ at, trial, step, mu }: Barrier, length: number, boundLength: number): void {
  along(at.multipliers, length, step.multipliers, trial.multipliers);
  moveBoundMultipliers(at, step, boundLength, mu, trial);
}

function swap(barrier: Barrier, length: number): void {
  const { at, trial } = barrier;
  barrier.at = trial;
  barrier.trial = at;
  barrier.length = length;
  barrier.short = length < SHORT ? barrier.short + 1 : 0;
}
