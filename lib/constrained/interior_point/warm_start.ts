/**
 * A start from a point and multipliers, as those of a program that was a little different.
 *
 * Distances and multipliers of bounds are taken from them, but are no smaller than `δ`, in the units of the program: a
 * solution lies on the boundary, from where steps go nowhere. The iterate of a start without a point is kept, and taken
 * after all where a step is short, or 12 steps do not suffice. What such starts need is discussed by Skajaa, Andersen
 * and Ye, Warmstarting the homogeneous and self-dual interior point method for linear and conic quadratic problems
 * (2013).
 *
 * @module
 */
import { sparseMatrix, type Vector } from "../../core/mod.ts";
import { hasLower, hasUpper, type Iterate } from "./iterate.ts";
import { type ScaledProgram, scaleMultipliers, scaleVariables } from "./program.ts";

/** δ. */
const LEAST = 1e-4;

/** Writes the iterate at x and the multipliers y of the problem's rows. */
export function warmIterate(program: ScaledProgram, x: Vector, multipliers: Vector, out: Iterate): void {
  const { n, m, cost, lower, upper, system } = program, { v, y, t, w, z, q } = out;
  scaleVariables(program, x, v);
  scaleMultipliers(program, multipliers, y);
  const product = new Float64Array(n + m), u = new Float64Array(n + m);
  u.set(v.subarray(0, n));
  u.set(y, n);
  sparseMatrix(system).apply(u, product);
  for (let k = n; k < n + m; k++) v[k] = lower[k] < upper[k] ? product[k] : lower[k];
  for (let k = 0; k < n + m; k++) {
    const slope = k < n ? product[k] + cost[k] : -y[k - n];
    if (hasLower(program, k)) {
      t[k] = Math.max(v[k] - lower[k], LEAST);
      z[k] = Math.max(slope, LEAST);
    }
    if (hasUpper(program, k)) {
      w[k] = Math.max(upper[k] - v[k], LEAST);
      q[k] = Math.max(-slope, LEAST);
    }
  }
}
