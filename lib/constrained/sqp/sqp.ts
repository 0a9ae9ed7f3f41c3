/**
 * Sequential quadratic programming,
 *
 *     minimize f(x)  where  c(x) = 0, g(x) <= 0, lower <= x <= upper.
 *
 * ```
 * p, λ solve   minimize ∇f·p + ½ pᵀBp   where  c + J_c p = 0,  g + J_g p <= 0,  lower <= x + p <= upper
 * μ >= |λ|∞ + 0.1,   φ = f + μ v,   v = |c|₁ + |max(g, 0)|₁,   D = ∇f·p - μ v
 * x += a p, or a corrected p, with φ(x + a p) <= φ + η a D
 * ```
 *
 * B is the Hessian of the Lagrangian, convexified without a change of the step where the second-order conditions hold, or
 * Powell's damped BFGS matrix. Where the constraints of the program contradict each other, or their multipliers are too large, their
 * violations cost γ each in the place of being forbidden, and `μ = γ`; where no γ does, v alone is minimized until they can hold. A
 * stationary point of v that is not feasible ends the run `infeasible`; the multipliers are then those of v.
 *
 * All points that are evaluated lie within the bounds. Linear constraints hold once they do.
 *
 * Sources: Nocedal and Wright, Numerical Optimization (2006), algorithm 18.3 and section 18.3; Han, A globally convergent method for
 * nonlinear programming (1977); Powell, A fast algorithm for nonlinearly constrained optimization calculations (1978).
 *
 * @module
 */
import {
  type Constrained,
  DomainError,
  dot,
  fillNormal,
  isFiniteVector,
  type Matrix,
  normInf,
  type Solver,
} from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import { solveProgram } from "../active_set/dual.ts";
import { solveTriangle, transformNormal } from "../active_set/factors.ts";
import type { ActiveSet } from "../active_set/program.ts";
import { evaluateDerivatives, hasSecondDerivatives, lagrangianGradient, lagrangianHessian } from "../evaluation.ts";
import { dampedUpdate, firstSize, resetTo } from "./bfgs.ts";
import { convexify } from "./convexify.ts";
import { areSudden, elasticStep, largestMultiplier, violationStep } from "./elastic.ts";
import { searchAlong, tryAlong } from "./line.ts";
import { largestViolation, merit, promisedSlope, residualAt, type SqpState, sqpState, stepProgram } from "./state.ts";

/** Options of `sqp`. */
export interface SqpOptions {
  /** What B is. Default `exact` where the problem has second derivatives, else `bfgs`. */
  readonly hessian?: "exact" | "bfgs";
  /** Whether steps that raise the merit are corrected for the curvature of constraints. Default true. */
  readonly secondOrderCorrection?: boolean;
}

/** μ is above |λ| by this factor. */
const ABOVE = 1.1;

/** Multipliers at a start are not believed above this. */
const BELIEVED = 1e3;

/** A violation above this is none of rounding; x is stationary for it up to so small a share of it. */
const VIOLATED = 1e-6, STATIONARY = 1e-6;

/** Curvature that is not positive becomes at least this share of `|H|`, ten times more after short steps, and less after whole ones. */
const LEAST = 1e-6;

/** How far x is moved away from a stationary point of the violation, in units of `1 + |xⱼ|`. */
const SHAKE = 1e-2;

/** Slopes above minus this, in units of `1 + |φ|`, are too flat for φ to tell what is better. */
const FLAT = 1e-6;

/** So many times the violation is weighted ten times more where no step lowers the merit. */
const ATTEMPTS = 3;

/** So many steps without a lower merit or estimate end a run. */
const PATIENCE = 50;

/**
 * Sequential quadratic programming with dense matrices under an ℓ₁ merit function. A start outside the bounds is projected on them.
 *
 * @throws {DomainError} When an option is none of those listed; in `init` when exact Hessians are asked of a problem without.
 *
 * @example A circle and a line
 * ```ts
 * import { add, dot, objective, type Operand, subtract, take, vectorFunction } from "@gradus/gradus/autodiff";
 * import { sqp } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x, point } = solve({
 *   kind: "constrained",
 *   objective: objective((x: Operand) => add(take(x, 0), take(x, 1)), { dimension: 2 }),
 *   constraints: {
 *     inequality: vectorFunction((x: Operand) => subtract(dot(x, x), 2), { dimension: 2 }),
 *     lower: Float64Array.of(0, -Infinity),
 *   },
 * }, sqp(), { start: [1, 1] });
 * assertAlmostEquals(x[1], -Math.SQRT2, 1e-8);
 * assertAlmostEquals(point.multipliers![0], Math.SQRT1_2 / 2, 1e-8);
 * ```
 */
