/**
 * Iterates of the barrier method, and how far they are from the conditions
 *
 *     ∇f + Aᵀλ - z + q = 0,   c = 0,   t z = μ,   r q = μ,      t = v - lower,  r = upper - v,
 *
 * where A holds the derivatives of c in all of v.
 *
 * @module
 */
import { norm1, normInf, type Vector } from "../../core/mod.ts";
import { type BarrierShape, type BarrierSite, emptySite } from "./program.ts";

/** A point with its multipliers. Distances are kept beside v, for they can be shorter than v's rounding. */
export interface BarrierIterate {
  /** v and the functions there. */
  readonly site: BarrierSite;
  /** λ. */
  readonly multipliers: Vector;
  /** t, infinite where there is no bound. */
  readonly aboveLower: Vector;
  /** r, infinite where there is no bound. */
  readonly belowUpper: Vector;
  /** z, 0 where there is no bound. */
  readonly atLower: Vector;
  /** q, 0 where there is no bound. */
  readonly atUpper: Vector;
}

/** A step of all that an iterate has. */
export interface BarrierStep {
  /** The step of v. */
  readonly v: Vector;
  /** The step of λ. */
  readonly multipliers: Vector;
  /** The step of z. */
  readonly atLower: Vector;
  /** The step of q. */
  readonly atUpper: Vector;
}

/** Room for an iterate. */
export function emptyIterate(shape: BarrierShape): BarrierIterate {
  const N = shape.lower.length, vector = (): Vector => new Float64Array(N);
  return {
    site: emptySite(shape),
    multipliers: new Float64Array(shape.rows),
    aboveLower: vector(),
    belowUpper: vector(),
    atLower: vector(),
    atUpper: vector(),
  };
}

/** Room for a step. */
export function emptyStep({ lower: { length }, rows }: BarrierShape): BarrierStep {
  return {
    v: new Float64Array(length),
    multipliers: new Float64Array(rows),
    atLower: new Float64Array(length),
    atUpper: new Float64Array(length),
  };
}

/** How far a start is moved off its bounds: `κ₁ max(1, |bound|)`, but no more than `κ₂` of the way to the other one. */
const PUSH = 1e-2;

/** Moves an entry between its bounds, off both. */
export function pushed(v: number, lower: number, upper: number): number {
  const off = (bound: number): number => Math.min(PUSH * Math.max(1, Math.abs(bound)), PUSH * (upper - lower));
  const least = lower > -Infinity ? lower + off(lower) : lower;
  const most = upper < Infinity ? upper - off(upper) : upper;
  return Math.max(least, Math.min(most, v));
}

/** Writes the distances of v from its bounds. */
export function measureDistances(
  { lower, upper }: BarrierShape,
  { site: { v }, aboveLower, belowUpper }: BarrierIterate,
): void {
  for (let k = 0; k < v.length; k++) {
    aboveLower[k] = v[k] - lower[k];
    belowUpper[k] = upper[k] - v[k];
  }
}

/** The longest step, up to 1, that leaves each of some positive numbers at least `1 - share` of what it was. */
export function longestStep(numbers: Vector, step: Vector, sign: 1 | -1, share: number): number {
  let longest = 1;
  for (let k = 0; k < numbers.length; k++) {
    const d = sign * step[k];
    if (d < 0 && numbers[k] < Infinity && -share * numbers[k] > longest * d) longest = -share * numbers[k] / d;
  }
  return longest;
}

/**
 * A distance is taken from v anew where it is longer than this, relative to the bound; shorter ones would be rounding.
 */
const EXACT = 1e-6;

/** Moves v and its distances: `to = from + length step`. v stays between its bounds, to the last bit. */
export function moveAlong(
  { lower, upper }: BarrierShape,
  from: BarrierIterate,
  step: Vector,
  length: number,
  to: BarrierIterate,
): void {
  const v = from.site.v, out = to.site.v;
  for (let k = 0; k < v.length; k++) {
    const d = length * step[k];
    out[k] = Math.max(lower[k], Math.min(upper[k], v[k] + d));
    const t = from.aboveLower[k] + d, r = from.belowUpper[k] - d;
    to.aboveLower[k] = t > EXACT * Math.max(1, Math.abs(lower[k])) ? out[k] - lower[k] : t;
    to.belowUpper[k] = r > EXACT * Math.max(1, Math.abs(upper[k])) ? upper[k] - out[k] : r;
  }
}

/** The steps of z and q that go with one of v (equation 12). */
export function writeBoundSteps(
  { aboveLower, belowUpper, atLower, atUpper }: BarrierIterate,
  mu: number,
  step: BarrierStep,
): void {
  for (let k = 0; k < step.v.length; k++) {
    step.atLower[k] = (mu - atLower[k] * step.v[k]) / aboveLower[k] - atLower[k];
    step.atUpper[k] = (mu + atUpper[k] * step.v[k]) / belowUpper[k] - atUpper[k];
  }
}

/** Products of distances and multipliers stay within this factor of μ. */
const KAPPA = 1e10;

/**
 * Moves the multipliers of bounds, and keeps their products with the distances, which have moved, near μ (equation 16).
 */
