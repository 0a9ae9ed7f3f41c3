/**
 * What methods for general constraints know of a problem at a point.
 *
 * The equalities and then the inequalities are one vector `c = (c_E, g)` with one Jacobian `J` and one vector of
 * multipliers `λ`, in the order of `Point.multipliers`; `∇L = ∇f + Jᵀλ`, `∇²L = ∇²f + Σ λᵢ ∇²cᵢ`.
 *
 * @module
 */
import {
  axpy,
  boundsOf,
  type Constrained,
  DomainError,
  isFiniteVector,
  type KktParts,
  kktParts,
  type Matrix,
  scale,
  type Status,
  type TwiceSmooth,
  type Vector,
  type VectorFunction,
  writeJacobian,
} from "../core/mod.ts";
import { matrix } from "../linalg/mod.ts";

/** The sizes and bounds of a problem. */
export interface Limits {
  /** The number `n` of variables. */
  readonly variables: number;
  /** The number of equalities. */
  readonly equalities: number;
  /** The number of inequalities. */
  readonly inequalities: number;
  /** Lower bounds of the variables; `-Infinity` for none. */
  readonly lower: Vector;
  /** Upper bounds of the variables; `Infinity` for none. */
  readonly upper: Vector;
}

/** Functions and first derivatives at a point. */
export interface Evaluation {
  /** x, n entries. */
  readonly x: Vector;
  /** f(x). */
  value: number;
  /** ∇f(x). */
  readonly gradient: Vector;
  /** c(x), m entries. */
  readonly constraints: Vector;
  /** J(x), m x n. */
  readonly jacobian: Matrix;
}

/** The sizes and bounds of a problem. */
export function limitsOf(problem: Constrained): Limits {
  const { objective, constraints } = problem, [lower, upper] = boundsOf(problem);
  return {
    variables: objective.dimension,
    equalities: constraints.equality?.components ?? 0,
    inequalities: constraints.inequality?.components ?? 0,
    lower,
    upper,
  };
}

/** Room for what is known at x, which is copied; nothing is evaluated. */
export function evaluationAt({ variables: n, equalities, inequalities }: Limits, x: Vector): Evaluation {
  const m = equalities + inequalities;
  return {
    x: x.slice(),
    value: NaN,
    gradient: new Float64Array(n),
    constraints: new Float64Array(m),
    jacobian: matrix(m, n),
  };
}

/** Evaluates f and c at x. Returns whether they are finite. */
export function evaluateValues({ objective, constraints }: Constrained, at: Evaluation): boolean {
  at.value = objective.value(at.x);
  evaluateConstraints(constraints, at);
  return Number.isFinite(at.value) && isFiniteVector(at.constraints);
}

/** Evaluates f, c, ∇f and J at x. Returns whether they are finite. */
export function evaluateFirst(problem: Constrained, at: Evaluation): boolean {
  evaluateConstraints(problem.constraints, at);
  return evaluateDerivatives(problem, at) && isFiniteVector(at.constraints);
}

/** Evaluates f, ∇f and J at x, where c is known. Returns whether they are finite. */
export function evaluateDerivatives({ objective, constraints }: Constrained, at: Evaluation): boolean {
  at.value = objective.gradient(at.x, at.gradient);
  evaluateJacobian(constraints, at);
  return Number.isFinite(at.value) && isFiniteVector(at.gradient) && isFiniteVector(at.jacobian.data);
}

/** Evaluates c at x. */
export function evaluateConstraints(
  { equality, inequality }: Constrained["constraints"],
  { x, constraints }: Pick<Evaluation, "x" | "constraints">,
): void {
  const first = equality?.components ?? 0;
  equality?.value(x, constraints.subarray(0, first));
  inequality?.value(x, constraints.subarray(first));
}

function evaluateJacobian({ equality, inequality }: Constrained["constraints"], { x, jacobian }: Evaluation): void {
  const { columns: n, data } = jacobian, first = equality?.components ?? 0;
  const rows = (from: number, count: number): Matrix => ({
    rows: count,
    columns: n,
    data: data.subarray(from * n, (from + count) * n),
  });
  if (equality) writeJacobian(equality, x, rows(0, first));
  if (inequality) writeJacobian(inequality, x, rows(first, inequality.components));
}

/** Writes `∇L = ∇f + Jᵀλ` into `out`. */
export function lagrangianGradient({ gradient, jacobian }: Evaluation, multipliers: Vector, out: Vector): void {
  const { rows, columns: n, data } = jacobian;
  out.set(gradient);
  for (let i = 0; i < rows; i++) {
    if (multipliers[i] !== 0) axpy(multipliers[i], data.subarray(i * n, (i + 1) * n), out);
  }
}

/** The measures of the kind at a point, from what is known there; `gradient` is ∇L. */
export function partsAt(
  limits: Limits,
  at: Pick<Evaluation, "x" | "constraints">,
  multipliers: Vector,
  gradient: Vector,
): KktParts {
  const { equalities, lower, upper } = limits, { x, constraints } = at;
  return kktParts({
    x,
    lower,
    upper,
    gradient,
    equality: constraints.subarray(0, equalities),
    inequality: constraints.subarray(equalities),
    omega: multipliers.subarray(equalities),
  });
}

/** An estimate that is good enough where no better one can be had. */
export const ACCEPTABLE = 1e-6;

/** How a run ends that cannot go on: at its precision, if its estimate is good enough. */
export function statusOf(estimate: number): Status {
  return estimate <= ACCEPTABLE ? "stalled-at-precision" : "line-search-failed";
}

/** The largest violation of a constraint. */
export function largestViolation({ equalities }: Limits, c: Vector): number {
  let most = 0;
  for (let i = 0; i < c.length; i++) most = Math.max(most, i < equalities ? Math.abs(c[i]) : c[i]);
  return most;
}

/** Whether the objective and all constraints have second derivatives. */
export function hasSecondDerivatives({ objective, constraints: { equality, inequality } }: Constrained): boolean {
  const has = (part: Partial<TwiceSmooth> | VectorFunction): boolean => part.hessianVector !== undefined;
  return has(objective) && (!equality || has(equality)) && (!inequality || has(inequality));
}

/**
 * Writes `∇²L(x)`, n x n, into `out`: n products; with a weight, `weight ∇²f + Σ λᵢ ∇²cᵢ`.
 *
 * @throws {DomainError} When second derivatives are missing.
 */
export function lagrangianHessian(
  problem: Constrained,
  x: Vector,
  multipliers: Vector,
  out: Matrix,
  weight = 1,
): void {
  if (!hasSecondDerivatives(problem)) {
    throw new DomainError(
      "Cannot form the Hessian of a Lagrangian: expected second derivatives of all, got none of some",
    );
  }
  const objective = problem.objective as TwiceSmooth, { equality, inequality } = problem.constraints;
  const n = x.length, first = equality?.components ?? 0, unit = new Float64Array(n), product = new Float64Array(n);
  const parts: readonly [VectorFunction | undefined, Vector][] = [
    [equality, multipliers.subarray(0, first)],
    [inequality, multipliers.subarray(first)],
  ];
  for (let j = 0; j < n; j++) {
    const row = out.data.subarray(j * n, (j + 1) * n);
    unit[j] = 1;
    if (weight === 0) row.fill(0);
    else objective.hessianVector(x, unit, row);
    if (weight !== 1) scale(weight, row);
    for (const [part, weights] of parts) {
      if (!part) continue;
      part.hessianVector!(x, weights, unit, product);
      axpy(1, product, row);
    }
    unit[j] = 0;
  }
}
