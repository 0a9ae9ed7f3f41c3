/**
 * Second-order certificates: how negative a curvature can be at a point.
 *
 * ```
 * lower <= λ_min(∇²f(x)) <= upper = vᵀ∇²f(x)v       the lower bound with probability 1 - p, the upper one always
 * |∇f(x)| <= ε, lower >= -√ε:      x is a second-order stationary point to ε
 * upper < 0:                       x is no minimum, and v a way down: f(x ± tv) < f(x) for one of the signs and small t
 * ```
 *
 * Source: Kuczyński and Woźniakowski, Estimating the largest eigenvalue by the power and Lanczos algorithms with a
 * random start (1992); Royer, O'Neill and Wright, A Newton-CG algorithm with complexity guarantees for smooth
 * unconstrained optimization (2020), procedure 2.
 *
 * @module
 */
import { kindOf, MissingOracleError, ShapeError, type TwiceSmooth, type Vector } from "../../core/mod.ts";
import { type Curvature, type CurvatureOptions, smallestCurvature } from "../../linalg/mod.ts";

/**
 * Bounds of the smallest eigenvalue of the Hessian at x, by Lanczos' process from a random vector: one product with the
 * Hessian for each step, and one more. See `smallestCurvature` of `linalg` for the bound.
 *
 * The Hessian is that of the problem; of `withDifferences` it is known to their error, and the bounds are no better
 * than that.
 *
 * @param x Where.
 * @param options How many steps, or how near the bounds must be, with which probability they may fail, and the
 * generator.
 * @throws {MissingOracleError} When the problem has no Hessian-vector products.
 * @throws {ShapeError} When x has another length than the problem.
 * @throws {DomainError} On options out of range, and when a product is not finite.
 *
 * @example A saddle between two minima
 * ```ts
 * import { sixHumpCamel } from "@gradus/gradus/problems";
 * import { curvatureAt } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { problem } = sixHumpCamel(); // 4x² + xy - 4y² + … at the origin
 * const { upper, lower, direction } = curvatureAt(problem, [0, 0]);
 * assertAlmostEquals(upper, -Math.sqrt(65));
 * assertAlmostEquals(lower, upper);
 * assertAlmostEquals(Math.abs(direction[1]), 0.998, 1e-3);
 * ```
 */
export function curvatureAt(problem: TwiceSmooth, x: ArrayLike<number>, options: CurvatureOptions = {}): Curvature {
  kindOf(problem);
  const { dimension: n } = problem, point = Float64Array.from(x);
  if (typeof problem.hessianVector !== "function") {
    throw new MissingOracleError("Cannot bound the curvature: expected a problem with hessianVector, got one without");
  }
  if (point.length !== n) {
    throw new ShapeError(`Cannot bound the curvature: expected a point of length ${n}, got ${point.length}`);
  }
  const apply = (v: Vector, out: Vector): void => problem.hessianVector(point, v, out);
  return smallestCurvature({ rows: n, columns: n, apply, applyTranspose: apply }, options);
}
