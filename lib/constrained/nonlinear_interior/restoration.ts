/**
 * Feasibility restoration: where the filter accepts no step, the violation is brought down by the barrier method
 * itself, on
 *
 *     minimize ρ Σ (p + n) + ζ/2 |D (v - v_R)|²  where  c(v) - p + n = 0,  lower <= v <= upper,  p, n >= 0,
 *
 * `ζ = √μ`, `D = min(1, 1/|v_R|)`, v_R the point where it began. Where that ends with p + n > 0 the violation is
 * stationary.
 *
 * See Wächter and Biegler (2006), section 3.3.
 *
 * @module
 */
import { type Constrained, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { type Barrier, barrierOf, begin } from "./barrier.ts";
import { accepts, augment } from "./filter.ts";
import { type BarrierIterate, barrierValue, violation } from "./iterate.ts";
import { type BarrierOriginal, type BarrierShape, type BarrierSite, type Program, scaledHessian } from "./program.ts";

/** The state of the restoration. */
export interface Restoration {
  /** Whether it is under way. */
  active: boolean;
  /** The barrier method on its problem. */
  readonly barrier: Barrier;
  /** Its form: the entries of w are those of the problem, then p, then n. */
  readonly shape: BarrierShape;
  /** v_R. */
  readonly reference: Vector;
  /** The squares of D. */
  readonly weights: Vector;
  /** `ζ D²`, and zeros for p and n. */
  readonly curvature: Vector;
  /** θ where it began. */
  theta: number;
  /** Whether p and n have just been made the best ones for v. */
  centred: boolean;
}

/** ρ. */
const RHO = 1000;

/** A restoration of a problem, not begun. */
export function restorationOf({ core, rows, row, sign, lower, upper }: BarrierShape): Restoration {
  const N = lower.length, all = N + 2 * rows;
  const shape: BarrierShape = {
    core,
    rows,
    row: Int32Array.from(
      { length: row.length + 2 * rows },
      (_, k) => k < row.length ? row[k] : (k - row.length) % rows,
    ),
    sign: Int8Array.from(
      { length: row.length + 2 * rows },
      (_, k) => k < row.length ? sign[k] : k < row.length + rows ? -1 : 1,
    ),
    lower: Float64Array.from({ length: all }, (_, k) => k < N ? lower[k] : 0),
    upper: Float64Array.from({ length: all }, (_, k) => k < N ? upper[k] : Infinity),
  };
  return {
    active: false,
    barrier: barrierOf(shape),
    shape,
    reference: new Float64Array(N),
    weights: new Float64Array(N),
    curvature: new Float64Array(all),
    theta: 0,
    centred: false,
  };
}

/** The problem of the restoration; what is evaluated of the program itself is left at a site. */
export function feasibilityProgram(
  problem: Constrained,
  original: BarrierOriginal,
  program: Program,
  restoration: Restoration,
  site: BarrierSite,
): Program {
  const { shape, curvature } = restoration, { rows } = shape, N = program.shape.lower.length;
  return {
    shape,
    curvature,
    values: (at) => {
      site.v.set(at.v.subarray(0, N));
      const finite = program.values(site);
      for (let i = 0; i < rows; i++) at.constraints[i] = site.constraints[i] - at.v[N + i] + at.v[N + rows + i];
      writeObjective(restoration, at);
      return finite;
    },
    derivatives: (at) => {
      const finite = program.derivatives(site);
      at.jacobian.data.set(site.jacobian.data);
      return finite;
    },
    ...(program.hessian && {
      hessian: (v: Vector, multipliers: Vector, out: Matrix): void =>
        scaledHessian(problem, original, v, multipliers, 0, out),
    }),
  };
}

/** Writes the objective and its gradient. */
function writeObjective({ reference, curvature }: Restoration, at: BarrierSite): void {
  const { v, gradient } = at, N = reference.length;
  at.value = 0;
  for (let k = 0; k < N; k++) {
    const d = v[k] - reference[k];
    gradient[k] = curvature[k] * d;
    at.value += gradient[k] * d / 2;
  }
  for (let k = N; k < v.length; k++) {
    gradient[k] = RHO;
    at.value += RHO * v[k];
  }
}

/** Makes `ζ = √μ`, for the μ that it has now. */
export function weigh(restoration: Restoration): void {
  const { barrier: { at, mu }, weights, curvature } = restoration;
  for (let k = 0; k < weights.length; k++) curvature[k] = Math.sqrt(mu) * weights[k];
  writeObjective(restoration, at.site);
}

/** Begins at the iterate of the barrier method, whose filter refuses it from now on. */
export function beginRestoration(restoration: Restoration, { at, mu, filter }: Barrier): void {
  const { barrier, reference, weights } = restoration;
  restoration.active = true;
  restoration.theta = violation(at);
  augment(filter, restoration.theta, barrierValue(at, mu));
  reference.set(at.site.v);
  for (let k = 0; k < weights.length; k++) weights[k] = Math.min(1, 1 / Math.abs(reference[k])) ** 2;
  barrier.mu = Math.max(mu, normInf(at.site.constraints));
  barrier.at.site.v.fill(0);
  barrier.at.site.v.set(at.site.v);
  barrier.at.site.constraints.set(at.site.constraints);
  barrier.at.site.jacobian.data.set(at.site.jacobian.data);
  barrier.at.aboveLower.fill(Infinity);
  barrier.at.belowUpper.fill(Infinity);
  barrier.at.aboveLower.set(at.aboveLower);
  barrier.at.belowUpper.set(at.belowUpper);
  barrier.at.atLower.fill(0);
  barrier.at.atUpper.fill(0);
  for (let k = 0; k < weights.length; k++) {
    barrier.at.atLower[k] = Math.min(RHO, at.atLower[k]);
    barrier.at.atUpper[k] = Math.min(RHO, at.atUpper[k]);
  }
  centre(restoration);
  begin(barrier);
}

/** Makes p and n the minimizers of the barrier function for v (equation 33). */
export function centre(restoration: Restoration): void {
  const { barrier: { at, mu }, reference, shape: { rows } } = restoration, { v, constraints } = at.site;
  const N = reference.length;
  for (let i = 0; i < rows; i++) {
    const signed = constraints[i] + v[N + i] - v[N + rows + i]; // c(v)
    const c = Math.abs(signed), half = (mu / RHO - c) / 2, product = mu * c / (2 * RHO);
    const root = Math.sqrt(half * half + product), least = half >= 0 ? half + root : product / (root - half);
    set(at, N + i, signed >= 0 ? c + least : least, mu);
    set(at, N + rows + i, signed >= 0 ? least : c + least, mu);
    constraints[i] = 0;
  }
  at.multipliers.fill(0);
  restoration.centred = true;
}

/**
 * Whether the iterate may be given back: its violation has come down, and the filter of the barrier method accepts it.
 */
export function isRestored({ theta }: Restoration, { trial, filter, mu }: Barrier): boolean {
  const now = violation(trial);
  return now <= LESS * theta && accepts(filter, now, barrierValue(trial, mu));
}

/**
 * What is to be left of θ: with the paper's 0.9 restorations follow each other where constraints are strongly curved.
 */
const LESS = 0.1;

function set(at: BarrierIterate, k: number, value: number, mu: number): void {
  at.site.v[k] = at.aboveLower[k] = value;
  at.atLower[k] = mu / value;
}
