/**
 * Sequential quadratic programming,
 *
 *     minimize f(x)  where  c(x) = 0, g(x) <= 0, lower <= x <= upper.
 *
 * ```
 * p, λ solve   minimize ∇f·p + ½ pᵀBp   where  c + J_c p = 0,  g + J_g p <= 0,  lower <= x + p <= upper
 * φ = f + v,   v = Σ μᵢ |cᵢ| + Σ μᵢ max(gᵢ, 0),   μ > |λ|,   D = ∇f·p - v
 * x += a p, or a corrected p, with φ(x + a p) <= φ + η a D
 * ```
 *
 * B is the Hessian of the Lagrangian, convexified without a change of the step where the second-order conditions hold,
 * or Powell's damped BFGS matrix. Each constraint has its own weight in φ: a common one, as large as the largest
 * multiplier asks, makes steps short where constraints have different units.
 *
 * Where the constraints of the program contradict each other, or its multipliers are too large, their violations cost γ
 * each in the place of being forbidden, and `μ = γ`. Where no γ does, `Σ |cᵢ| + Σ max(gᵢ, 0)` alone is minimized until
 * they can hold. A stationary point of that sum which is not feasible ends the run `infeasible`; the multipliers are
 * then its subgradient.
 *
 * All points that are evaluated lie within the bounds. Linear constraints hold once they do, as long as they can.
 *
 * Sources: Nocedal and Wright, Numerical Optimization (2006), algorithm 18.3 and section 18.3; Han, A globally
 * convergent method for nonlinear programming (1977); Powell, A fast algorithm for nonlinearly constrained optimization
 * calculations (1978).
 *
 * @module
 */
import { type Constrained, DomainError, normInf, type Solver } from "../../core/mod.ts";
import { solveProgram } from "../active_set/dual.ts";
import { evaluateDerivatives, hasSecondDerivatives, largestViolation, statusOf } from "../evaluation.ts";
import { learn, restart } from "./bfgs.ts";
import { findStep, leaveRestoration, VIOLATED } from "./find_step.ts";
import { searchAlong, tryAlong } from "./line.ts";
import { fail, goToTrial, merit, promisedSlope, residualAt, type SqpState, sqpState, stepProgram } from "./state.ts";

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

/** Slopes above minus this, in units of `1 + |φ|`, are too flat for φ to tell what is better. */
const FLAT = 1e-6;

/** So many times the violation is weighted ten times more where no step lowers the merit. */
const ATTEMPTS = 3;

/** So many steps without a lower merit or estimate end a run. */
const PATIENCE = 50;

/**
 * Sequential quadratic programming with dense matrices under an ℓ₁ merit function. A start outside the bounds is
 * projected on them; multipliers given with the start are used.
 *
 * A run ends `infeasible` at a stationary point of the violation, which tells nothing of other points if the
 * constraints are not convex. One that cannot come nearer to a solution ends `stalled-at-precision` where its residual
 * is at most 1e-6, else `line-search-failed`.
 *
 * @throws {DomainError} When an option is none of those listed; in `init` when exact Hessians are asked of a problem
 * without.
 * @throws {ShapeError} In `init`, when a function leaves an entry out, or writes beyond its room.
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
    return;
  }
  fail(state, `no lower merit along the step: merit ${before.toExponential(6)}, slope ${slope.toExponential(2)}`);
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
  if (!exact) learn(state);
  state.multipliers.set(state.next);
  goToTrial(state);
  state.length = length;
  const after = merit(state, state.at), slack = 1e-14 * Math.abs(before);
  state.idle = after < before - slack || state.estimate < 0.99 * state.lowestEstimate ? 0 : state.idle + 1;
  state.lowestEstimate = Math.min(state.lowestEstimate, state.estimate);
  if (state.idle < PATIENCE) return;
  state.stop = { status: statusOf(state.estimate), message: `no lower merit or residual in ${state.idle} steps` };
}
