/**
 * What a point is for a constrained problem: which constraints are active, what their multipliers say, and whether the
 * conditions of first and second order hold.
 *
 * ```
 * KKT      ∇L = ∇f + Jᵀλ less what active bounds hold is 0;  c = 0, g <= 0, ω >= 0, ω g = 0
 * LICQ     the gradients of the active constraints and bounds are independent: there are no other multipliers
 * strict complementarity   every active inequality and bound has a multiplier above 0
 * SOSC     dᵀ∇²L d > 0 for all d ≠ 0 that change neither equalities nor what has a multiplier above 0: a strict minimizer
 * SONC     dᵀ∇²L d >= 0 for all d that change no active constraint: so it is at every minimizer with LICQ
 * ```
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), definitions 12.4 and 12.5, theorems 12.1, 12.5 and 12.6.
 *
 * @module
 */
import {
  axpy,
  type Constrained,
  DomainError,
  type Matrix,
  measures,
  norm2,
  normInf,
  type Point,
  Presented,
  type Vector,
} from "../../core/mod.ts";
import { eigvalsh, identity, matmul, matrix, nullspace, transpose } from "../../linalg/mod.ts";
import {
  evaluateFirst,
  type Evaluation,
  evaluationAt,
  hasSecondDerivatives,
  lagrangianGradient,
  lagrangianHessian,
  type Limits,
  limitsOf,
} from "../evaluation.ts";
import type { ConstraintKind, ConstraintState, Findings } from "./findings.ts";
import { textOf, verdictOf } from "./words.ts";

/** Options of `kktReport`. */
export interface KktReportOptions {
  /**
   * What counts as 0: of constraints, relative to the larger of 1 and their gradient's length; of bounds, to that of 1
   * and |xⱼ|; of multipliers and of ∇L, to that of 1 and |∇f|∞; of singular values of the active gradients, each of
   * length 1, and of curvatures, to the largest. Default 1e-6.
   */
  readonly tolerance?: number;
}

/** What a point is for a problem. */
export interface KktReport extends Findings {}
/** What a point is for a problem. */
export class KktReport extends Presented {
  /** What the point is, in a sentence. */
  readonly verdict: string;

  /** A report of the findings. */
  constructor(findings: Findings) {
    super();
    Object.assign(this, findings);
    this.verdict = verdictOf(findings);
  }

  /** The verdict, the measures, and a line for each constraint and bound. */
  toString(): string {
    return textOf(this, this.verdict);
  }
}

/**
 * Looks at a point of a constrained problem, with the multipliers that a solver found: what is active, the measures of
 * the kind, independence of the active gradients, strict complementarity, curvature where constraints leave it free. It
 * evaluates functions and first derivatives twice, once for the measures, and the Hessian where there is one by n
 * products; the work is O(n³).
 *
 * @param point With a multiplier for each equality and inequality, as results of solvers have them.
 * @throws {ShapeError} When the point does not fit the problem.
 * @throws {DomainError} When multipliers are missing, functions or the point are not finite, or the tolerance is not in
 * (0, 1).
 *
 * @example What holds a solution
 * ```ts
 * import { augmentedLagrangian, kktReport } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { hockSchittkowski } from "@gradus/gradus/problems";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const { problem, start } = hockSchittkowski(71);
 * const report = kktReport(problem, solve(problem, augmentedLagrangian(), { start }).point);
 * assertStringIncludes(report.verdict, "a strict local minimizer");
 * assertEquals(report.constraints.filter(({ active }) => active).map(({ kind, index }) => `${kind} ${index}`), [
 *   "equality 0",
 *   "inequality 0",
 *   "lower bound 0",
 * ]);
 * ```
 */
export function kktReport(problem: Constrained, point: Point, options: KktReportOptions = {}): KktReport {
  const { tolerance = 1e-6 } = options, verb = "report on a point";
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new DomainError(`Cannot ${verb}: expected a tolerance in (0, 1), got ${tolerance}`);
  }
  const measured = measures(problem, point), limits = limitsOf(problem);
  const m = limits.equalities + limits.inequalities;
  if (m > 0 && !point.multipliers) {
    throw new DomainError(
      `Cannot ${verb}: expected multipliers, one for each of ${m} constraints, got none (a result's point has them)`,
    );
  }
  const multipliers = Float64Array.from(point.multipliers ?? []), at = evaluationAt(limits, Float64Array.from(point.x));
  if (!evaluateFirst(problem, at)) {
    throw new DomainError(`Cannot ${verb}: expected finite functions and first derivatives, got others`);
  }
  const gradient = new Float64Array(limits.variables);
  lagrangianGradient(at, multipliers, gradient);
  const zero = tolerance * Math.max(1, normInf(at.gradient));
  const rows = rowsAt(limits, at, multipliers, gradient, tolerance), constraints = rows.map(({ state }) => state);
  const { value, kktResidual, stationarity, primalFeasibility, dualFeasibility, complementarity } = measured;
  const active = rows.filter(({ state }) => state.active);
  const isStrong = ({ state: { kind, multiplier } }: Row): boolean => isEquation(kind) || multiplier > zero;
  const all = gradientsOf(active, limits.variables), basis = spanOf(all, tolerance);
  return new KktReport({
    value,
    kktResidual,
    stationarity,
    primalFeasibility,
    dualFeasibility,
    complementarity,
    constraints,
    isStationary: Math.max(stationarity, dualFeasibility, complementarity) <= zero &&
      !constraints.some(({ violated }) => violated),
    active: active.length,
    rank: basis.rank,
    dependent: active.filter((_, i) => basis.dependent[i]).map(({ state }) => state),
    weaklyActive: active.filter((row) => !isStrong(row)).map(({ state }) => state),
    ...curvaturesAt(problem, at.x, multipliers, basis.free, () => {
      return spanOf(gradientsOf(active.filter(isStrong), limits.variables), tolerance).free;
    }, tolerance),
    tolerance,
  });
}

