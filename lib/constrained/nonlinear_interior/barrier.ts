/**
 * A step of the barrier method: Newton's direction, cut short of the bounds, under a filter line search.
 *
 * See Wächter and Biegler (2006), algorithm A.
 *
 * @module
 */
import { GradusError, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { identity, type Ldlt } from "../../linalg/mod.ts";
import { type BarrierFilter, emptyFilter } from "./filter.ts";
import {
  addTransposed,
  barrierError,
  barrierGradient,
  type BarrierIterate,
  type BarrierStep,
  emptyIterate,
  emptyStep,
  violation,
  writeBoundSteps,
} from "./iterate.ts";
import { goAlong, searchLine, takeSoftStep } from "./line_search.ts";
import { type BarrierRoom, factorLeastSquares, factorSystem, solveSystem, writeDiagonal } from "./newton_system.ts";
import type { BarrierShape, Program } from "./program.ts";
import { learnCurvature } from "./quasi_newton.ts";

/** The state of the barrier method on a program. */
export interface Barrier {
  /** μ. */
  mu: number;
  /** Where it is. */
  at: BarrierIterate;
  /** Where it looks; changes place with where it is. */
  trial: BarrierIterate;
  /** The step. */
  readonly step: BarrierStep;
  /** The filter for this μ. */
  filter: BarrierFilter;
  /** W, without the diagonal that is known. */
  readonly hessian: Matrix;
  /** Whether W, where it is learned, has seen no step yet. */
  fresh: boolean;
  /** The last δ_w > 0; 0 if there was none. */
  shift: number;
  /** ∇φ. */
  readonly gradient: Vector;
  /** `∇φ + Aᵀλ`. */
  readonly dual: Vector;
  /** c, or what a second-order correction puts in its place. */
  readonly primal: Vector;
  /** The length of the last step; 0 if there was none. */
  length: number;
  /** Steps on end that were lost in rounding. */
  tiny: number;
  /** Steps on end that the filter did not accept. */
  soft: number;
  /** Steps on end that were short. */
  short: number;
}

/** A barrier method that has not begun. */
export function barrierOf(shape: BarrierShape): Barrier {
  const N = shape.lower.length;
  return {
    mu: MU_AT_FIRST,
    at: emptyIterate(shape),
    trial: emptyIterate(shape),
    step: emptyStep(shape),
    filter: emptyFilter(0),
    hessian: identity(shape.core),
    fresh: true,
    shift: 0,
    gradient: new Float64Array(N),
    dual: new Float64Array(N),
    primal: new Float64Array(shape.rows),
    length: 0,
    tiny: 0,
    soft: 0,
    short: 0,
  };
}

/** μ at first and at least: at the least one distances and multipliers that are both 0 at a solution are below 1e-9. */
const MU_AT_FIRST = 0.1, MU_AT_LEAST = 1e-19;

/** μ falls when `E_μ <= κ_ε μ`, to the lower of `κ_μ μ` and `μ^θ_μ` (equation 7). */
const KAPPA_EPSILON = 10, KAPPA_MU = 0.2, THETA_MU = 1.5;

/** A step that is lost in rounding is none where more than this is violated. */
const FEASIBLE = 1e-6;

/** Begins at the present iterate, whose functions are known, with an empty filter. */
export function begin(barrier: Barrier): void {
  barrier.filter = emptyFilter(violation(barrier.at));
  forget(barrier);
}

/** Forgets the steps so far. */
export function forget(barrier: Barrier): void {
  barrier.shift = 0;
  barrier.tiny = barrier.soft = barrier.short = 0;
}

/** Multipliers λ for the iterate by least squares: `∇f + Aᵀλ - z + q ≈ 0`; 0 where these are large (equation 36). */
export function estimateMultipliers(shape: BarrierShape, { at, dual, primal, step }: Barrier, room: BarrierRoom): void {
  const { site, multipliers, atLower, atUpper } = at;
  for (let k = 0; k < dual.length; k++) dual[k] = site.gradient[k] - atLower[k] + atUpper[k];
  primal.fill(0);
  multipliers.fill(0);
  const solved = attempt(() =>
    solveSystem(shape, factorLeastSquares(shape, at, room), dual, primal, room, step.v, step.multipliers)
  );
  if (solved && normInf(step.multipliers) <= 1e3) multipliers.set(step.multipliers);
}

/** Lowers μ as long as the iterate solves the problem of its μ; the filter is emptied then. */
export function lowerMu(shape: BarrierShape, barrier: Barrier): void {
  const { at, dual } = barrier;
  while (barrier.mu > MU_AT_LEAST && (barrier.tiny > 1 || isSolved(shape, at, barrier.mu, dual))) {
    barrier.mu = Math.max(MU_AT_LEAST, Math.min(KAPPA_MU * barrier.mu, barrier.mu ** THETA_MU));
    barrier.filter.entries = [];
    barrier.tiny = barrier.soft = 0;
  }
}

function isSolved(shape: BarrierShape, at: BarrierIterate, mu: number, room: Vector): boolean {
  return barrierError(shape, at, mu, room) <= KAPPA_EPSILON * mu;
}

/** One step. Returns whether there was one. */
export function barrierStep(program: Program, barrier: Barrier, room: BarrierRoom): boolean {
  const { at } = barrier;
  barrier.length = 0;
  program.hessian?.(at.site.v, at.multipliers, barrier.hessian);
  const factors = attempt(() => direction(program, barrier, room));
  if (!factors) return false;
  if (isTiny(at.site.v, barrier.step.v)) {
    barrier.tiny++;
    barrier.shift = 0; // a large one may have made it so
    if (normInf(at.site.constraints) > FEASIBLE || !goAlong(program, barrier)) return false;
  } else {
    barrier.tiny = 0;
    if (searchLine(program, barrier, factors, room)) barrier.soft = 0;
    else if (!takeSoftStep(program, barrier)) return false;
  }
  if (!program.hessian) learnCurvature(program, barrier);
  lowerMu(program.shape, barrier);
  return true;
}

/** What a computation gives; nothing where numbers go out of range. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (reason) {
    if (!(reason instanceof GradusError)) throw reason;
    return undefined;
  }
}

/** Newton's direction; returns the factors of its system. */
function direction(program: Program, barrier: Barrier, room: BarrierRoom): Ldlt | undefined {
  const { shape } = program, { at, mu, gradient, dual, primal, step } = barrier;
  writeDiagonal(program, at, room);
  const factors = factorSystem(shape, barrier, room);
  if (!factors) return undefined;
  barrierGradient(at, mu, gradient);
  dual.set(gradient);
  addTransposed(shape, at.site, at.multipliers, dual);
  primal.set(at.site.constraints);
  if (!solveSystem(shape, factors, dual, primal, room, step.v, step.multipliers)) return undefined;
  writeBoundSteps(at, mu, step);
  return factors;
}

/** Whether a step is lost in rounding. */
function isTiny(v: Vector, step: Vector): boolean {
  for (let k = 0; k < v.length; k++) {
    if (Math.abs(step[k]) > 10 * Number.EPSILON * (1 + Math.abs(v[k]))) return false;
  }
  return true;
}