export function sqp(options: SqpOptions = {}): Solver<Constrained, SqpState> {
  const { hessian, secondOrderCorrection = true } = options, verb = "run SQP";
  if (hessian !== undefined && hessian !== "exact" && hessian !== "bfgs") {
    throw new DomainError(`Cannot ${verb}: expected a hessian of "exact" or "bfgs", got ${hessian}`);
  }
  return {
    name: hessian ? `SQP (${hessian})` : "SQP",
    options: { ...(hessian && { hessian }), secondOrderCorrection },
    reference: {
      title: "Numerical Optimization",
      authors: "Nocedal, Wright",
      year: 2006,
      identifier: "doi:10.1007/978-0-387-40065-5",
    },
    needs: ["objective.value", "objective.gradient"],
    traced: ["length", "penalty"],
    init: (problem, start, { rng }) => {
      if (hessian === "exact" && !hasSecondDerivatives(problem)) {
        throw new DomainError(`Cannot ${verb}: expected second derivatives of f, c and g, got a problem without`);
      }
      const state = sqpState(problem, start, rng);
      restart(state);
      if (!start.multipliers && !state.stop) guessMultipliers(state);
      return state;
    },
    step(problem, state) {
      const exact = hessian !== "bfgs" && hasSecondDerivatives(problem);
      step(problem, state, exact, secondOrderCorrection);
    },
    point: (_, { x, multipliers }) => ({ x, multipliers }),
  };
}

/** λ at a start: those of the step's program with B = I, unless they are too large. */
function guessMultipliers(state: SqpState): void {
  const { set, multipliers } = state;
  const isSolved = solveProgram(stepProgram(state, BELIEVED), set) === "solved";
  const y = set.multipliers.subarray(0, multipliers.length);
  if (isSolved && normInf(y) < BELIEVED) multipliers.set(y);
  state.estimate = residualAt(state, state.at, multipliers);
}

function step(problem: Constrained, state: SqpState, exact: boolean, corrects: boolean): void {
  const { set, direction, next, multipliers } = state, m = multipliers.length;
  if (state.weight === 0) leaveRestoration(state);
  const limit = findStep(problem, state, exact);
  if (limit === undefined) return;
  direction.set(set.x);
  next.set(set.multipliers.subarray(0, m));

  setWeights(state, limit);
  let slope = promisedSlope(state), before = merit(state, state.at), length = 0;
  for (let attempt = 0; attempt <= ATTEMPTS && slope < 0; attempt++) {
    length = searchAlong(problem, state, slope, limit, corrects);
    if (length > 0 || state.weight === 0 || largestViolation(state.limits, state.at.constraints) <= VIOLATED) break;
    for (let i = 0; i < m; i++) state.weights[i] *= 10;
    slope = promisedSlope(state);
    before = merit(state, state.at);
  }
  if (length > 0 || isBetter(problem, state)) return accept(state, exact, length || 1, before);
  if (!exact && !state.isFresh) {
    restart(state);
    state.isFresh = true;
    return;
  }
  fail(state, `no lower merit along the step: merit ${before.toExponential(6)}, slope ${slope.toExponential(2)}`);
}

/** Solves the program of the step; returns its γ, or nothing where the run ends or x was moved away from a stationary point. */
function findStep(problem: Constrained, state: SqpState, exact: boolean): number | undefined {
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
    if (isUnbounded(state)) return undefined;
    state.weight = 0;
    state.restorations++;
    multipliers.set(violating.multipliers.subarray(0, m));
    restart(state);
    state.isFresh = true;
  }
  if (isUnbounded(state) || isStationary(problem, state)) return undefined;
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
function isUnbounded(state: SqpState): boolean {
  const most = largestViolation(state.limits, state.at.constraints);
  if (most > VIOLATED) return false;
  state.stop = {
    status: "stalled-at-precision",
    message: `no step has bounded multipliers: gradients of active constraints depend on each other, or nearly so`,
  };
  return true;
}

