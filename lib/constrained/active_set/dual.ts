/**
 * Strictly convex quadratic programs by a dual active-set method,
 *
 *     minimize ½ xᵀBx + gᵀx + γ Σ distance(aᵢᵀx, [lowerᵢ, upperᵢ]).
 *
 * ```
 * x, y minimize under the active constraints as equations, y within its limits
 * until no constraint is violated:
 *   take a violated one, with normal a;  its multiplier shall move by σ = ±1 for each t > 0
 *   r = N* a,  z = H a:        y -= σ t r,  x -= σ t z  keeps x, y a minimizer under the active ones
 *   t = least of: the constraint holds (it becomes active); an active multiplier is at a limit (it is dropped, and the same
 *       again); its own multiplier is at its limit
 *   no such t: the constraints contradict each other, and (σ, -σ r) are multipliers that prove it
 * ```
 *
 * Multipliers of inequalities are limited by 0, and, in an elastic program, those of rows by γ in magnitude: the dual
 * of a distance that costs γ. Rows at that limit are violated, and rows at it that are not violated are taken up again.
 * So an elastic program has always a solution, without variables for slacks.
 *
 * After Goldfarb and Idnani, A numerically stable dual method for solving strictly convex quadratic programs (1983),
 * section 3; Fletcher, Practical Methods of Optimization (1987), section 14.3, for the exact penalty function.
 *
 * @module
 */
import { axpy, dot, norm1, norm2, normInf } from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import {
  addNormal,
  beginFactors,
  dropNormal,
  solveTransposed,
  solveTriangle,
  transformNormal,
  transformUnit,
} from "./factors.ts";
import { ABOVE, type ActiveSet, AT_LOWER, AT_UPPER, BELOW, type DenseProgram, FREE } from "./program.ts";

/**
 * How a call ended: the solution is found, constraints changed, they contradict each other, B is not definite, it goes
 * in circles.
 */
export type Outcome = "solved" | "changed" | "infeasible" | "indefinite" | "circling";

/** Violations up to this, in units of the terms of a constraint, are rounding. */
const ROUNDING = 1e-12;

/** A violation of a constraint that depends on active ones is rounding up to this. */
const IMPLIED = 1e-9;

/** A normal is dependent if no more than this share of it is left beside the active ones. */
const DEPENDENT = 1e-11;

/** Pivots of B are to be above this share of its diagonal. */
const DEFINITE = 1e-15;

/** Solves a program, from the standing of constraints that an earlier solution left. */
export function solveProgram(program: DenseProgram, set: ActiveSet): Outcome {
  let outcome = beginProgram(program, set);
  const most = 100 + 20 * set.standing.length;
  for (let k = 0; outcome === "changed"; k++) {
    if (k === most) return "circling";
    outcome = advance(program, set);
  }
  return outcome;
}

/** The minimizer under the constraints that stand active, as far as their multipliers are within limits. */
export function beginProgram(program: DenseProgram, set: ActiveSet): Outcome {
  const { hessian, rows, lower, upper, limit } = program, { standing, factors, multipliers, active, d } = set;
  const n = factors.order, m = rows.rows;
  set.size = 0;
  set.implied.fill(0);
  for (let k = 0; k < m; k++) {
    const row = rows.data.subarray(k * n, (k + 1) * n);
    set.sums[k] = norm1(row);
    set.norms[k] = norm2(row) || 1;
  }
  if (!beginFactors(factors, hessian, DEFINITE)) return "indefinite";
  for (const equations of [true, false]) {
    for (let k = 0; k < standing.length; k++) {
      if ((lower[k] === upper[k]) !== equations) continue;
      if (standing[k] >= BELOW && limit < Infinity) {
        multipliers[k] = standing[k] === BELOW ? -limit : limit;
        continue;
      }
      const from = equations || standing[k] === BELOW ? AT_LOWER : standing[k] === ABOVE ? AT_UPPER : standing[k];
      standing[k] = FREE;
      multipliers[k] = 0;
      if (from === FREE || factors.count === n) continue;
      if (Math.abs(from === AT_LOWER ? lower[k] : upper[k]) === Infinity) continue;
      transform(program, set, k, m);
      if (rest(set) <= (equations ? DEPENDENT : Math.sqrt(DEPENDENT)) * norm2(d)) continue;
      standing[k] = from;
      active[factors.count] = k;
      addNormal(factors, d);
    }
  }
  settle(program, set);
  return "changed";
}

