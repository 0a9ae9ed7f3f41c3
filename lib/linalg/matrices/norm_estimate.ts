/**
 * The 1-norm of a matrix that is known by its products: maximize `|A x|₁` over the octahedron `|x|₁ <= 1`. It is
 * convex, so the maximum is at a vertex ±eⱼ; from a point the subgradient `Aᵀ sign(A x)` points to the best one. With
 * solves for products it tells how large an inverse is.
 *
 * Source: Higham, FORTRAN codes for estimating the one-norm of a real or complex matrix (1988), algorithm 4.1, after
 * Hager, Condition estimates (1984).
 *
 * @module
 */
import { norm1, type Vector } from "../../core/mod.ts";

const MOST_STEPS = 5;

/** A lower bound on `|A|₁`, mostly equal to it. `apply` replaces a vector of length n by `A x`, or `Aᵀ x`. */
export function estimateNorm1(n: number, apply: (x: Vector, transposed: boolean) => void): number {
  const x = new Float64Array(n).fill(1 / n), signs = new Float64Array(n);
  apply(x, false);
  let bound = norm1(x);
  if (n === 1 || !Number.isFinite(bound)) return bound;
  let vertex = -1;
  for (let step = 0; step < MOST_STEPS; step++) {
    let same = step > 0; // signs that stay bring the same subgradient again
    for (let i = 0; i < n; i++) {
      const s = x[i] < 0 ? -1 : 1;
      if (signs[i] !== s) same = false;
      signs[i] = s;
    }
    if (same) break;
    x.set(signs);
    apply(x, true);
    const best = largest(x);
    if (best === vertex) break;
    vertex = best;
    x.fill(0);
    x[vertex] = 1;
    apply(x, false);
    const before = bound;
    bound = Math.max(bound, norm1(x));
    if (bound <= before) break;
  }
  // a last guess that exact cancellation cannot fool
  for (let i = 0; i < n; i++) x[i] = (i % 2 === 0 ? 1 : -1) * (1 + i / (n - 1));
  apply(x, false);
  return Math.max(bound, 2 * norm1(x) / (3 * n));
}

function largest(x: Vector): number {
  let k = 0;
  for (let i = 1; i < x.length; i++) if (Math.abs(x[i]) > Math.abs(x[k])) k = i;
  return k;
}
