/**
 * Bisection: a root of a continuous function between points where its values have opposite signs.
 *
 * ```
 * m = (a + b)/2;   [a, b] ← the half where the sign changes
 * ```
 *
 * Source: Brent, Algorithms for Minimization without Derivatives (1973), section 4.1.
 *
 * @module
 */
import { endsOf, type RootOptions, rootResult, type ScalarFunction, type ScalarResult, slack } from "./scalar.ts";

/**
 * A root of f in `[a, b]` by bisection: `log₂((b - a)/tolerance)` evaluations, whatever f is.
 *
 * @throws {DomainError} When the interval or an option is out of range, or `f(a)` and `f(b)` have no opposite signs.
 *
 * @example The square root of two
 * ```ts
 * import { bisection } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(bisection((x) => x * x - 2, 0, 2).x, Math.SQRT2);
 * ```
 */
export function bisection(f: ScalarFunction, a: number, b: number, options: RootOptions = {}): ScalarResult {
  const ends = endsOf("bisect", f, a, b, options);
  let { a: x, fa: fx, b: other, fb: fother } = ends, evaluations = 2;
  while (fx !== 0 && fother !== 0 && evaluations < ends.most) {
    if (Math.abs(other - x) <= 2 * slack(x, ends.tolerance)) break;
    const m = x + 0.5 * (other - x), fm = f(m); // x + … does not overflow where (x + other)/2 would
    evaluations++;
    if (fm !== fm) return { ...rootResult(ends, m, fm, m, evaluations), x, value: fx, bracket: inOrder(x, other) };
    if (fm > 0 === fx > 0 && fm !== 0) [x, fx] = [m, fm];
    else [other, fother] = [m, fm];
  }
  return Math.abs(fx) < Math.abs(fother)
    ? rootResult(ends, x, fx, other, evaluations)
    : rootResult(ends, other, fother, x, evaluations);
}

function inOrder(a: number, b: number): readonly [number, number] {
  return [Math.min(a, b), Math.max(a, b)];
}
