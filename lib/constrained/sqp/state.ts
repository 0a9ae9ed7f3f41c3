/**
 * What sequential quadratic programming remembers between steps, and the programs that it solves.
 *
 * @module
 */
import {
  type Constrained,
  dot,
  largestPart,
  type Matrix,
  normInf,
  type Point,
  type Rng,
  type State,
  type Vector,
  withinBounds,
} from "../../core/mod.ts";
import { identity, matrix, matvec } from "../../linalg/mod.ts";
import { type ActiveSet, activeSetOf, besides, type DenseProgram } from "../active_set/program.ts";
import { evaluateStart } from "../door.ts";
import {
  type Evaluation,
  evaluationAt,
  lagrangianGradient,
  largestViolation,
  type Limits,
  limitsOf,
  partsAt,
  statusOf,
} from "../evaluation.ts";

/** Rounding of constraints, in units of their terms. */
const ROUNDING = 4 * Number.EPSILON;

/** Violations stay below this many times the first, or 1. */
const CEILING = 100;

/** The state of `sqp`. */
export interface SqpState extends State {
  /** The measure `kktResidual` of the kind at x and λ. */
  estimate: number;
  /** Sizes and bounds. */
  readonly limits: Limits;
  /** What is known at x, whose array is that of the state. */
  at: Evaluation;
  /** What is known at the point that is tried; it changes place with `at`. */
  trial: Evaluation;
  /** λ of equalities, then inequalities. */
  readonly multipliers: Vector;
  /** ω, which multiplies f: 1, and 0 while nothing but the violation counts. */
  weight: 0 | 1;
  /** B. */
  readonly hessian: Matrix;
  /** Whether B has learnt nothing yet. */
  isFresh: boolean;
  /** `ω ∇f`, and what leads away from a saddle point. */
  readonly objectiveGradient: Vector;
  /** What leads away from a saddle point. */
  readonly nudge: Vector;
  /** Lower bounds of the step's program, rows first. */
  readonly lower: Vector;
  /** Upper bounds of the step's program. */
  readonly upper: Vector;
  /** How far they are off by rounding. */
  readonly rounding: Vector;
  /** λ of the step's program with B as it is. */
  readonly steepest: Vector;
  /** The solution of the step's program. */
  readonly set: ActiveSet;
  /** I, of the program for the violation alone. */
  readonly identity: Matrix;
  /** The solution of that program, found in the room of the other one. */
  readonly violating: ActiveSet;
  /** p. */
  readonly direction: Vector;
  /** λ of the step's program. */
  readonly next: Vector;
  /** Jp. */
  readonly rows: Vector;
  /** c + Jp. */
  readonly linear: Vector;
  /** `∇L`, and room for n numbers. */
  readonly gradient: Vector;
  /** Room for n numbers. */
  readonly room: Vector;
  /** μ, one for each constraint. */
  readonly weights: Vector;
  /** The largest of them. */
  penalty: number;
  /** No point has a larger violation. */
  readonly ceiling: number;
  /** γ of the last elastic program; 0 before the first. */
  elastic: number;
  /** The largest multiplier of the last step by a program whose constraints held. */
  believed: number;
  /** The last step length. */
  length: number;
  /** Steps made. */
  iteration: number;
  /** Second-order corrections that were taken. */
  corrections: number;
  /** Steps by elastic programs. */
  elasticSteps: number;
  /** Times that the violation alone was minimized. */
  restorations: number;
  /** The largest violation where x was last moved away from a stationary point of it. */
  shakenAt: number;
  /** The largest entry of J so far, at most 1: in its units slopes of the violation are small. */
  steepness: number;
  /** The least estimate so far. */
  lowestEstimate: number;
  /** Steps in a row that brought neither a lower merit nor a lower estimate. */
  idle: number;
  /** Draws how x is moved away from stationary points of the violation. */
  readonly generator: Rng;
}

/** The state at a start, which is projected on the bounds. */
export function sqpState(problem: Constrained, { x: start, multipliers }: Point, generator: Rng): SqpState {
  const limits = limitsOf(problem), { variables: n, equalities, inequalities, lower, upper } = limits;
  const m = equalities + inequalities;
  const x = withinBounds(start, lower, upper);
  const at = evaluationAt(limits, x), isFinite = evaluateStart("run SQP", problem, at), set = activeSetOf(m, n);
  const state: SqpState = {
    x: at.x,
    value: at.value,
    estimate: NaN,
    limits,
    at,
    trial: evaluationAt(limits, x),
    multipliers: multipliers?.slice() ?? new Float64Array(m),
    weight: 1,
    hessian: matrix(n, n),
    isFresh: true,
    objectiveGradient: new Float64Array(n),
    nudge: new Float64Array(n),
    lower: new Float64Array(m + n),
    upper: new Float64Array(m + n),
    rounding: new Float64Array(m + n),
    steepest: new Float64Array(m),
    set,
    identity: identity(n),
    violating: besides(set),
    direction: new Float64Array(n),
    next: new Float64Array(m),
    rows: new Float64Array(m),
    linear: new Float64Array(m),
    gradient: new Float64Array(n),
    room: new Float64Array(n),
    weights: new Float64Array(m),
    penalty: 0,
    ceiling: CEILING * Math.max(1, violation(limits, at.constraints)),
    elastic: 0,
    believed: 0,
    length: NaN,
    iteration: 0,
    corrections: 0,
    elasticSteps: 0,
    restorations: 0,
    shakenAt: Infinity,
    steepness: Math.min(1, normInf(at.jacobian.data)),
    lowestEstimate: Infinity,
    idle: 0,
    generator,
  };
  if (isFinite) state.estimate = residualAt(state, at, state.multipliers);
  else state.stop = { status: "non-finite", message: "a function or derivative at the start is not finite" };
  return state;
}

