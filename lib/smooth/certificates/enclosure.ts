/**
 * Where the minimizer of a strongly convex function is, from the gradient at one point.
 *
 * ```
 * μ |x - x*|² <= ∇f(x)ᵀ(x - x*):            |x - x*| <= |∇f(x)|/μ,    |x - ∇f(x)/2μ - x*| <= |∇f(x)|/2μ
 * with an L, too, (x - x*) lies in           |x - ½ (1/μ + 1/L) ∇f(x) - x*| <= ½ (1/μ - 1/L) |∇f(x)|
 * f >= its quadratic below at every point:   f(x) - f* <= |∇f(x)|²/2μ
 * ```
 *
 * Source: Nesterov, Lectures on convex optimization (2018), theorems 2.1.10 and 2.1.12.
 *
 * @module
 */
import { DomainError, kindOf, norm2, ShapeError, type Smooth, type Vector } from "../../core/mod.ts";

/** What is certain of a minimum. */
export interface Enclosure {
  /** The middle of a ball that holds the minimizer. */
  readonly center: Vector;
  /** Its radius, at most half of `distance`. */
  readonly radius: number;
  /** The minimizer is no further from x than this: `|∇f(x)|/μ`. */
  readonly distance: number;
  /** `f(x) - f*` is not above this: `|∇f(x)|²/2μ`. */
  readonly gap: number;
  /** `f(x)`; the minimum is between `value - gap` and this. */
  readonly value: number;
}

/**
 * A ball that holds the minimizer of a strongly convex function, and bounds of its minimum, certain up to the rounding
 * of the gradient. One gradient.
 *
 * @param problem A problem that knows its μ, in `constants.strongConvexity`; the `smoothness` L beside it makes the
 * ball smaller.
 * @param x Where.
 * @throws {DomainError} When μ is not known or not positive, or the gradient not finite.
 * @throws {ShapeError} When x has another length than the problem.
 *
 * @example A bowl
 * ```ts
 * import { quadratic } from "@gradus/gradus/problems";
 * import { enclosure } from "@gradus/gradus/smooth";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { problem } = quadratic([1, 4]); // x²/2 + 2y², at 0 and 0
 * const { center, radius, distance, value, gap } = enclosure(problem, [3, 1]);
 * assertEquals([distance, value, gap], [5, 6.5, 12.5]);
 * assert(Math.hypot(...center) <= radius && radius === 0.375 * distance);
 * ```
 */
export function enclosure(problem: Smooth, x: ArrayLike<number>): Enclosure {
  kindOf(problem);
  const { dimension: n, constants } = problem, point = Float64Array.from(x), gradient = new Float64Array(n);
  if (point.length !== n) {
    throw new ShapeError(`Cannot enclose a minimizer: expected a point of length ${n}, got ${point.length}`);
  }
  const { strongConvexity: mu = NaN, smoothness: L = Infinity } = constants ?? {};
  if (!(mu > 0 && mu <= L)) {
    throw new DomainError(
      `Cannot enclose a minimizer: expected constants with 0 < strongConvexity <= smoothness, got ${mu} and ${L}`,
    );
  }
  const value = problem.gradient(point, gradient), size = norm2(gradient), step = (1 / mu + 1 / L) / 2;
  if (!Number.isFinite(size)) {
    throw new DomainError(`Cannot enclose a minimizer: expected a finite gradient, got one of length ${size}`);
  }
  return {
    center: point.map((xi, i) => xi - step * gradient[i]),
    radius: size * (1 / mu - 1 / L) / 2,
    distance: size / mu,
    gap: size * size / (2 * mu),
    value,
  };
}
