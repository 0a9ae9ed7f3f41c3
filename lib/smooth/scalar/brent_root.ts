/**
 * Brent's method for a root: inverse quadratic interpolation, the secant, or bisection, by what they promise.
 *
 * ```
 * b best point, c with f of the other sign, a the b before
 * x = the zero of the inverse parabola through a, b, c, or of the secant through a, b where a = c
 * x is taken if it lies within three quarters of the way from b to c, and less than half as far from b as the last step but
 * one went; else bisection.   Steps are at least 2 u |b| + t
 * ```
 *
 * Source: Brent, Algorithms for Minimization without Derivatives (1973), chapter 4, procedure zero.
 *
 * @module
 */
import { endsOf, type RootOptions, rootResult, type ScalarFunction, type ScalarResult, slack } from "./scalar.ts";

/**
 * A root of f in `[a, b]`: superlinear for smooth f, and never much slower than bisection.
 *
 * @throws {DomainError} When the interval or an option is out of range, or `f(a)` and `f(b)` have no opposite signs.
 *
 * @example The square root of two
 * ```ts
 * import { brentRoot } from "@gradus/gradus/smooth";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const { x, evaluations } = brentRoot((x) => x * x - 2, 0, 2);
 * assertAlmostEquals(x, Math.SQRT2, 1e-15);
 * assert(evaluations <= 12);
 * ```
 */
export function brentRoot(f: ScalarFunction, a: number, b: number, options: RootOptions = {}): ScalarResult {
  const ends = endsOf("find a root", f, a, b, options);
  let before = ends.a, fbefore = ends.fa, x = ends.b, fx = ends.fb, other = before, fother = fbefore;
  let step = x - before, last = step, evaluations = 2;
  while (true) {
    if (Math.abs(fother) < Math.abs(fx)) {
      [before, x, other] = [x, other, x];
      [fbefore, fx, fother] = [fx, fother, fx];
    }
    const least = slack(x, ends.tolerance), half = 0.5 * (other - x);
    if (Math.abs(half) <= least || fx === 0 || evaluations >= ends.most) break;
    if (Math.abs(last) < least || Math.abs(fbefore) <= Math.abs(fx)) {
      step = last = half;
    } else {
      const s = fx / fbefore, q0 = fbefore / fother, r = fx / fother, secant = before === other;
      let p = secant ? 2 * half * s : s * (2 * half * q0 * (q0 - r) - (x - before) * (r - 1));
      let q = secant ? 1 - s : (q0 - 1) * (r - 1) * (s - 1);
      if (p > 0) q = -q;
      else p = -p;
      const good = 2 * p < 3 * half * q - Math.abs(least * q) && p < Math.abs(0.5 * last * q);
      [last, step] = good ? [step, p / q] : [half, half];
    }
    const next = x + (Math.abs(step) > least ? step : half > 0 ? least : -least), fnext = f(next);
    evaluations++;
    if (fnext !== fnext) {
      const { status, message } = rootResult(ends, next, fnext, next, evaluations);
      return { ...rootResult(ends, x, fx, other, evaluations), status, message };
    }
    [before, fbefore, x, fx] = [x, fx, next, fnext];
    if (fx > 0 === fother > 0) [other, fother, step, last] = [before, fbefore, x - before, x - before];
  }
  return rootResult(ends, x, fx, other, evaluations);
}
