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
  norm1,
  type Point,
  type Rng,
  type State,
  type Vector,
} from "../../core/mod.ts";
import { matrix, matvec } from "../../linalg/mod.ts";
import { type ActiveSet, activeSetOf, type DenseProgram } from "../active_set/program.ts";
import {
  evaluateFirst,
  type Evaluation,
  evaluationAt,
  lagrangianGradient,
  type Limits,
  limitsOf,
  partsAt,
} from "../evaluation.ts";

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
  /** `ω ∇f`. */
  readonly objectiveGradient: Vector;
  /** Lower bounds of the step's program, rows first. */
  readonly lower: Vector;
  /** Upper bounds of the step's program. */
  readonly upper: Vector;
  /** The solution of the step's program. */
  readonly set: ActiveSet;
  /** The solution of the program for the violation alone. */
  readonly violating: ActiveSet;
  /** p. */
  readonly direction: Vector;
  /** λ of the step's program. */
  readonly next: Vector;
  /** Jp. */
  readonly rows: Vector;
  /** `∇L`, and room for n numbers. */
  readonly gradient: Vector;
  /** Room for n numbers. */
  readonly room: Vector;
  /** μ. */
  penalty: number;
  /** γ of the last elastic program; 0 before the first. */
  elastic: number;
  /** The last step length. */
  length: number;
  /** Steps made. */
  iteration: number;
  /** Second-order corrections that were taken. */
  corrections: number;
  /** Steps by elastic programs. */
  elasticSteps: number;
  /** Times that μ was made smaller. */
  reductions: number;
  /** Times that the violation alone was minimized. */
  restorations: number;
  /** The largest violation where x was last moved away from a stationary point of it. */
  shakenAt: number;
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
  const x = start.map((xj, j) => Math.max(lower[j], Math.min(upper[j], xj)));
  const at = evaluationAt(limits, x), isFinite = evaluateFirst(problem, at);
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
    lower: new Float64Array(m + n),
    upper: new Float64Array(m + n),
    set: activeSetOf(m, n),
    violating: activeSetOf(m, n),
    direction: new Float64Array(n),
    next: new Float64Array(m),
    rows: new Float64Array(m),
    gradient: new Float64Array(n),
    room: new Float64Array(n),
    penalty: 0,
    elastic: 0,
    length: NaN,
    iteration: 0,
    corrections: 0,
    elasticSteps: 0,
    reductions: 0,
    restorations: 0,
    shakenAt: Infinity,
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

/** `|c_E|₁ + |max(g, 0)|₁`. */
export function violation({ equalities }: Limits, c: Vector): number {
  let sum = norm1(c.subarray(0, equalities));
  for (let i = equalities; i < c.length; i++) sum += Math.max(c[i], 0);
  return sum;
}

/** The largest violation of a constraint. */
export function largestViolation({ equalities }: Limits, c: Vector): number {
  let most = 0;
  for (let i = 0; i < c.length; i++) most = Math.max(most, i < equalities ? Math.abs(c[i]) : c[i]);
  return most;
}

/** `v(c + Jp)`; Jp is left in `rows`. */
export function linearViolation({ limits, at, rows }: SqpState, p: Vector): number {
  if (rows.length === 0) return 0;
  matvec(at.jacobian, p, rows);
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const c = at.constraints[i] + rows[i];
    sum += i < limits.equalities ? Math.abs(c) : Math.max(c, 0);
  }
  return sum;
}

/** The program of the step, `ωf + ω∇fᵀp + ½pᵀBp` under `c + Jp`, whose distance from feasible costs γ. */
export function stepProgram(state: SqpState, limit: number): DenseProgram {
  const { at, hessian, objectiveGradient, weight, lower, upper } = state;
  for (let j = 0; j < objectiveGradient.length; j++) objectiveGradient[j] = weight * at.gradient[j];
  setBounds(state, at.constraints);
  return { hessian, gradient: objectiveGradient, rows: at.jacobian, lower, upper, limit };
}

/** The same with other values of the constraints at `p = 0`. */
export function setBounds({ limits, at, lower, upper }: SqpState, c: Vector): void {
  const m = c.length;
  for (let i = 0; i < m; i++) {
    lower[i] = i < limits.equalities ? -c[i] : -Infinity;
    upper[i] = -c[i];
  }
  for (let j = 0; j < at.x.length; j++) {
    lower[m + j] = limits.lower[j] - at.x[j];
    upper[m + j] = limits.upper[j] - at.x[j];
  }
}

/** `ωf + μv` at a point. */
export function merit({ weight, penalty, limits }: SqpState, { value, constraints }: Evaluation): number {
  return (weight === 0 ? 0 : value) + penalty * violation(limits, constraints);
}

/** The slope `ω∇f·p - μ(v - v(c + Jp))` that is promised along p. */
export function promisedSlope(state: SqpState): number {
  const { at, direction: p, penalty, objectiveGradient, limits } = state;
  return dot(objectiveGradient, p) - penalty * (violation(limits, at.constraints) - linearViolation(state, p));
}
