/**
 * Backtracking to the Armijo condition, with interpolation.
 *
 * ```
 * accept a when φ(a) <= max(recent φ(0)) + c₁ a φ'(0)
 * otherwise a ← the minimizer of the quadratic (first) or cubic (then) through what is known, kept in [0.1 a, 0.5 a]
 * ```
 *
 * With `memory: 1` the value must fall in every step; with more, the reference is the largest of the last values.
 *
 * Sources: Nocedal and Wright, Numerical Optimization (2006), algorithm 3.1 and section 3.5; Grippo, Lampariello and
 * Lucidi, A nonmonotone line search technique for Newton's method (1986).
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { beginSearch, evaluateAt, isLevel, isUsable, type Line, type LineSearch } from "../line.ts";

/** Options of `backtracking`. */
export interface BacktrackingOptions {
  /** The fraction `c₁` of the decrease promised by the slope. Default 1e-4. */
  readonly sufficientDecrease?: number;
  /** How many recent values the largest is taken of; 1 is monotone. Default 1. */
  readonly memory?: number;
}

const MOST = 40; // evaluations

/**
 * A backtracking line search.
 *
 * @throws {DomainError} On `sufficientDecrease` outside (0, 1) or a memory below 1.
 *
 * @example Nonmonotone, under gradient descent
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { backtracking, gradientDescent } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10]);
 * const solver = gradientDescent({ search: backtracking({ memory: 10 }) });
 * assertEquals(solve(problem, solver, { start }).status, "converged");
 * ```
 */
export function backtracking(options: BacktrackingOptions = {}): LineSearch {
  const { sufficientDecrease: c1 = 1e-4, memory = 1 } = options;
  if (!(c1 > 0 && c1 < 1)) throw new DomainError(`Cannot backtrack: expected sufficientDecrease in (0, 1), got ${c1}`);
  if (!Number.isSafeInteger(memory) || memory < 1) {
    throw new DomainError(`Cannot backtrack: expected a memory of at least 1 value, got ${memory}`);
  }
  return {
    name: "backtracking",
    options: { sufficientDecrease: c1, memory },
    recall: memory - 1,
    search(problem, line, first) {
      beginSearch(line, first);
      let reference = line.value0;
      for (let i = 0; i < line.recent.length; i++) reference = Math.max(reference, line.recent[i]);
      const rounding = 4 * Number.EPSILON * Math.abs(line.value0);
      let a = first, previous = 0, previousValue = NaN;
      while (line.evaluations < MOST) {
        evaluateAt(problem, line, a);
        if (line.value <= reference + Math.min(c1 * a * line.slope0, -rounding)) return "found";
        if (isLevel(line) && approximateWolfe(line, c1)) return "found";
        const next = isUsable(line) ? interpolatedStep(line, a, previous, previousValue) : 0.1 * a;
        previous = isUsable(line) ? a : 0;
        previousValue = line.value;
        a = Math.min(0.5 * a, next > 0.1 * a ? next : 0.1 * a);
      }
      return "failed";
    },
  };
}

/**
 * `(2c₁ - 1) φ'(0) >= φ'(a) >= 0.9 φ'(0)`: the step lowers the quadratic that the slopes define, and is no tiny one.
 */
function approximateWolfe(line: Line, c1: number): boolean {
  return line.slope <= (2 * c1 - 1) * line.slope0 && line.slope >= 0.9 * line.slope0;
}

/**
 * The minimizer of the cubic through φ(0), φ'(0), φ(previous), φ(a), or of the quadratic without φ(previous) where
 * `previous` is 0. `line` holds φ(a), φ(0) and φ'(0).
 */
export function interpolatedStep(
  line: Pick<Line, "value" | "value0" | "slope0">,
  a: number,
  previous: number,
  previousValue: number,
): number {
  const excess = line.value - line.value0 - line.slope0 * a;
  if (previous === 0) return -line.slope0 * a * a / (2 * excess);
  const other = previousValue - line.value0 - line.slope0 * previous;
  const scale = 1 / (a - previous);
  const cubic = scale * (excess / (a * a) - other / (previous * previous));
  const square = scale * (a * other / (previous * previous) - previous * excess / (a * a));
  if (cubic === 0) return -line.slope0 / (2 * square);
  const discriminant = square * square - 3 * cubic * line.slope0;
  if (!(discriminant >= 0)) return 0.5 * a;
  return (-square + Math.sqrt(discriminant)) / (3 * cubic);
}
