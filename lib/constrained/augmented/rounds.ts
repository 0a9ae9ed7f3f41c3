/**
 * The rounds of the augmented Lagrangian method: when they end, and what then becomes of multipliers and penalty.
 *
 * @module
 */
import {
  type Constrained,
  figure,
  fillNormal,
  isFiniteVector,
  normInf,
  projectedGradientNorm,
  type State,
  type Stop,
  type Vector,
  withinBounds,
} from "../../core/mod.ts";
import { ACCEPTABLE, largestViolation, statusOf } from "../evaluation.ts";
import { type Penalized, subproblem } from "./penalized.ts";
import { type AugmentedLagrangianState, LARGEST_PENALTY } from "./state.ts";

/** No multiplier is larger. */
const LARGEST = 1e12;

/** ε and σ need not be smaller. */
const LEAST = 1e-12;

/** A violation above this is one; with σ below this the penalty does not grow after a round that rounding ended. */
const SMALL = 1e-6;

/** Rounding errors of a gradient, relative to the size of its parts. */
const NOISE = 30 * Number.EPSILON;

/** A round ends after so many steps that lowered neither L_ρ by this share nor halved the projected gradient. */
const WINDOW = 50, CRAWL = 1e-6;

/** The violation is nearly stationary where its slope is this share of its terms. */
const STATIONARY = 1e-5;

/** So many idle rounds end a run. */
const PATIENCE = 10;

/** The violation is minimized alone so often, and from a stationary point of it so many times more. */
const RESTORATIONS = 4, SHAKES = 2;

/** Falling by this factor a function has no minimum near. */
const FAR = 1e12;

/** Whether the subproblem is solved as exactly as is asked, or as rounding lets it. */
function isAtGoal({ stationarity, goal, lagrangian }: AugmentedLagrangianState): boolean {
  return stationarity <= Math.max(goal, NOISE * lagrangian.size);
}

/** Whether rounds end before they are at their goal, or bring nothing. */
export function isHeldUp(state: AugmentedLagrangianState): boolean {
  return state.idle > 0 || !isAtGoal(state);
}

/** Whether the subproblem is worth another step; the window is where progress is looked for. */
export function goesOn(state: AugmentedLagrangianState): boolean {
  const { stationarity, inner, window } = state;
  if (isAtGoal(state) || inner.stop) return false;
  if (++window.steps < WINDOW) return true;
  const isLower = inner.value < window.value - CRAWL * Math.max(1, Math.abs(window.value)) ||
    stationarity < window.stationarity / 2;
  state.window = { steps: 0, value: inner.value, stationarity };
  return isLower;
}

/** σ: the violation, and how far inequalities with multipliers are from being active. */
export function sigmaOf({ limits: { equalities }, constraints, multipliers, weights, penalty }: Penalized): number {
  let largest = 0;
  for (let i = 0; i < constraints.length; i++) {
    const c = i < equalities ? constraints[i] : Math.max(constraints[i], -multipliers[i] / (penalty * weights[i]));
    largest = Math.max(largest, Math.abs(c));
  }
  return largest;
}

/** New multipliers; a larger penalty where σ did not halve. */
export function update(problem: Constrained, state: AugmentedLagrangianState, growth: number): void {
  const { lagrangian: L } = state, sigma = sigmaOf(L), violation = largestViolation(L.limits, L.constraints);
  state.rounds++;
  for (let i = 0; i < L.multipliers.length; i++) {
    L.multipliers[i] = Math.max(-LARGEST, Math.min(LARGEST, L.shifted[i]));
  }
  const isIdle = !(state.estimate < 0.9 * state.lowestEstimate), isExact = isAtGoal(state);
  const grows = sigma > Math.max(state.sigma / 2, isExact ? 10 * LEAST : SMALL);
  state.lowestEstimate = Math.min(state.lowestEstimate, state.estimate);
  state.growths = grows ? state.growths + 1 : 0;
  if (grows && L.penalty < LARGEST_PENALTY) {
    L.penalty = Math.min(LARGEST_PENALTY, L.penalty * growth);
    state.idle = 0;
  } else state.idle = isIdle ? state.idle + 1 : 0;
  state.sigma = sigma;
  state.goal = Math.max(LEAST, Math.min(state.goal / 10, sigma / 10));
  state.anchor.set(state.x);
  state.anchorValue = state.value;
  const isHopeless = state.growths >= 2 && violation > SMALL && violationIsStationary(problem, L);
  const isDone = state.idle >= PATIENCE;
  if (state.restorations < RESTORATIONS && (isHopeless || isDone && violation > SMALL)) {
    L.violationAlone = true;
    state.hopeless = violation;
    state.goal = LEAST;
    state.restorations++;
  } else if (isDone) state.stop = exhausted(state, violation);
}

