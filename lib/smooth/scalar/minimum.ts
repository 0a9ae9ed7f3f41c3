/**
 * What the methods for a minimum in an interval share: their options and how they end.
 *
 * @module
 */
import { DomainError, figure } from "../../core/mod.ts";
import { checkInterval, checkMost, type MinimumOptions, type ScalarFunction, type ScalarResult } from "./scalar.ts";

/** The options, checked; `tolerance(x)` is what x is to be known to. */
export function minimumOptions(
  verb: string,
  a: number,
  b: number,
  options: MinimumOptions,
): { tolerance: ScalarFunction; most: number } {
  const { relative = Math.sqrt(Number.EPSILON), absolute = 1e-11, maxEvaluations: most = 1000 } = options;
  checkInterval(verb, a, b);
  checkMost(verb, most);
  if (!(relative >= 2 * Number.EPSILON && relative < 1 && absolute > 0)) {
    throw new DomainError(
      `Cannot ${verb}: expected relative in [4.4e-16, 1) and absolute > 0, got ${relative} and ${absolute}`,
    );
  }
  return { tolerance: (x) => relative * Math.abs(x) + absolute, most };
}

/** The result; `nan` is a point where f is NaN. */
export function minimumResult(
  found: Omit<ScalarResult, "status" | "message">,
  tolerance: ScalarFunction,
  nan?: number,
): ScalarResult {
  const { x, value, evaluations, bracket: [a, b] } = found, width = figure(b - a);
  if (nan !== undefined) return { ...found, status: "non-finite", message: `f(${nan}) is NaN` };
  if (value === -Infinity) return { ...found, status: "unbounded", message: `f(${x}) is -∞` };
  // the longer side is at most twice the tolerance, up to rounding
  return Math.max(b - x, x - a) <= 2.000001 * tolerance(x)
    ? { ...found, status: "converged", message: `a local minimum within ${width}` }
    : { ...found, status: "evaluation-limit", message: `${evaluations} evaluations; a local minimum within ${width}` };
}
