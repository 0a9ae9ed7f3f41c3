/**
 * Estimates of the constants `L` and `μ` that accelerated methods ask for.
 *
 * @module
 */
import { kindOf } from "./kinds.ts";
import type { Constants, Smooth, TwiceSmooth } from "./problem.ts";
import { fillSphere, rng } from "./rng.ts";
import { withDifferences } from "./differences.ts";
import { axpy, copy, dot, norm2, scale, type Vector, vector } from "./vector.ts";

/** Options of `estimateConstants`. */
export interface EstimateOptions {
  /** Power iterations for each constant. Default 30. */
  readonly iterations?: number;
  /** `L` is enlarged by this factor, as power iteration comes from below. Default 1.05. */
  readonly safety?: number;
  /** Seed of the first vector. Default 0. */
  readonly seed?: number;
}

/**
 * Estimates `L` and `μ` from the curvature at one point: power iteration with the Hessian for the largest eigenvalue,
 * then with `λmax I - ∇²f` for the smallest. Exact in the limit for a quadratic; elsewhere a local figure, no bound. A
 * smallest eigenvalue below 0 is reported as 0.
 *
 * Costs 4 evaluations per iteration (Hessian-vector products, or differences of gradients), which no run's counts hold.
 *
 * @param problem A smooth problem.
 * @param x Where to look.
 *
 * @example A diagonal quadratic
 * ```ts
 * import { estimateConstants } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { smoothness } = estimateConstants(quadratic([1, 4, 9]).problem, [0, 0, 0], { safety: 1 });
 * assertAlmostEquals(smoothness, 9, 1e-6);
 * ```
 */
export function estimateConstants(
  problem: Smooth | TwiceSmooth,
  x: ArrayLike<number>,
  options: EstimateOptions = {},
): Constants {
  const { iterations = 30, safety = 1.05, seed = 0 } = options;
  kindOf(problem);
  const twice = "hessianVector" in problem ? problem : withDifferences(problem);
  const n = problem.dimension, at = vector(x, n, "point"), v = fillSphere(rng(seed), new Float64Array(n));
  const multiply = (u: Vector, out: Vector) => twice.hessianVector(at, u, out);
  const largest = power(multiply, v, iterations);
  fillSphere(rng(seed + 1), v);
  const shifted = power(
    (u, out) => {
      multiply(u, out);
      scale(-1, out);
      axpy(Math.abs(largest), u, out);
    },
    v,
    iterations,
  );
  return { smoothness: safety * Math.abs(largest), strongConvexity: Math.max(0, Math.abs(largest) - shifted) };
}

/** The Rayleigh quotient after power iteration from v, which is overwritten. */
function power(multiply: (v: Vector, out: Vector) => void, v: Vector, iterations: number): number {
  const w = new Float64Array(v.length);
  let quotient = 0;
  for (let k = 0; k < iterations; k++) {
    multiply(v, w);
    quotient = dot(v, w);
    const r = norm2(w);
    if (r === 0) break;
    copy(w, v);
    scale(1 / r, v);
  }
  return quotient;
}
