/**
 * Projections on the simplex and the l1 ball, exact and without sorting.
 *
 * ```
 * P(x) = max(x - τ, 0),   τ such that the entries sum to the total
 * ```
 *
 * Entries that may be above τ are collected while a lower bound ρ of τ rises; then those below it are struck out until
 * none is left. O(n) operations in practice.
 *
 * Source: Condat, Fast projection onto the simplex and the l1 ball (2016), algorithm 1.
 *
 * @module
 */
import { checkPositive, DomainError, norm1, type Vector } from "../core/mod.ts";
import { atMost, type CompactSet, convexSet, Scratch } from "./convex_set.ts";

/**
 * The simplex `x >= 0, Σ xᵢ = s`.
 *
 * @throws {DomainError} When s is not positive.
 *
 * @example A probability distribution
 * ```ts
 * import { simplex } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new Float64Array(3);
 * simplex().project(Float64Array.of(1, 0.5, -2), out);
 * assertEquals(out, Float64Array.of(0.75, 0.25, 0));
 * ```
 */
export function simplex(total = 1): CompactSet {
  checkPositive("make a simplex", "a total", total);
  const scratch = new Scratch();
  const contains = (x: Vector): boolean => {
    let sum = 0, least = Infinity;
    for (let i = 0; i < x.length; i++) {
      sum += x[i];
      least = Math.min(least, x[i]);
    }
    return atMost(-least, 0, total) && atMost(Math.abs(sum - total), 0, total);
  };
  return {
    ...convexSet(contains, (x, out) => {
      const n = x.length;
      let most = -Infinity;
      for (let i = 0; i < n; i++) most = Math.max(most, x[i]);
      const tau = threshold(x, n, total, scratch.of(n), false, most);
      for (let i = 0; i < n; i++) out[i] = Math.max(x[i] - most - tau, 0);
    }),
    minimizeLinear: (g, out) => {
      let least = 0;
      for (let i = 1; i < g.length; i++) if (g[i] < g[least]) least = i;
      out.fill(0);
      out[least] = total;
    },
  };
}

/**
 * The ball `|x|₁ <= r`.
 *
 * @throws {DomainError} When r is not positive.
 */
export function l1Ball(radius = 1): CompactSet {
  checkPositive("make a ball", "a radius", radius);
  const scratch = new Scratch();
  return {
    ...convexSet(
      (x) => atMost(norm1(x), radius),
      (x, out) => projectOnL1Ball(x, x.length, radius, out, scratch.of(x.length)),
    ),
    minimizeLinear: (g, out) => {
      let most = 0;
      for (let i = 1; i < g.length; i++) if (Math.abs(g[i]) > Math.abs(g[most])) most = i;
      const vertex = g[most] > 0 ? -radius : radius;
      out.fill(0);
      out[most] = vertex;
    },
  };
}

/** Writes the projection of the first n entries of x on the l1 ball into `out`, which may be x. */
export function projectOnL1Ball(x: Vector, n: number, radius: number, out: Vector, scratch: Vector): void {
  let sum = 0, most = 0;
  for (let i = 0; i < n; i++) {
    sum += Math.abs(x[i]);
    most = Math.max(most, Math.abs(x[i]));
  }
  if (sum <= radius) {
    for (let i = 0; i < n; i++) out[i] = x[i];
    return;
  }
  const tau = threshold(x, n, radius, scratch, true, most);
  for (let i = 0; i < n; i++) {
    const size = Math.max(Math.abs(x[i]) - most - tau, 0);
    out[i] = x[i] < 0 ? -size : size;
  }
}

/**
 * `τ - m` for the first n entries of x, or for their magnitudes, m the largest of these, from which differences are
 * exact to the size of the total; `scratch` holds at least n numbers.
 */
function threshold(x: Vector, n: number, total: number, scratch: Vector, magnitudes: boolean, m: number): number {
  if (n === 0) throw new DomainError("Cannot project: expected at least one entry");
  // scratch[first … end) are the candidates, those before it were given up, perhaps too early
  let first = 0, end = 1, rho = (scratch[0] = (magnitudes ? Math.abs(x[0]) : x[0]) - m) - total;
  for (let i = 1; i < n; i++) {
    const v = (magnitudes ? Math.abs(x[i]) : x[i]) - m;
    if (!(v > rho)) continue;
    rho += (v - rho) / (end - first + 1);
    if (rho <= v - total) {
      rho = v - total;
      first = end;
    }
    scratch[end++] = v;
  }
  for (let i = first - 1; i >= 0; i--) {
    const v = scratch[i];
    if (!(v > rho)) continue;
    scratch[--first] = v;
    rho += (v - rho) / (end - first);
  }
  for (let before = -1; before !== end - first;) {
    before = end - first;
    let kept = first;
    for (let i = first, count = before; i < end; i++) {
      const v = scratch[i];
      if (v > rho) scratch[kept++] = v;
      else rho += (rho - v) / --count;
    }
    end = kept;
  }
  let sum = 0; // anew, without the rounding of the updates
  for (let i = first; i < end; i++) sum += scratch[i];
  return (sum - total) / (end - first);
}