export function moveBoundMultipliers(
  from: BarrierIterate,
  step: BarrierStep,
  length: number,
  mu: number,
  to: BarrierIterate,
): void {
  moveOne(from.atLower, step.atLower, length, mu, to.aboveLower, to.atLower);
  moveOne(from.atUpper, step.atUpper, length, mu, to.belowUpper, to.atUpper);
}

function moveOne(from: Vector, step: Vector, length: number, mu: number, distance: Vector, to: Vector): void {
  for (let k = 0; k < from.length; k++) {
    if (distance[k] === Infinity) continue;
    const central = mu / distance[k];
    to[k] = Math.max(central / KAPPA, Math.min(central * KAPPA, from[k] + length * step[k]));
  }
}

/**
 * The share of `κ_d μ` in the barrier function of a distance that only one bound limits; it keeps v from running away.
 */
const DAMPING = 1e-5;

/** `φ(v) = f - μ Σ ln t - μ Σ ln r`, and `κ_d μ` times the distances from single bounds (equation 3). */
export function barrierValue({ site, aboveLower, belowUpper }: BarrierIterate, mu: number): number {
  let sum = 0, single = 0;
  for (let k = 0; k < aboveLower.length; k++) {
    const t = aboveLower[k], r = belowUpper[k];
    if (t < Infinity) sum += Math.log(t);
    if (r < Infinity) sum += Math.log(r);
    if (t < Infinity && r === Infinity) single += t;
    else if (r < Infinity && t === Infinity) single += r;
  }
  return site.value + mu * (DAMPING * single - sum);
}

/** Writes `∇φ`. */
export function barrierGradient({ site, aboveLower, belowUpper }: BarrierIterate, mu: number, out: Vector): void {
  for (let k = 0; k < out.length; k++) {
    const t = aboveLower[k], r = belowUpper[k];
    out[k] = site.gradient[k] + mu / r - mu / t;
    if (t < Infinity && r === Infinity) out[k] += DAMPING * mu;
    else if (r < Infinity && t === Infinity) out[k] -= DAMPING * mu;
  }
}

/** `out += Aᵀλ`. */
export function addTransposed(
  { core: n, row, sign }: BarrierShape,
  { jacobian }: BarrierSite,
  multipliers: Vector,
  out: Vector,
): void {
  const { rows, data } = jacobian;
  for (let i = 0; i < rows; i++) {
    const w = multipliers[i], at = i * n;
    if (w !== 0) { for (let j = 0; j < n; j++) out[j] += w * data[at + j]; }
  }
  for (let k = 0; k < row.length; k++) out[n + k] += sign[k] * multipliers[row[k]];
}

/** `θ = |c|₁`. */
export function violation({ site }: BarrierIterate): number {
  return norm1(site.constraints);
}

/** The largest residuals of the conditions, of each kind. */
interface Residuals {
  readonly dual: number;
  readonly primal: number;
  readonly complementary: number;
}

function residualsOf(shape: BarrierShape, at: BarrierIterate, mu: number, room: Vector): Residuals {
  const { site, multipliers, aboveLower, belowUpper, atLower, atUpper } = at, N = room.length;
  room.set(site.gradient);
  addTransposed(shape, site, multipliers, room);
  let dual = 0, complementary = 0;
  for (let k = 0; k < N; k++) {
    dual = Math.max(dual, Math.abs(room[k] - atLower[k] + atUpper[k]));
    if (aboveLower[k] < Infinity) complementary = Math.max(complementary, Math.abs(aboveLower[k] * atLower[k] - mu));
    if (belowUpper[k] < Infinity) complementary = Math.max(complementary, Math.abs(belowUpper[k] * atUpper[k] - mu));
  }
  return { dual, primal: normInf(site.constraints), complementary };
}

/** The largest residual of the conditions. */
export function largestResidual(shape: BarrierShape, at: BarrierIterate, mu: number, room: Vector): number {
  const { dual, primal, complementary } = residualsOf(shape, at, mu, room);
  return Math.max(dual, primal, complementary);
}

/** Multipliers of a mean size above this make up for larger residuals. */
const LARGE = 100;

/** `E_μ`, the largest residual of the conditions, in units of the multipliers if these are large (equation 5). */
export function barrierError(shape: BarrierShape, at: BarrierIterate, mu: number, room: Vector): number {
  const { dual, primal, complementary } = residualsOf(shape, at, mu, room);
  const { multipliers, aboveLower, belowUpper, atLower, atUpper } = at, sum = norm1(atLower) + norm1(atUpper);
  let bounds = 0;
  for (let k = 0; k < room.length; k++) {
    bounds += (aboveLower[k] < Infinity ? 1 : 0) + (belowUpper[k] < Infinity ? 1 : 0);
  }
  const mean = (norm1(multipliers) + sum) / Math.max(1, multipliers.length + bounds);
  const dualUnit = Math.max(LARGE, mean) / LARGE, boundUnit = Math.max(LARGE, sum / Math.max(1, bounds)) / LARGE;
  return Math.max(dual / dualUnit, primal, complementary / boundUnit);
}