/** The measure `kktResidual` at a point with multipliers. */
export function residualAt({ gradient, limits }: SqpState, at: Evaluation, multipliers: Vector): number {
  lagrangianGradient(at, multipliers, gradient);
  return largestPart(partsAt(limits, at, multipliers, gradient));
}

/** `Σ μᵢ |cᵢ|` over equalities and `Σ μᵢ max(gᵢ, 0)`; without weights `μ = 1`. */
export function violation({ equalities }: Limits, c: Vector, weights?: Vector): number {
  let sum = 0;
  for (let i = 0; i < c.length; i++) {
    const size = i < equalities ? Math.abs(c[i]) : Math.max(c[i], 0);
    sum += weights ? weights[i] * size : size;
  }
  return sum;
}

/** The violation of `c + Jp`; Jp is left in `rows`. */
export function linearViolation({ limits, at, rows, linear }: SqpState, p: Vector, weights?: Vector): number {
  if (rows.length === 0) return 0;
  matvec(at.jacobian, p, rows);
  for (let i = 0; i < rows.length; i++) linear[i] = at.constraints[i] + rows[i];
  return violation(limits, linear, weights);
}

/** The program of the step, `ωf + ω∇fᵀp + ½pᵀBp` under `c + Jp`, whose distance from feasible costs γ. */
export function stepProgram(state: SqpState, limit: number): DenseProgram {
  const { at, hessian, objectiveGradient, nudge, weight, lower, upper, rounding } = state;
  for (let j = 0; j < objectiveGradient.length; j++) objectiveGradient[j] = weight * at.gradient[j] + nudge[j];
  setBounds(state, at.constraints);
  return { hessian, gradient: objectiveGradient, rows: at.jacobian, lower, upper, rounding, limit };
}

/** The same with other values of the constraints at `p = 0`. */
export function setBounds({ limits, at, lower, upper, rounding }: SqpState, c: Vector): void {
  const m = c.length, n = at.x.length, { data } = at.jacobian;
  for (let i = 0; i < m; i++) {
    let terms = 0;
    for (let j = 0; j < n; j++) terms += Math.abs(data[i * n + j] * at.x[j]);
    rounding[i] = ROUNDING * terms;
    lower[i] = i < limits.equalities ? -c[i] : -Infinity;
    upper[i] = -c[i];
  }
  for (let j = 0; j < n; j++) {
    rounding[m + j] = ROUNDING * Math.abs(at.x[j]);
    lower[m + j] = limits.lower[j] - at.x[j];
    upper[m + j] = limits.upper[j] - at.x[j];
  }
}

/** `φ = ωf + v` with the weights μ at a point. */
export function merit({ weight, weights, limits }: SqpState, { value, constraints }: Evaluation): number {
  return (weight === 0 ? 0 : value) + violation(limits, constraints, weights);
}

/** The slope `ω∇f·p - v(c) + v(c + Jp)` that is promised along p. */
export function promisedSlope(state: SqpState): number {
  const { at, direction: p, weights, weight, limits } = state;
  const removed = violation(limits, at.constraints, weights) - linearViolation(state, p, weights);
  return weight * dot(at.gradient, p) - removed;
}

/** Goes to the trial, all of which has been evaluated. */
export function goToTrial(state: SqpState): void {
  const { at, trial, multipliers } = state;
  state.at = trial;
  state.trial = at;
  state.x = trial.x;
  state.value = trial.value;
  state.iteration++;
  state.steepness = Math.min(1, Math.max(state.steepness, normInf(trial.jacobian.data)));
  state.estimate = residualAt(state, trial, multipliers);
}

/** Ends a run that found no step. */
export function fail(state: SqpState, what: string): void {
  const { at, limits, estimate } = state, most = largestViolation(limits, at.constraints);
  state.stop = { status: statusOf(estimate), message: `${what}, largest violation ${most.toExponential(2)}` };
}
