/**
 * Best approximation by polynomials in the maximum norm, absolute or relative.
 *
 * ```
 * minimize E = max |p(x) - f(x)| / w(x) over [a, b], w = 1 or |f|
 * p(xᵢ) + (-1)ⁱ E w(xᵢ) = f(xᵢ) at n + 2 points;   then the points move to where the error alternates and is largest,
 * or, while it alternates too seldom, one of them to where it is largest
 * ```
 *
 * At the minimum the error attains ±E in turn at n + 2 points (Chebyshev). At any stage |E| of the equations is a lower
 * bound of the best error (de la Vallée-Poussin), the largest error found on the way an upper one.
 *
 * Source: Trefethen, Approximation Theory and Approximation Practice (2013), chapter 10; as the yardstick of Real and
 * others, AutoNumerics-Zero: Automated Discovery of State-of-the-Art Mathematical Functions (2023), arXiv 2312.08472.
 *
 * @module
 */
import { DomainError, norm1, normInf, type Vector } from "../core/mod.ts";
import { matrix, solve } from "../linalg/mod.ts";
import { chebyshevValue } from "./quantum/chebyshev.ts";

/** What is approximated, and how well. */
export interface RemezOptions {
  /** a. Default -1. */
  readonly lower?: number;
  /** b. Default 1. */
  readonly upper?: number;
  /** Whether the error is relative to |f|, which then must not vanish. Default false. */
  readonly relative?: boolean;
  /** Converged when the two bounds of the best error differ by this share. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
}

/** A polynomial and bounds of what is possible. */
export interface MinimaxPolynomial {
  /** `cₖ` of `p(x) = Σ cₖ Tₖ((2x - a - b)/(b - a))`. */
  readonly coefficients: Vector;
  /** a. */
  readonly lower: number;
  /** b. */
  readonly upper: number;
  /** The largest error found, an upper bound of the best one up to what lies between points of the grid. */
  readonly error: number;
  /** A lower bound of the best error. */
  readonly bound: number;
  /** Where the error alternates, n + 2 numbers. */
  readonly points: Vector;
  /** Exchanges made. */
  readonly iterations: number;
  /** `rounding` when the error is no more than that of evaluating p, so that it cannot be seen to alternate. */
  readonly status: "converged" | "iteration-limit" | "rounding";
}

/** Errors up to this share of the size of p are rounding. */
const ROUNDING = 32 * Number.EPSILON;

/** A point, the size of the error there, and whether it is negative. */
interface Extremum {
  readonly x: number;
  readonly size: number;
  readonly negative: boolean;
}

/**
 * The best polynomial of a degree by Remez's exchange.
 *
 * @throws {DomainError} When f has a pole or is not finite somewhere, or vanishes where the error is relative, or an
 * option is out of range.
 *
 * @example The line nearest to 2^x
 * ```ts
 * import { minimaxValue, remez } from "@gradus/gradus/exact";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const line = remez((x) => 2 ** x, 1, { lower: 0, upper: 1 });
 * assertAlmostEquals(minimaxValue(line, 0), 1 - line.error, 1e-9);
 * assertAlmostEquals(minimaxValue(line, 1), 2 - line.error, 1e-9);
 * ```
 */
export function remez(f: (x: number) => number, degree: number, options: RemezOptions = {}): MinimaxPolynomial {
  const { lower = -1, upper = 1, relative = false, tolerance = 1e-6, maxIterations = 100 } = options;
  const verb = "approximate a function";
  if (!(Number.isSafeInteger(degree) && degree >= 0)) {
    throw new DomainError(`Cannot ${verb}: expected a degree that is a whole number, got ${degree}`);
  }
  if (!(lower < upper && upper - lower < Infinity) || !(tolerance > 0) || !(maxIterations >= 1)) {
    throw new DomainError(
      `Cannot ${verb}: expected an interval, a positive tolerance and an iteration, got [${lower}, ${upper}], ` +
        `${tolerance}, ${maxIterations}`,
    );
  }
  const n = degree + 1, middle = (lower + upper) / 2, half = (upper - lower) / 2;
  const value = (x: number): number => {
    const y = f(x);
    if (y - y === 0 && !(relative && y === 0)) return y;
    throw new DomainError(
      `Cannot ${verb}: expected finite values${relative ? " that are not 0" : ""}, got ${y} at ${x}`,
    );
  };
  // a grid that is fine at the ends, like the points themselves
  const grid = Float64Array.from(
    { length: 40 * n + 41 },
    (_, k) => middle - half * Math.cos(Math.PI * k / (40 * n + 40)),
  );
  const largest = refusePoles(value, grid, relative);
  let points: Vector = Float64Array.from({ length: n + 1 }, (_, k) => middle - half * Math.cos(Math.PI * k / n));
  for (let iterations = 1;; iterations++) {
    const A = matrix(n + 1, n + 1), right = points.map(value);
    for (let i = 0; i <= n; i++) {
      const angle = Math.acos(Math.max(-1, Math.min(1, (points[i] - middle) / half)));
      for (let k = 0; k < n; k++) A.data[i * (n + 1) + k] = Math.cos(k * angle);
      A.data[i * (n + 1) + n] = (i % 2 ? -1 : 1) * (relative ? Math.abs(right[i]) : 1);
    }
    const solution = solve(A, right), coefficients = solution.slice(0, n), bound = Math.abs(solution[n]);
    const errorAt = (x: number): number => {
      const y = value(x), difference = chebyshevValue(coefficients, (x - middle) / half) - y;
      return relative ? difference / Math.abs(y) : difference;
    };
    const extrema = alternation(errorAt, grid), error = Math.max(bound, ...extrema.map(({ size }) => size));
    const wild = extrema.find(({ x }) => Math.abs(value(x)) > 1e3 * largest);
    if (wild) throw new DomainError(`Cannot ${verb}: expected no pole, got ${value(wild.x)} at ${wild.x}`);
    const result = { coefficients, lower, upper, error, bound, points, iterations };
    if (error - bound <= tolerance * error) return { ...result, status: "converged" };
    const size = relative ? 1 : norm1(coefficients);
    if (error <= ROUNDING * size) return { ...result, status: "rounding" };
    if (iterations >= maxIterations) return { ...result, status: "iteration-limit" };
    if (extrema.length < n + 1) {
      points = exchanged(points, solution[n] < 0, extrema.reduce((most, one) => one.size > most.size ? one : most));
      continue;
    }
    while (extrema.length > n + 1) extrema[0].size < extrema[extrema.length - 1].size ? extrema.shift() : extrema.pop();
    points = Float64Array.from(extrema, ({ x }) => x);
  }
}

/** `p(x)`. */
export function minimaxValue({ coefficients, lower, upper }: MinimaxPolynomial, x: number): number {
  return chebyshevValue(coefficients, (2 * x - lower - upper) / (upper - lower));
}

/**
 * Looks into every change of sign on the grid, whether it is a zero or a pole; returns the largest magnitude on the
 * grid.
 */
function refusePoles(value: (x: number) => number, grid: Vector, relative: boolean): number {
  const values = grid.map(value);
  for (let i = 1; i < grid.length; i++) {
    if (values[i - 1] < 0 === values[i] < 0) continue;
    let a = grid[i - 1], b = grid[i];
    for (let k = 0; k < 40; k++) {
      const middle = (a + b) / 2;
      if (value(middle) < 0 === values[i - 1] < 0) a = middle;
      else b = middle;
    }
    const pole = Math.abs(value(a)) > Math.max(Math.abs(values[i - 1]), Math.abs(values[i]));
    if (pole || relative) {
      throw new DomainError(
        `Cannot approximate a function: expected no pole${relative ? " and values that are not 0" : ""}, got ${
          value(a)
        } at ${a}`,
      );
    }
  }
  return normInf(values);
}

/**
 * The points with one that takes the place of a neighbour at which the error has the same sign, so that signs still
 * alternate.
 *
 * @param points Where the error alternates.
 * @param startsPositive Whether it is positive at the first of them.
 * @param extremum The point to take.
 */
function exchanged(points: Vector, startsPositive: boolean, { x, negative }: Extremum): Vector {
  const out = points.slice(),
    last = points.length - 1,
    same = (i: number): boolean => (i % 2 === 0) === startsPositive === !negative;
  const next = points.findIndex((point) => point >= x);
  if (next === 0 && !same(0)) out.set(points.subarray(0, last), 1);
  if (next < 0 && !same(last)) out.set(points.subarray(1));
  out[next < 0 ? last : next === 0 || same(next) ? next : next - 1] = x;
  return out;
}

/** Where the error is largest between its changes of sign on a grid. */
function alternation(errorAt: (x: number) => number, grid: Vector): Extremum[] {
  const errors = grid.map(errorAt), extrema: Extremum[] = [];
  for (let i = 0; i < grid.length;) {
    let best = i, end = i;
    for (; end < grid.length && (errors[end] < 0) === (errors[i] < 0); end++) {
      if (Math.abs(errors[end]) > Math.abs(errors[best])) best = end;
    }
    extrema.push(
      refined(errorAt, grid[Math.max(0, best - 1)], grid[Math.min(grid.length - 1, best + 1)], errors[best]),
    );
    i = end;
  }
  return extrema;
}

/** The maximum of the error, with the sign of `sample`, between two points, by golden sections. */
function refined(
  errorAt: (x: number) => number,
  from: number,
  to: number,
  sample: number,
): Extremum {
  const golden = (Math.sqrt(5) - 1) / 2, negative = sample < 0, sign = negative ? -1 : 1;
  let a = from,
    b = to,
    c = b - golden * (b - a),
    d = a + golden * (b - a),
    fc = sign * errorAt(c),
    fd = sign * errorAt(d);
  for (let k = 0; k < 40; k++) {
    if (fc > fd) {
      b = d;
      d = c;
      fd = fc;
      c = b - golden * (b - a);
      fc = sign * errorAt(c);
    } else {
      a = c;
      c = d;
      fc = fd;
      d = a + golden * (b - a);
      fd = sign * errorAt(d);
    }
  }
  const candidates = [from, (a + b) / 2, to].map((x) => ({ x, size: sign * errorAt(x), negative }));
  return candidates.reduce((best, one) => one.size > best.size ? one : best);
}
