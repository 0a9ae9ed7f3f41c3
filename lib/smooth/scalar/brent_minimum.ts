/**
 * Brent's method for a minimum: the parabola through the three best points, or a golden section.
 *
 * ```
 * x best point, w second best, v the w before;   u = the minimizer of the parabola through them
 * u is taken if it lies in (a, b) and is less than half as far from x as the last step but one was
 * else u divides the longer side of x in the ratio of the golden section.   Steps are at least r |x| + t
 * ```
 *
 * Source: Brent, Algorithms for Minimization without Derivatives (1973), chapter 5, procedure localmin.
 *
 * @module
 */
import { minimumOptions, minimumResult } from "./minimum.ts";
import type { MinimumOptions, ScalarFunction, ScalarResult } from "./scalar.ts";

const SECTION = (3 - Math.sqrt(5)) / 2;

/**
 * A local minimum of f in `[a, b]`: superlinear for smooth f, and never much slower than golden section. The ends
 * themselves are not evaluated.
 *
 * @throws {DomainError} When the interval or an option is out of range.
 *
 * @example Where the cosine is least
 * ```ts
 * import { brentMinimum } from "@gradus/gradus/smooth";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const { x, evaluations } = brentMinimum(Math.cos, 2, 4);
 * assertAlmostEquals(x, Math.PI, 1e-7);
 * assert(evaluations <= 12);
 * ```
 */
export function brentMinimum(f: ScalarFunction, a: number, b: number, options: MinimumOptions = {}): ScalarResult {
  const { tolerance, most } = minimumOptions("find a minimum", a, b, options);
  let x = a + SECTION * (b - a), w = x, v = x, fx = f(x), fw = fx, fv = fx, step = 0, last = 0, evaluations = 1;
  let nan = fx === fx ? undefined : x;
  while (nan === undefined && fx > -Infinity && evaluations < most) {
    const least = tolerance(x), middle = 0.5 * (a + b);
    if (Math.abs(x - middle) <= 2 * least - 0.5 * (b - a)) break;
    let p = 0, q = 0, bound = 0;
    if (Math.abs(last) > least) {
      const r = (x - w) * (fx - fv);
      q = (x - v) * (fx - fw);
      p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      else q = -q;
      [bound, last] = [last, step];
    }
    if (Math.abs(p) < Math.abs(0.5 * q * bound) && p > q * (a - x) && p < q * (b - x)) {
      step = p / q;
      const near = Math.min(x + step - a, b - x - step) < 2 * least; // not so near to an end
      if (near) step = x < middle ? least : -least;
    } else {
      last = (x < middle ? b : a) - x;
      step = SECTION * last;
    }
    const u = x + (Math.abs(step) >= least ? step : step > 0 ? least : -least), fu = f(u);
    evaluations++;
    if (fu !== fu) nan = u;
    else if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return minimumResult({ x, value: fx, evaluations, bracket: [a, b] }, tolerance, nan);
}