/** Whether the slope of θ is small against the violation. */
function violationIsStationary(problem: Constrained, L: Penalized): boolean {
  const { x, limits: { lower, upper } } = L, gradient = new Float64Array(x.length);
  const alone = { ...L, violationAlone: true, gradient, shifted: L.shifted.slice(), hasGradient: false };
  subproblem(problem, alone).objective.gradient(x, gradient);
  return projectedGradientNorm(x, gradient, lower, upper) <= STATIONARY * termsOf(alone);
}

/** How large the terms are that the slope of θ is the sum of. */
function termsOf({ shifted, weights }: Penalized): number {
  let size = 0;
  for (let i = 0; i < weights.length; i++) size += Math.abs(shifted[i]) / Math.sqrt(weights[i]);
  return size;
}

/**
 * After the violation was minimized alone. From a stationary point of it x is moved at random, twice: where constraints
 * are not convex a smaller violation may be near.
 */
export function restored(state: AugmentedLagrangianState): void {
  const { lagrangian: L, hopeless } = state, violation = largestViolation(L.limits, L.constraints);
  const isLess = violation <= 0.9 * hopeless;
  const isStationary = violation > SMALL && state.stationarity <= STATIONARY * termsOf(L);
  if (isStationary && (isLess || state.shakes < SHAKES)) {
    if (isLess || state.shakes === 0) {
      state.anchor.set(state.x);
      state.hopeless = violation;
    }
    state.shakes++;
    state.x = shaken(state);
    return;
  }
  if (state.shakes > 0 && !isLess || isStationary) {
    state.x = state.anchor.slice();
    state.stop = {
      status: "infeasible",
      message: `the largest violation is ${figure(state.hopeless)} at a stationary point of the violation`,
    };
    return;
  }
  L.violationAlone = false;
  L.multipliers.fill(0);
  state.sigma = Infinity;
  state.growths = 0;
  state.idle = 0;
  state.shakes = 0;
  state.goal = 1e-3;
  state.anchor.set(state.x);
  state.anchorValue = state.value;
}

/** x moved by a tenth of its size, within the bounds. */
function shaken({ anchor, generator, lagrangian: { limits: { lower, upper } } }: AugmentedLagrangianState): Vector {
  const z = fillNormal(generator, new Float64Array(anchor.length));
  return withinBounds(anchor.map((a, i) => a + 0.1 * Math.max(1, Math.abs(a)) * z[i]), lower, upper);
}

/** Whether the subproblem has no minimum near. */
export function fallsWithoutEnd(
  { lagrangian: L, anchor, anchorValue }: AugmentedLagrangianState,
  { x, value, stop }: State,
): boolean {
  if (L.violationAlone) return false;
  return stop?.status === "unbounded" || value < anchorValue - FAR * (1 + Math.abs(anchorValue)) ||
    !isFiniteVector(x) || normInf(x) > FAR * (1 + normInf(anchor)) && value < anchorValue;
}

/** Back to where the round began, with a larger penalty. */
export function startAgain(state: AugmentedLagrangianState, growth: number): void {
  const { lagrangian: L, anchor } = state;
  if (L.penalty >= LARGEST_PENALTY) {
    state.stop = {
      status: "unbounded",
      message: `f falls without end, whatever the penalty up to ${figure(LARGEST_PENALTY)}`,
    };
    return;
  }
  L.penalty = Math.min(LARGEST_PENALTY, L.penalty * growth ** 2);
  state.x = anchor.slice();
  state.rounds++;
}

/** Why no round brings more. */
function exhausted(
  { inner, penalty, stationarity, estimate, value }: AugmentedLagrangianState,
  violation: number,
): Stop {
  const failed = inner.stop && inner.stop.status !== "stalled-at-precision" &&
    stationarity > ACCEPTABLE * (1 + Math.abs(value));
  return {
    status: failed ? inner.stop!.status : statusOf(estimate),
    message:
      `no lower residual than ${figure(estimate)} in ${PATIENCE} rounds; penalty ${
        figure(penalty)
      }, largest violation ` +
      `${figure(violation)}${failed ? `; ${inner.stop!.message}` : ""}`,
  };
}