/** Minimizes under the active constraints, and drops those whose multipliers are then beyond their limits. */
function settle(program: DenseProgram, set: ActiveSet): void {
  minimizeOnActive(program, set);
  for (let place; (place = worst(program, set)) >= 0;) {
    const k = set.active[place], least = leastOf(program, set, k);
    drop(set, place, set.multipliers[k] < least ? least : mostOf(program, set, k));
    minimizeOnActive(program, set);
  }
}

/** Takes up the most violated constraint. */
export function advance(program: DenseProgram, set: ActiveSet): Outcome {
  const { lower, upper, rows } = program, { multipliers: y, standing, active, factors, d, r, z } = set;
  const m = rows.rows, k = mostViolated(program, set);
  if (k < 0) {
    if (set.isFresh) return "solved";
    minimizeOnActive(program, set);
    return "changed";
  }
  const at = valueOf(program, set, k), isBelow = standing[k] === BELOW, isAbove = standing[k] === ABOVE;
  const rises = isBelow || !isAbove && at > upper[k], sigma = rises ? 1 : -1;
  // rows at their limits come back towards the bound that they were beyond
  const target = isBelow || !isAbove && !rises ? lower[k] : upper[k];
  const own = isBelow || isAbove ? 0 : sigma * (k < m ? program.limit : Infinity);
  set.isFresh = false;
  while (true) {
    const q = factors.count;
    transform(program, set, k, m);
    const left = rest(set), isDependent = q === factors.order || left <= DEPENDENT * norm2(d);
    const gap = sigma * (valueOf(program, set, k) - target);
    if (isDependent && gap <= IMPLIED * unitOf(program, set, k, normInf(set.x)) + 100 * program.rounding[k]) {
      set.implied[k] = 1;
      if (standing[k] === FREE && y[k] !== 0) {
        y[k] = 0;
        settle(program, set);
      }
      return "changed";
    }
    for (let j = 0; j < q; j++) r[j] = d[j];
    solveTriangle(factors, r);
    const whole = isDependent ? Infinity : Math.max(gap, 0) / left ** 2, limited = Math.abs(own - y[k]);
    let step = Math.min(whole, limited), blocking = -1, reached = 0;
    for (let j = 0; j < q; j++) {
      const rate = -sigma * r[j];
      if (rate === 0) continue;
      const bound = rate < 0 ? leastOf(program, set, active[j]) : mostOf(program, set, active[j]);
      if (Math.abs(bound) === Infinity) continue;
      const until = Math.max(0, (bound - y[active[j]]) / rate);
      if (until < step) {
        step = until;
        blocking = j;
        reached = bound;
      }
    }
    if (step === Infinity) {
      prove(set, k, sigma);
      return "infeasible";
    }
    set.changes++;
    if (!isDependent) {
      z.fill(0);
      for (let i = q; i < factors.order; i++) {
        axpy(d[i], factors.basis.data.subarray(i * z.length, (i + 1) * z.length), z);
      }
      axpy(-sigma * step, z, set.x);
      set.size = Math.max(set.size, normInf(set.x));
    }
    for (let j = 0; j < q; j++) y[active[j]] -= sigma * step * r[j];
    y[k] += sigma * step;
    if (blocking >= 0) {
      drop(set, blocking, reached);
      continue;
    }
    if (step === whole) {
      standing[k] = target === lower[k] && lower[k] < upper[k] ? AT_LOWER : AT_UPPER;
      active[q] = k;
      addNormal(factors, d);
    } else stand(set, k, own);
    return "changed";
  }
}

/** Lets go of an active constraint whose multiplier has reached a limit. */
function drop(set: ActiveSet, place: number, limit: number): void {
  const { active, factors } = set, k = active[place];
  dropNormal(factors, place);
  active.copyWithin(place, place + 1, factors.count + 1);
  stand(set, k, limit);
  set.isFresh = false;
}

/** Sets a multiplier to its limit: 0, -γ or γ. */
function stand({ standing, multipliers }: ActiveSet, k: number, value: number): void {
  multipliers[k] = value;
  standing[k] = value === 0 ? FREE : value < 0 ? BELOW : ABOVE;
}

/** The least value of the multiplier of an active constraint. */
function leastOf({ lower, upper, limit, rows }: DenseProgram, { standing }: ActiveSet, k: number): number {
  if (lower[k] < upper[k] && standing[k] === AT_UPPER) return 0;
  return k < rows.rows ? -limit : -Infinity;
}

/** The largest value of the multiplier of an active constraint. */
function mostOf({ lower, upper, limit, rows }: DenseProgram, { standing }: ActiveSet, k: number): number {
  if (lower[k] < upper[k] && standing[k] === AT_LOWER) return 0;
  return k < rows.rows ? limit : Infinity;
}

