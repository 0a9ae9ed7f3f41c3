/**
 * The step of an iteration: its program, and what is done where that has no solution that can be believed.
 *
 * @module
 */
import {
  type Constrained,
  dot,
  fillNormal,
  isFiniteVector,
  type Matrix,
  normInf,
  type Vector,
} from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import { solveProgram } from "../active_set/dual.ts";
import { solveTriangle, transformNormal } from "../active_set/factors.ts";
import type { ActiveSet } from "../active_set/program.ts";
import {
  evaluateDerivatives,
  lagrangianGradient,
  lagrangianHessian,
  largestViolation,
  statusOf,
} from "../evaluation.ts";
import { restart } from "./bfgs.ts";
import { convexify } from "./convexify.ts";
import { areSudden, elasticStep, violationStep } from "./elastic.ts";
import { tryAlong } from "./line.ts";
import { fail, goToTrial, residualAt, type SqpState, stepProgram } from "./state.ts";

/** A violation above this is none of rounding; x is stationary for it up to so small a share of it. */
export const VIOLATED = 1e-6, STATIONARY = 1e-6;

/** Steps along negative curvature are at least so long near saddle points, in units of `1 + |xⱼ|`. */
const AWAY = 1e-2;

/** How far x is moved away from a stationary point of the violation, in units of `1 + |xⱼ|`. */
const SHAKE = 1e-2;

/**
 * Solves the program of the step; returns its γ, or nothing where the run ends or x was moved away from a stationary
 * point.
 */
export function findStep(problem: Constrained, state: SqpState, exact: boolean): number | undefined {
  const { set, multipliers, violating, steepest } = state, m = multipliers.length;
  if (state.weight === 1) {
    const shift = exact ? secondOrder(problem, state) : undefined;
    if (state.stop) return undefined;
    const outcome = solveProgram(stepProgram(state, Infinity), set);
    steepest.set(set.multipliers.subarray(0, m));
    if (outcome === "solved" && !areSudden(state, steepest)) {
      if (shift) takeBack(shift, set);
      state.elastic = 0;
      state.believed = normInf(set.multipliers.subarray(0, m));
      return Infinity;
    }
    if (isStationary(problem, state)) return undefined;
    if (elasticStep(state)) {
      if (shift) takeBack(shift, set);
      state.elasticSteps++;
      return state.elastic;
    }
    if (lacksMultipliers(state)) return undefined;
    state.weight = 0;
    state.restorations++;
    violationStep(state, 1);
    multipliers.set(violating.multipliers.subarray(0, m));
    restart(state);
  }
  if (lacksMultipliers(state) || isStationary(problem, state)) return undefined;
  const shift = exact ? secondOrder(problem, state) : undefined;
  if (state.stop) return undefined;
  const outcome = solveProgram(stepProgram(state, 1), set);
  if (outcome !== "solved") {
    fail(state, `the program of the step is ${outcome}`);
    return undefined;
  }
  if (shift) takeBack(shift, set);
  return 1;
}

/** Ends the run at a feasible point where no bounded multipliers make the program of a step solvable. */
function lacksMultipliers(state: SqpState): boolean {
  const most = largestViolation(state.limits, state.at.constraints);
  if (most > VIOLATED) return false;
  state.stop = {
    status: statusOf(state.estimate),
    message: "no step has bounded multipliers: gradients of active constraints depend on each other, or nearly so",
  };
  return true;
}

/** B at x and λ, definite; returns what was added to it along constraints. */
function secondOrder(problem: Constrained, state: SqpState): Matrix | undefined {
  const { x, at, multipliers, hessian, weight, set, nudge } = state;
  lagrangianHessian(problem, x, multipliers, hessian, weight);
  if (!isFiniteVector(hessian.data)) {
    state.stop = { status: "non-finite", message: "second derivatives are not finite" };
    return undefined;
  }
  const scales = x.map((xj) => 1 + Math.abs(xj)), program = { hessian, rows: at.jacobian };
  const { shift, descent, curvature } = convexify(program, set.standing, set.factors, scales);
  nudge.fill(0);
  if (descent) leaveSaddle(state, scales, descent, curvature);
  return shift;
}

/**
 * Where a step along negative curvature would be very short, for x is near a saddle point of the Lagrangian along the
 * active constraints, adds to the gradient of the step's program what makes it longer.
 */
function leaveSaddle(state: SqpState, scales: Vector, d: Vector, curvature: number): void {
  const { limits, x, nudge, at, multipliers, gradient, weight } = state;
  lagrangianGradient(at, multipliers, gradient);
  const slope = dot(gradient, d) - (1 - weight) * dot(at.gradient, d);
  if (Math.abs(slope) > AWAY * -curvature) return;
  // a variable at a bound, if there is one, says which way is in
  let sign = slope > 0 ? -1 : 1;
  for (let j = 0; j < x.length && slope === 0; j++) {
    if (Math.abs(d[j]) < 0.1 * scales[j]) continue;
    if (x[j] === limits.lower[j]) sign = Math.sign(d[j]);
    if (x[j] === limits.upper[j]) sign = -Math.sign(d[j]);
  }
  for (let j = 0; j < x.length; j++) nudge[j] = sign * AWAY * curvature * d[j] / scales[j] ** 2;
}

/** Takes what was added to B along active constraints out of their multipliers: `Σ δₖ aₖ = E p`. */
function takeBack(E: Matrix, { x, multipliers: y, active, factors, d, z }: ActiveSet): void {
  const q = factors.count;
  matvec(E, x, z);
  transformNormal(factors, z, d);
  if (normInf(d.subarray(q)) > 1e-6 * normInf(d)) return;
  solveTriangle(factors, d);
  for (let j = 0; j < q; j++) y[active[j]] += d[j];
}

/**
 * Whether x is stationary for the violation and not feasible. That ends the run, unless x can be moved away from there:
 * it may be a saddle point.
 */
function isStationary(problem: Constrained, state: SqpState): boolean {
  const { at, trial, limits, multipliers, violating, generator, room } = state;
  const most = largestViolation(limits, at.constraints);
  const small = STATIONARY * Math.min(1, most) * state.steepness;
  if (most <= VIOLATED || normInf(violationStep(state, 1)) > small) return false;
  if (most < 0.9 * state.shakenAt) {
    state.shakenAt = most;
    fillNormal(generator, room);
    for (let j = 0; j < room.length; j++) room[j] *= SHAKE * (1 + Math.abs(at.x[j]));
    if (tryAlong(problem, state, room, 1) && evaluateDerivatives(problem, trial)) {
      goToTrial(state);
      return true;
    }
  }
  multipliers.set(violating.multipliers.subarray(0, multipliers.length));
  state.estimate = residualAt(state, at, multipliers);
  state.stop = {
    status: "infeasible",
    message: `x is a stationary point of the violation, the largest of which is ${most.toExponential(2)}`,
  };
  return true;
}

/** Takes the objective up again where the constraints of a step can hold. */
export function leaveRestoration(state: SqpState): void {
  const { set, multipliers, weights } = state, y = set.multipliers.subarray(0, multipliers.length);
  state.weight = 1;
  state.nudge.fill(0);
  const program = { ...stepProgram(state, Infinity), hessian: state.identity };
  if (solveProgram(program, set) === "solved" && !areSudden(state, y)) {
    multipliers.set(y);
    weights.fill(0);
    restart(state);
  } else state.weight = 0;
}
