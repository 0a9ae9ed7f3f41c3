/**
 * The form in which the barrier method sees a problem: equations and bounds,
 *
 *     minimize f(v)  where  c(v) = 0,  lower <= v <= upper,   v = (x, w).
 *
 * Each w enters f and c linearly, but for a diagonal of second derivatives, and stands with the sign σ in a single row
 * of c: slacks are such. The derivatives in x are dense.
 *
 * @module
 */
import type { Constrained, Matrix, Vector } from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import {
  evaluateDerivatives,
  evaluateValues,
  type Evaluation,
  evaluationAt,
  hasSecondDerivatives,
  lagrangianHessian,
  type Limits,
  limitsOf,
} from "../evaluation.ts";

/** Functions and first derivatives at a point of a program. */
export interface BarrierSite {
  /** (x, w). */
  readonly v: Vector;
  /** f. */
  value: number;
  /** ∇f. */
  readonly gradient: Vector;
  /** c, M entries. */
  readonly constraints: Vector;
  /** The derivatives of c in x, M x n. */
  readonly jacobian: Matrix;
}

/** What does not change of a program. */
export interface BarrierShape {
  /** The number n of entries of x. */
  readonly core: number;
  /** The number M of rows of c. */
  readonly rows: number;
  /** The row in which each w stands. */
  readonly row: Int32Array;
  /** Its sign there. */
  readonly sign: Int8Array;
  /** Lower bounds of v; `-Infinity` for none. */
  readonly lower: Vector;
  /** Upper bounds of v; `Infinity` for none. */
  readonly upper: Vector;
}

/** A program: its shape and its functions. */
export interface Program {
  /** What does not change. */
  readonly shape: BarrierShape;
  /** A part of `∇²f` that is known and diagonal; none where it is left out. */
  readonly curvature?: Vector;
  /** Writes f and c at a site. Returns whether they are finite. */
  readonly values: (at: BarrierSite) => boolean;
  /** Writes f, ∇f and J at a site whose values have just been written. Returns whether they are finite. */
  readonly derivatives: (at: BarrierSite) => boolean;
  /** Writes the rest of `∇²f + Σ λᵢ ∇²cᵢ` in x; undefined without second derivatives. */
  readonly hessian?: (v: Vector, multipliers: Vector, out: Matrix) => void;
}

/**
 * A problem in that form: the inequalities are `g(x) + w = 0`, `w >= 0`, and f and the rows are multiplied by numbers.
 */
export interface BarrierOriginal {
  /** The sizes and bounds of the problem. */
  readonly limits: Limits;
  /** The form. */
  readonly shape: BarrierShape;
  /** 1 where a variable has equal bounds and hence no derivatives here. */
  readonly fixed: Uint8Array;
  /** What f is multiplied by. */
  objectiveScale: number;
  /** What the rows are multiplied by. */
  readonly rowScale: Vector;
  /** The problem as it was evaluated last. */
  readonly raw: Evaluation;
}

/** A site where nothing is evaluated yet. */
export function emptySite({ core, rows, row }: BarrierShape): BarrierSite {
  const N = core + row.length;
  return {
    v: new Float64Array(N),
    value: NaN,
    gradient: new Float64Array(N),
    constraints: new Float64Array(rows),
    jacobian: matrix(rows, core),
  };
}

/** A problem in the form of a program, not scaled yet. */
export function originalOf(problem: Constrained): BarrierOriginal {
  const limits = limitsOf(problem), { variables: n, equalities, inequalities } = limits;
  const rows = equalities + inequalities, fixed = new Uint8Array(n);
  const lower = new Float64Array(n + inequalities), upper = lower.slice().fill(Infinity);
  for (let j = 0; j < n; j++) {
    fixed[j] = limits.lower[j] === limits.upper[j] ? 1 : 0;
    lower[j] = fixed[j] ? -Infinity : limits.lower[j];
    upper[j] = fixed[j] ? Infinity : limits.upper[j];
  }
  return {
    limits,
    shape: {
      core: n,
      rows,
      row: Int32Array.from({ length: inequalities }, (_, k) => equalities + k),
      sign: new Int8Array(inequalities).fill(1),
      lower,
      upper,
    },
    fixed,
    objectiveScale: 1,
    rowScale: new Float64Array(rows).fill(1),
    raw: evaluationAt(limits, new Float64Array(n)),
  };
}

