/**
 * What the methods for functions of one variable take and give.
 *
 * @module
 */
import { DomainError, figure, type Status } from "../../core/mod.ts";

/** A function of one variable. */
export type ScalarFunction = (x: number) => number;

/** Options of the methods that find a root. */
export interface RootOptions {
  /** `t >= 0`: the sign changes within `2 (2 u |x| + t)`, u the unit of rounding. Default 0. */
  readonly tolerance?: number;
  /** The most evaluations. Default 3000: bisection from the largest number to the smallest takes 2100. */
  readonly maxEvaluations?: number;
}

/** Options of the methods that find a minimum. */
export interface MinimumOptions {
  /** `r`, with which x is known to `r |x| + t`. Default √u = 1.5e-8: nearer to a minimum values are all rounding. */
  readonly relative?: number;
  /** `t > 0`. Default 1e-11. */
  readonly absolute?: number;
  /** The most evaluations. Default 1000. */
  readonly maxEvaluations?: number;
}

/** What was found. */
export interface ScalarResult {
  /** The point. */
  readonly x: number;
  /** f there. */
  readonly value: number;
  /**
   * `converged`: the interval is as short as asked for, or `f(x) = 0`. `stalled-at-precision`: it is, but f does not
   * fall in it: the sign changes at a jump or a pole. `non-finite`: f is NaN somewhere; x is the best point before.
   * `unbounded`: `f(x) = -∞` where a minimum was asked for. `evaluation-limit`: none of these within the evaluations
   * allowed.
   */
  readonly status: Status;
  /** The same in words. */
  readonly message: string;
  /** The number of evaluations of f. */
  readonly evaluations: number;
  /** An interval with a change of sign, or with a local minimum. */
  readonly bracket: readonly [number, number];
}

/** The ends of an interval in order, and f there. */
export interface Ends {
  /** The lower end. */
  readonly a: number;
  /** The upper end. */
  readonly b: number;
  /** `f(a)`. */
  readonly fa: number;
  /** `f(b)`. */
  readonly fb: number;
  /** `t`. */
  readonly tolerance: number;
  /** The most evaluations. */
  readonly most: number;
}

/** Refuses what is no interval. */
export function checkInterval(verb: string, a: number, b: number): void {
  if (Number.isFinite(a) && Number.isFinite(b) && a < b) return;
  throw new DomainError(`Cannot ${verb}: expected an interval from a to b > a, both finite, got ${a} and ${b}`);
}

/** Refuses a limit that is none. */
export function checkMost(verb: string, most: number): void {
  if (most >= 3) return;
  throw new DomainError(`Cannot ${verb}: expected at least 3 evaluations, got ${most}`);
}

/**
 * Evaluates at the ends.
 *
 * @throws {DomainError} When the interval or an option is out of range, or the values there have no opposite signs.
 */
export function endsOf(verb: string, f: ScalarFunction, a: number, b: number, options: RootOptions): Ends {
  const { tolerance = 0, maxEvaluations: most = 3000 } = options;
  checkInterval(verb, a, b);
  checkMost(verb, most);
  if (!(tolerance >= 0)) throw new DomainError(`Cannot ${verb}: expected a tolerance >= 0, got ${tolerance}`);
  const fa = f(a), fb = f(b);
  if (!(fa <= 0 && fb >= 0 || fa >= 0 && fb <= 0)) {
    throw new DomainError(`Cannot ${verb}: expected values of opposite signs at ${a} and ${b}, got ${fa} and ${fb}`);
  }
  return { a, b, fa, fb, tolerance, most };
}

/** What x is known to: `2 u |x| + t`. */
export function slack(x: number, tolerance: number): number {
  return 2 * Number.EPSILON * Math.abs(x) + tolerance + Number.MIN_VALUE;
}

/** The result of a method that follows a change of sign; x is the end of the interval with the smaller `|f|`. */
export function rootResult(ends: Ends, x: number, value: number, other: number, evaluations: number): ScalarResult {
  const bracket = [Math.min(x, other), Math.max(x, other)] as const, found = { x, value, evaluations, bracket };
  const width = figure(bracket[1] - bracket[0]);
  if (value === 0) return { ...found, status: "converged", message: "f(x) is 0" };
  if (value !== value) return { ...found, status: "non-finite", message: `f(${x}) is NaN` };
  // up to rounding of the width
  if (!(bracket[1] - bracket[0] <= 2.000001 * slack(x, ends.tolerance))) {
    return {
      ...found,
      status: "evaluation-limit",
      message: `${evaluations} evaluations; the sign changes within ${width}`,
    };
  }
  if (Math.abs(value) >= Math.max(Math.abs(ends.fa), Math.abs(ends.fb))) {
    const message = `the sign changes within ${width}, but |f| is ${figure(value)}: a jump or a pole`;
    return { ...found, status: "stalled-at-precision", message };
  }
  return { ...found, status: "converged", message: `the sign changes within ${width}` };
}