/** The place of the active constraint whose multiplier is farthest beyond its limits; -1 where there is none. */
function worst(program: DenseProgram, set: ActiveSet): number {
  const { active, multipliers: y, factors } = set;
  let place = -1, most = 0;
  for (let j = 0; j < factors.count; j++) {
    const k = active[j], beyond = Math.max(leastOf(program, set, k) - y[k], y[k] - mostOf(program, set, k));
    if (beyond <= most) continue;
    most = beyond;
    place = j;
  }
  return place;
}

/** `aₖᵀx`. */
function valueOf({ rows }: DenseProgram, { x }: ActiveSet, k: number): number {
  const m = rows.rows, n = x.length;
  return k < m ? dot(rows.data.subarray(k * n, (k + 1) * n), x) : x[k - m];
}

/** `|aₖ|₁ |x|∞ + |bound|`: the size of the terms of a constraint. */
function unitOf({ rows, lower, upper }: DenseProgram, { sums }: ActiveSet, k: number, size: number): number {
  const least = Math.min(Math.abs(lower[k]), Math.abs(upper[k]));
  return (k < rows.rows ? sums[k] : 1) * size + (least < Infinity ? least : 0);
}

/** The constraint that is farthest from where it should be, in units of its normal; -1 where all are. */
function mostViolated(program: DenseProgram, set: ActiveSet): number {
  const { lower, upper, rows, rounding } = program, { standing, implied, x, norms, values, size } = set, m = rows.rows;
  if (m > 0) matvec(rows, x, values);
  let found = -1, most = 0;
  for (let k = 0; k < standing.length; k++) {
    if (standing[k] === AT_LOWER || standing[k] === AT_UPPER || implied[k]) continue;
    const at = k < m ? values[k] : x[k - m];
    const beyond = standing[k] === BELOW
      ? at - lower[k]
      : standing[k] === ABOVE
      ? upper[k] - at
      : Math.max(lower[k] - at, at - upper[k]);
    if (!(beyond > ROUNDING * unitOf(program, set, k, size) + rounding[k])) continue;
    const share = lower[k] === upper[k] ? Infinity : k < m ? beyond / norms[k] : beyond; // equations before all others
    if (share <= most) continue;
    most = share;
    found = k;
  }
  return found;
}

/** `d ← Jᵀ aₖ`. */
function transform({ rows }: DenseProgram, { factors, d }: ActiveSet, k: number, m: number): void {
  const n = d.length;
  if (k < m) transformNormal(factors, rows.data.subarray(k * n, (k + 1) * n), d);
  else transformUnit(factors, k - m, d);
}

/** `|d₂|₂`. */
function rest({ d, factors }: ActiveSet): number {
  return norm2(d.subarray(factors.count));
}

/**
 * x and y from the factorization: with `x = J w`, `Rᵀ w₁` = the bounds, `w₂ = -J₂ᵀ g`, `y = -R⁻¹(w₁ + J₁ᵀ g)`, and in g
 * what rows at their limits add.
 */
function minimizeOnActive(program: DenseProgram, set: ActiveSet): void {
  const { gradient, rows, lower, upper } = program, { factors, standing, active, multipliers: y, d, r, z, x } = set;
  const n = x.length, q = factors.count;
  z.set(gradient);
  for (let k = 0; k < rows.rows; k++) {
    if (standing[k] >= BELOW) axpy(y[k], rows.data.subarray(k * n, (k + 1) * n), z);
  }
  transformNormal(factors, z, d);
  for (let j = 0; j < q; j++) r[j] = standing[active[j]] === AT_LOWER ? lower[active[j]] : upper[active[j]];
  solveTransposed(factors, r);
  x.fill(0);
  for (let i = 0; i < n; i++) axpy(i < q ? r[i] : -d[i], factors.basis.data.subarray(i * n, (i + 1) * n), x);
  for (let j = 0; j < q; j++) r[j] = -r[j] - d[j];
  solveTriangle(factors, r);
  for (let j = 0; j < q; j++) y[active[j]] = r[j];
  set.size = normInf(x);
  set.isFresh = true;
}

/**
 * Leaves in y what proves that the constraints contradict each other: `Σ yₖ aₖ = 0`, and no x makes `Σ yₖ aₖᵀx` so
 * small.
 */
function prove({ multipliers: y, active, factors, r }: ActiveSet, k: number, sigma: number): void {
  y.fill(0);
  y[k] = sigma;
  for (let j = 0; j < factors.count; j++) y[active[j]] = -sigma * r[j];
}
