/**
 * Iterates of the interior-point method, and Newton's steps from them.
 *
 * Over all `v = (x, s)`, variables and rows, with distances `t = v - lower`, `w = upper - v` and their multipliers z
 * and q:
 *
 * ```
 * Px + c + Aᵀy - z + q = 0   (variables)      -y - z + q = 0   (rows that are no equations)
 * Ax = s,   s the right-hand side of equations
 * t z = μ,   w q = μ
 * ```
 *
 * What bounds nothing has no distance, and its multiplier is 0.
 *
 * In a step, near a bound (`z > t`) dz comes from the first line and dt from the product, elsewhere dt from dv and dz
 * from the product: that divides by the larger of the two, so that rounding does not grow.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import type { NewtonSystem } from "./newton_system.ts";
import type { ScaledProgram } from "./program.ts";

/** An iterate, or a step. Plain data. */
export interface Iterate {
  /** `x`, then `s`. */
  readonly v: Vector;
  /** The multipliers of rows. */
  readonly y: Vector;
  /** Distances from lower bounds. */
  readonly t: Vector;
  /** Distances from upper bounds. */
  readonly w: Vector;
  /** Multipliers of lower bounds. */
  readonly z: Vector;
  /** Multipliers of upper bounds. */
  readonly q: Vector;
}

/** What is left of the conditions at an iterate. Plain data. */
export interface Residuals {
  /** Of the first line. */
  readonly dual: Vector;
  /** `Ax - s`. */
  readonly primal: Vector;
  /** `v - lower - t`. */
  readonly lower: Vector;
  /** `upper - v - w`. */
  readonly upper: Vector;
  /** What `t z` should change by. */
  readonly atLower: Vector;
  /** What `w q` should change by. */
  readonly atUpper: Vector;
}

/** Zeros. */
export function emptyIterate(n: number, m: number): Iterate {
  const all = (): Vector => new Float64Array(n + m);
  return { v: all(), y: new Float64Array(m), t: all(), w: all(), z: all(), q: all() };
}

/** Zeros. */
export function emptyResiduals(n: number, m: number): Residuals {
  const all = (): Vector => new Float64Array(n + m);
  return { dual: all(), primal: new Float64Array(m), lower: all(), upper: all(), atLower: all(), atUpper: all() };
}

/** Whether row or variable k has a distance from its lower bound. */
export function hasLower({ lower, upper }: ScaledProgram, k: number): boolean {
  return lower[k] > -Infinity && lower[k] < upper[k];
}

/** Whether row or variable k has a distance from its upper bound. */
export function hasUpper({ lower, upper }: ScaledProgram, k: number): boolean {
  return upper[k] < Infinity && lower[k] < upper[k];
}

/**
 * The residuals at an iterate.
 *
 * @param product `(Px + Aᵀy, Ax)`.
 * @param tau A factor of c and of all bounds.
 */
export function residualsAt(
  program: ScaledProgram,
  { v, y, t, w, z, q }: Iterate,
  product: Vector,
  out: Residuals,
  tau = 1,
): void {
  const { n, m, cost, lower, upper } = program;
  for (let k = 0; k < n + m; k++) {
    const gradient = k < n ? product[k] + tau * cost[k] : -y[k - n];
    out.dual[k] = lower[k] < upper[k] ? gradient - z[k] + q[k] : 0;
    out.lower[k] = hasLower(program, k) ? v[k] - tau * lower[k] - t[k] : 0;
    out.upper[k] = hasUpper(program, k) ? tau * upper[k] - v[k] - w[k] : 0;
  }
  for (let i = 0; i < m; i++) out.primal[i] = product[n + i] - v[n + i];
}

/** The number of distances. */
export function countBounds(program: ScaledProgram): number {
  let count = 0;
  for (let k = 0; k < program.lower.length; k++) {
    count += Number(hasLower(program, k)) + Number(hasUpper(program, k));
  }
  return count;
}

/** `μ`, the mean of the products of distances and multipliers; 0 without bounds. */
export function complementarity(program: ScaledProgram, at: Iterate): number {
  return complementarityAlong(program, at, at, 0, 0);
}