/** The functions of a problem in the form of a program. */
export function programOf(problem: Constrained, original: BarrierOriginal): Program {
  const { shape, raw } = original;
  return {
    shape,
    values: (at) => {
      raw.x.set(at.v.subarray(0, shape.core));
      const finite = evaluateValues(problem, raw);
      takeValues(original, at);
      return finite;
    },
    derivatives: (at) => {
      const finite = evaluateDerivatives(problem, raw);
      takeDerivatives(original, at);
      return finite;
    },
    ...(hasSecondDerivatives(problem) && {
      hessian: (v: Vector, multipliers: Vector, out: Matrix): void =>
        scaledHessian(problem, original, v, multipliers, 1, out),
    }),
  };
}

/** Writes f and c at a site, from the problem as it was evaluated last. */
export function takeValues({ shape, objectiveScale, rowScale, raw }: BarrierOriginal, at: BarrierSite): void {
  const { core: n, rows, row } = shape;
  at.value = objectiveScale * raw.value;
  for (let i = 0; i < rows; i++) at.constraints[i] = rowScale[i] * raw.constraints[i];
  for (let k = 0; k < row.length; k++) at.constraints[row[k]] += at.v[n + k];
}

/** Writes ∇f and J at a site, from the problem as it was evaluated last. */
export function takeDerivatives(
  { shape, fixed, objectiveScale, rowScale, raw }: BarrierOriginal,
  { gradient, jacobian }: BarrierSite,
): void {
  const { core: n, rows } = shape, { data } = jacobian;
  for (let j = 0; j < n; j++) gradient[j] = fixed[j] ? 0 : objectiveScale * raw.gradient[j];
  for (let i = 0; i < rows; i++) {
    for (let j = 0, k = i * n; j < n; j++, k++) data[k] = fixed[j] ? 0 : rowScale[i] * raw.jacobian.data[k];
  }
}

/** Writes `weight ∇²f + Σ λᵢ ∇²cᵢ` of the scaled functions; the rows of fixed variables are those of the identity. */
export function scaledHessian(
  problem: Constrained,
  { shape: { core: n, rows }, fixed, objectiveScale, rowScale }: BarrierOriginal,
  v: Vector,
  multipliers: Vector,
  weight: 0 | 1,
  out: Matrix,
): void {
  const scaled = multipliers.slice();
  for (let i = 0; i < rows; i++) scaled[i] *= rowScale[i];
  lagrangianHessian(problem, v.subarray(0, n), scaled, out, weight * objectiveScale);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (fixed[i] || fixed[j]) out.data[i * n + j] = i === j ? 1 : 0;
  }
}

/** The largest entry of a gradient at the start, after scaling. */
const LARGEST_GRADIENT = 100, LEAST_SCALE = 1e-8;

/**
 * Scales f and the rows so that no gradient has an entry above 100 where they were evaluated last, by powers of two.
 */
export function scaleFunctions(original: BarrierOriginal): void {
  const { shape: { core: n, rows }, fixed, raw, rowScale } = original;
  const power = (gradient: Vector): number => {
    let largest = 0;
    for (let j = 0; j < n; j++) if (!fixed[j]) largest = Math.max(largest, Math.abs(gradient[j]));
    if (largest <= LARGEST_GRADIENT) return 1;
    return 2 ** Math.floor(Math.log2(Math.max(LARGEST_GRADIENT / largest, LEAST_SCALE))); // which does not round
  };
  original.objectiveScale = power(raw.gradient);
  for (let i = 0; i < rows; i++) rowScale[i] = power(raw.jacobian.data.subarray(i * n, (i + 1) * n));
}

/**
 * Writes the multipliers of the problem that belong to those of its scaled rows; those of inequalities are not below 0.
 */
export function unscaleMultipliers(
  { limits, objectiveScale, rowScale }: BarrierOriginal,
  scaled: Vector,
  out: Vector,
): void {
  for (let i = 0; i < out.length; i++) {
    const multiplier = scaled[i] * rowScale[i] / objectiveScale;
    out[i] = i < limits.equalities ? multiplier : Math.max(0, multiplier);
  }
}