/** A constraint or bound and its gradient. */
interface Row {
  readonly state: ConstraintState;
  readonly gradient: Vector;
}

/** All constraints and finite bounds. */
function rowsAt(
  { equalities, lower, upper }: Limits,
  { x, constraints: c, jacobian: { columns: n, data } }: Evaluation,
  multipliers: Vector,
  gradientOfL: Vector,
  tolerance: number,
): Row[] {
  const rows: Row[] = [];
  const add = (kind: ConstraintKind, index: number, value: number, multiplier: number, gradient: Vector): void => {
    const isBound = !kind.endsWith("equality"),
      size = isBound ? Math.max(1, Math.abs(x[index])) : Math.max(1, norm2(gradient));
    const allowed = tolerance * size, violated = (isEquation(kind) ? Math.abs(value) : value) > allowed;
    const active = isEquation(kind) || value >= -allowed;
    rows.push({
      state: { kind, index, value, multiplier: isBound && !active ? 0 : multiplier, active, violated },
      gradient,
    });
  };
  for (let i = 0; i < c.length; i++) {
    const kind = i < equalities ? "equality" : "inequality", index = i < equalities ? i : i - equalities;
    add(kind, index, c[i], multipliers[i], data.subarray(i * n, (i + 1) * n));
  }
  for (let j = 0; j < n; j++) {
    const axis = (sign: number): Vector => {
      const e = new Float64Array(n);
      e[j] = sign;
      return e;
    };
    if (lower[j] === upper[j]) {
      add("fixed variable", j, x[j] - lower[j], -gradientOfL[j], axis(1));
      continue;
    }
    if (lower[j] > -Infinity) add("lower bound", j, lower[j] - x[j], Math.max(0, gradientOfL[j]), axis(-1));
    if (upper[j] < Infinity) add("upper bound", j, x[j] - upper[j], Math.max(0, -gradientOfL[j]), axis(1));
  }
  return rows;
}

function isEquation(kind: ConstraintKind): boolean {
  return kind === "equality" || kind === "fixed variable";
}

/** The gradients as rows of length 1. */
function gradientsOf(rows: readonly Row[], n: number): Matrix {
  const A = matrix(rows.length, n);
  rows.forEach(({ gradient }, i) => axpy(1 / (norm2(gradient) || 1), gradient, A.data.subarray(i * n, (i + 1) * n)));
  return A;
}

/** What the rows of a matrix span, and what they leave. */
interface Span {
  readonly rank: number;
  /** Which rows take part in a dependence. */
  readonly dependent: readonly boolean[];
  /** An orthonormal basis, n x (n - rank), of what is orthogonal to all rows. */
  readonly free: Matrix;
}

function spanOf(A: Matrix, tolerance: number): Span {
  const { rows: m, columns: n } = A;
  if (m === 0) return { rank: 0, dependent: [], free: identity(n) };
  const vanishing = nullspace(transpose(A), { tolerance }), { columns: k, data } = vanishing;
  const dependent = Array.from({ length: m }, (_, i) => normInf(data.subarray(i * k, (i + 1) * k)) > 1e-3);
  return { rank: m - k, dependent, free: nullspace(A, { tolerance }) };
}

function curvaturesAt(
  problem: Constrained,
  x: Vector,
  multipliers: Vector,
  free: Matrix,
  critical: () => Matrix,
  tolerance: number,
): Pick<Findings, "curvatures" | "leastCurvature" | "flat"> {
  if (!hasSecondDerivatives(problem)) return { flat: 0 };
  const H = matrix(x.length, x.length);
  lagrangianHessian(problem, x, multipliers, H);
  const along = (Z: Matrix): Vector =>
    Z.columns === 0 ? new Float64Array(0) : eigvalsh(matmul(transpose(Z), matmul(H, Z)));
  const values = along(critical()), flat = tolerance * Math.max(Number.MIN_VALUE, normInf(H.data));
  return {
    curvatures: [values[0] ?? Infinity, values[values.length - 1] ?? -Infinity],
    leastCurvature: along(free)[0] ?? Infinity,
    flat,
  };
}