/** μ after steps of these lengths. */
export function complementarityAlong(
  program: ScaledProgram,
  { t, w, z, q }: Iterate,
  step: Iterate,
  primal: number,
  dual: number,
): number {
  let sum = 0, count = 0;
  for (let k = 0; k < t.length; k++) {
    if (hasLower(program, k)) {
      sum += (t[k] + primal * step.t[k]) * (z[k] + dual * step.z[k]);
      count++;
    }
    if (hasUpper(program, k)) {
      sum += (w[k] + primal * step.w[k]) * (q[k] + dual * step.q[k]);
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

/** Entries of the diagonal stay within this and its inverse. */
const LARGEST = 1e20;

/** The diagonal of the system of an iterate: D of variables, -E of rows. */
export function diagonalAt(program: ScaledProgram, { t, w, z, q }: Iterate, out: Vector): void {
  const { n, lower, upper } = program;
  for (let k = 0; k < out.length; k++) {
    let d = 0;
    if (hasLower(program, k)) d += z[k] / t[k];
    if (hasUpper(program, k)) d += q[k] / w[k];
    d = Math.min(Math.max(d, 1 / LARGEST), LARGEST);
    out[k] = k < n ? d : lower[k] < upper[k] ? -1 / d : 0;
  }
}

/** Room for a solution. Plain data. */
export interface Room {
  /** The right-hand side. */
  readonly right: Vector;
  /** `(dx, dy)`. */
  readonly solution: Vector;
  /** `(P dx + Aᵀdy, A dx)`. */
  readonly product: Vector;
}

/**
 * Newton's step that takes the residuals away.
 *
 * @param diagonal As `diagonalAt` gives it.
 */
export function newtonStep(
  program: ScaledProgram,
  at: Iterate,
  { dual, primal, lower, upper, atLower, atUpper }: Residuals,
  system: NewtonSystem,
  diagonal: Vector,
  { right, solution, product }: Room,
  out: Iterate,
): void {
  const { n, m } = program, { t, w, z, q } = at;
  for (let k = 0; k < n + m; k++) {
    let h = -dual[k];
    if (hasLower(program, k)) h += (atLower[k] - z[k] * lower[k]) / t[k];
    if (hasUpper(program, k)) h -= (atUpper[k] - q[k] * upper[k]) / w[k];
    right[k] = k < n ? h : -primal[k - n] - h * diagonal[k];
  }
  system.solve(right, solution);
  system.product(solution, product);
  for (let k = 0; k < n; k++) out.v[k] = solution[k];
  for (let i = 0; i < m; i++) {
    out.y[i] = solution[n + i];
    out.v[n + i] = diagonal[n + i] === 0 ? 0 : product[n + i] + primal[i];
  }
  for (let k = 0; k < n + m; k++) {
    const isLower = hasLower(program, k), isUpper = hasUpper(program, k);
    const below = isLower ? z[k] / t[k] : 0, above = isUpper ? q[k] / w[k] : 0;
    if (isLower) out.z[k] = (atLower[k] - z[k] * (out.v[k] + lower[k])) / t[k];
    if (isUpper) out.q[k] = (atUpper[k] - q[k] * (upper[k] - out.v[k])) / w[k];
    if (below + above > 1) { // held by a bound: its multiplier comes from the dual equation, v from the product with it
      const wanted = dual[k] + (k < n ? product[k] : -out.y[k - n]); // dz - dq
      if (below >= above) {
        out.z[k] = wanted + out.q[k];
        out.v[k] = (atLower[k] - t[k] * out.z[k]) / z[k] - lower[k];
      } else {
        out.q[k] = out.z[k] - wanted;
        out.v[k] = upper[k] - (atUpper[k] - w[k] * out.q[k]) / q[k];
      }
    }
    if (isLower) out.t[k] = out.v[k] + lower[k];
    if (isUpper) out.w[k] = upper[k] - out.v[k];
  }
}

/** Steps end at this share of the way to the boundary. */
export const SHARE = 0.995;

/** The largest step up to 2 that keeps a vector from 0 up. */
function longest(x: Vector, d: Vector): number {
  let a = 2;
  for (let k = 0; k < x.length; k++) if (d[k] < 0 && x[k] + a * d[k] < 0) a = -x[k] / d[k];
  return a;
}

/** The longest steps of distances and of multipliers, up to 1, that stay away from the boundary. */
export function longestSteps(at: Iterate, step: Iterate): { primal: number; dual: number } {
  return {
    primal: Math.min(1, SHARE * longest(at.t, step.t), SHARE * longest(at.w, step.w)),
    dual: Math.min(1, SHARE * longest(at.z, step.z), SHARE * longest(at.q, step.q)),
  };
}

/** Goes along a step. */
export function advance(at: Iterate, step: Iterate, primal: number, dual: number): void {
  for (let k = 0; k < at.v.length; k++) {
    at.v[k] += primal * step.v[k];
    at.t[k] += primal * step.t[k];
    at.w[k] += primal * step.w[k];
    at.z[k] += dual * step.z[k];
    at.q[k] += dual * step.q[k];
  }
  for (let i = 0; i < at.y.length; i++) at.y[i] += dual * step.y[i];
}

/** Copies one over another. */
export function copyIterate(from: Iterate, to: Iterate): void {
  to.v.set(from.v);
  to.y.set(from.y);
  to.t.set(from.t);
  to.w.set(from.w);
  to.z.set(from.z);
  to.q.set(from.q);
}