/** B at x and λ, definite; returns what was added to it along constraints. */
function secondOrder(problem: Constrained, state: SqpState): Matrix | undefined {
  const { x, multipliers, hessian, weight, set } = state;
  lagrangianHessian(problem, x, multipliers, hessian, weight);
  if (isFiniteVector(hessian.data)) {
    const scales = x.map((xj) => 1 + Math.abs(xj)), program = stepProgram(state, Infinity);
    const { isShifted, shift } = convexify(program, set.standing, set.factors, scales, state.floor);
    state.isShifted = isShifted;
    return shift;
  }
  state.stop = { status: "non-finite", message: "second derivatives are not finite" };
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
 * Whether x is stationary for the violation and not feasible. That ends the run, unless x can be moved away from there: it may be a
 * saddle point.
 */
function isStationary(problem: Constrained, state: SqpState): boolean {
  const { at, trial, limits, multipliers, violating, generator, room } = state;
  const most = largestViolation(limits, at.constraints);
  if (most <= VIOLATED || normInf(violationStep(state, 1)) > STATIONARY * Math.min(1, most)) return false;
  if (most < 0.9 * state.shakenAt) {
    state.shakenAt = most;
    fillNormal(generator, room);
    for (let j = 0; j < room.length; j++) room[j] *= SHAKE * (1 + Math.abs(at.x[j]));
    if (tryAlong(problem, state, room, 1) && evaluateDerivatives(problem, trial)) {
      move(state);
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
function leaveRestoration(state: SqpState): void {
  const { set, hessian, multipliers, weights } = state, y = set.multipliers.subarray(0, multipliers.length);
  state.weight = 1;
  restart(state);
  if (solveProgram(stepProgram(state, Infinity), set) === "solved" && normInf(y) <= largestMultiplier(state)) {
    multipliers.set(y);
    state.isFresh = true;
    weights.fill(0);
  } else state.weight = 0;
}

/** μ for a step by a program with γ. */
function setWeights(state: SqpState, limit: number): void {
  const { weights, next, steepest } = state;
  for (let i = 0; i < weights.length; i++) {
    const least = ABOVE * Math.max(Math.abs(next[i]), Math.abs(steepest[i]));
    weights[i] = limit < Infinity ? limit : Math.max(least, (weights[i] + least) / 2);
  }
  state.penalty = normInf(weights);
}

/** Whether the full step, too short for φ to tell, has a far lower residual; if so it was evaluated. */
function isBetter(problem: Constrained, state: SqpState): boolean {
  const { direction, trial, next, at } = state;
  if (promisedSlope(state) < -FLAT * (1 + Math.abs(merit(state, at)))) return false;
  return tryAlong(problem, state, direction, 1) && evaluateDerivatives(problem, trial) &&
    residualAt(state, trial, next) < state.estimate / 2;
}

/** Goes to the trial, and learns from the step. */
function accept(state: SqpState, exact: boolean, length: number, before: number): void {
  const { at, trial, next, multipliers, gradient: y, room, hessian, direction: s, weight } = state;
  if (!exact) {
    lagrangianGradient(at, next, room);
    lagrangianGradient(trial, next, y);
    for (let j = 0; j < s.length; j++) {
      s[j] = trial.x[j] - at.x[j];
      y[j] -= room[j] + (1 - weight) * (trial.gradient[j] - at.gradient[j]);
    }
    if (state.isFresh) rescaleBy(state, s, y);
    dampedUpdate(hessian, s, y, room);
    state.isFresh = false;
  }
  if (state.isShifted) state.floor = Math.max(LEAST, Math.min(1, state.floor * (length < 1 ? 10 : 0.1)));
  multipliers.set(next);
  move(state);
  state.length = length;
  const after = merit(state, state.at), slack = 1e-14 * Math.abs(before);
  state.idle = after < before - slack || state.estimate < 0.99 * state.lowestEstimate ? 0 : state.idle + 1;
  state.lowestEstimate = Math.min(state.lowestEstimate, state.estimate);
  if (state.idle < PATIENCE) return;
  state.stop = { status: "stalled-at-precision", message: `no lower merit or residual in ${state.idle} steps` };
}

/** Forgets what B has learnt. */
function restart(state: SqpState): void {
  const { hessian, x, at, weight } = state;
  resetTo(hessian, weight === 1 ? firstSize(at.gradient, x) : 1, x);
  state.isFresh = true;
}

function rescaleBy(state: SqpState, s: Float64Array, y: Float64Array): void {
  const { x, hessian } = state;
  const along = dot(s, y);
  if (!(along > 0)) return;
  let yy = 0;
  for (let j = 0; j < s.length; j++) yy += (y[j] * (1 + Math.abs(x[j]))) ** 2;
  resetTo(hessian, yy / along, x);
}

/** Goes to the trial, all of which has been evaluated. */
function move(state: SqpState): void {
  const { at, trial, multipliers } = state;
  state.at = trial;
  state.trial = at;
  state.x = trial.x;
  state.value = trial.value;
  state.iteration++;
  state.estimate = residualAt(state, trial, multipliers);
}

/** Ends a run that found no step. */
function fail(state: SqpState, what: string): void {
  const { at, limits, estimate } = state, most = largestViolation(limits, at.constraints);
  const status = estimate <= 1e-5 ? "stalled-at-precision" : "line-search-failed";
  state.stop = { status, message: `${what}, largest violation ${most.toExponential(2)}` };
}
