/**
 * Newton's method for a root, kept within an interval where the sign changes.
 *
 * ```
 * x⁺ = x - f(x)/f'(x),   if that lies in the interval and is at most half as far as the last step but one went
 * x⁺ = the middle of the interval,   else
 * ```
 *
 * The interval shrinks to x⁺ and the end of the other sign. Steps are at least `2 u |x| + t` long, so that the last one
 * shows the change of sign.
 *
 * Source: Dennis and Schnabel, Numerical Methods for Unconstrained Optimization and Nonlinear Equations (1996), section
 * 2.5.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { endsOf, type RootOptions, rootResult, type ScalarFunction, type ScalarResult, slack } from "./scalar.ts";

/** Options of `newtonRoot`. */
export interface NewtonRootOptions extends RootOptions {
  /** The first point inside the interval. Default its middle. */
  readonly start?: number;
}

/**
 * A root of f in `[a, b]` with the derivative `f'`: quadratic near a simple root. Each evaluation but the first two is
 * one of f and of f'.
 *
 * @throws {DomainError} When the interval or an option is out of range, or `f(a)` and `f(b)` have no opposite signs.
 *
 * @example The square root of two
 * ```ts
 * import { newtonRoot } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(newtonRoot((x) => x * x - 2, (x) => 2 * x, 0, 2).x, Math.SQRT2, 1e-15);
 * ```
 */
export function newtonRoot(
  f: ScalarFunction,
  derivative: ScalarFunction,
  a: number,
  b: number,
  options: NewtonRootOptions = {},
): ScalarResult {
  const verb = "find a root by Newton's method", ends = endsOf(verb, f, a, b, options);
  const { start = a + 0.5 * (b - a) } = options;
  if (!(start >= a && start <= b)) {
    throw new DomainError(`Cannot ${verb}: expected a start in [${a}, ${b}], got ${start}`);
  }
  let { a: low, fa: flow, b: high, fb: fhigh } = ends, evaluations = 2, x = start;
  let last = Infinity, lastButOne = Infinity; // lengths of steps
  const result = () =>
    Math.abs(flow) < Math.abs(fhigh)
      ? rootResult(ends, low, flow, high, evaluations)
      : rootResult(ends, high, fhigh, low, evaluations);
  while (flow !== 0 && fhigh !== 0 && evaluations < ends.most) {
    const least = slack(x, ends.tolerance);
    if (high - low <= 2 * least) break;
    const fx = f(x);
    evaluations++;
    if (fx !== fx) {
      const { status, message } = rootResult(ends, x, fx, x, evaluations);
      return { ...result(), status, message };
    }
    const up = fx > 0 === fhigh > 0 && fx !== 0; // the root lies below x
    if (up) [high, fhigh] = [x, fx];
    else [low, flow] = [x, fx];
    const newton = x - fx / derivative(x), next = up ? Math.min(newton, x - least) : Math.max(newton, x + least);
    const toRoot = up ? newton <= x : newton >= x, short = Math.abs(next - x) <= 0.5 * lastButOne;
    const after = toRoot && short && next > low && next < high ? next : low + 0.5 * (high - low);
    lastButOne = last;
    last = Math.abs(after - x);
    x = after;
  }
  return result();
}
