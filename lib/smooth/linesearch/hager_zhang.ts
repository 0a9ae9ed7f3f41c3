/**
 * The line search of Hager and Zhang with its approximate Wolfe test.
 *
 * ```
 * accept a when   φ(a) <= φ(0) + δ a φ'(0)  and  φ'(a) >= σ φ'(0)                           (Wolfe, T1)
 *            or   (2δ - 1) φ'(0) >= φ'(a) >= σ φ'(0)  and  φ(a) <= φ(0) + ε |φ(0)|            (approximate Wolfe, T2)
 * ```
 *
 * T2 uses slopes, which near a minimizer are known to twice as many digits as differences of values are. An interval
 * [a, b] with `φ(a) <= φ(0) + ε|φ(0)|`, `φ'(a) < 0`, `φ'(b) >= 0` is shrunk by double secant steps, or by bisection
 * when they do not shrink it by γ.
 *
 * Source: Hager and Zhang, A new conjugate gradient method with guaranteed descent and an efficient line search, SIAM
 * J. Optim. 16 (2005) 170-192, section 4; equations as numbered there.
 *
 * @module
 */
import { DomainError, type Smooth } from "../../core/mod.ts";
import { beginSearch, endSearch, evaluateAt, isUsable, type Line, type LineSearch } from "../line.ts";

/** Options of `hagerZhang`; the defaults are the paper's. */
export interface HagerZhangOptions {
  /** `δ`, the fraction of the promised decrease. Default 0.1. */
  readonly sufficientDecrease?: number;
  /** `σ`. Default 0.9. */
  readonly curvature?: number;
  /** `ε`, the rise of the value, relative to `|φ(0)|`, that T2 tolerates. Default 1e-6. */
  readonly tolerance?: number;
}

const MOST = 60; // evaluations
const THETA = 0.5, GAMMA = 0.66, RHO = 5;
// Places in the line's bracket: the ends and their slopes
const A = 0, DA = 1, B = 2, DB = 3;

/**
 * A Hager-Zhang line search.
 *
 * @throws {DomainError} Unless `0 < sufficientDecrease < 1/2`, `sufficientDecrease <= curvature < 1`, `tolerance >= 0`.
 *
 * @example Under L-BFGS
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { hagerZhang, lbfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(10);
 * assertEquals(solve(problem, lbfgs({ search: hagerZhang() }), { start }).status, "converged");
 * ```
 */
export function hagerZhang(options: HagerZhangOptions = {}): LineSearch {
  const { sufficientDecrease: delta = 0.1, curvature: sigma = 0.9, tolerance = 1e-6 } = options;
  if (!(0 < delta && delta < 0.5 && delta <= sigma && sigma < 1 && tolerance >= 0)) {
    throw new DomainError(
      "Cannot search: expected 0 < sufficientDecrease < 1/2, sufficientDecrease <= curvature < 1 and tolerance >= 0, " +
        `got ${delta}, ${sigma} and ${tolerance}`,
    );
  }

  /** Evaluates at c; whether T1 or T2 holds there. */
  const accepts = (problem: Smooth, line: Line, c: number): boolean => {
    evaluateAt(problem, line, c);
    if (line.value === -Infinity) return true;
    if (!isUsable(line)) return false;
    if (!(line.slope >= sigma * line.slope0)) return false;
    return line.value <= line.value0 + delta * c * line.slope0 ||
      (isLow(line) && line.slope <= (2 * delta - 1) * line.slope0);
  };
  const isLow = (line: Line): boolean => line.value <= line.value0 + tolerance * Math.abs(line.value0);

  /** Shrinks [a, b] with the trial just evaluated (U0 to U3); whether a step was accepted on the way. */
  const update = (problem: Smooth, line: Line): boolean => {
    const b = line.bracket, c = line.step;
    if (!(c > b[A] && c < b[B])) return false; // U0
    if (isUsable(line) && line.slope >= 0) { // U1
      b[B] = c;
      b[DB] = line.slope;
      return false;
    }
    if (isUsable(line) && isLow(line)) { // U2
      b[A] = c;
      b[DA] = line.slope;
      return false;
    }
    b[B] = c;
    return bisect(problem, line); // U3
  };

  /** U3: the value at b is too high while the slope is still negative, so a minimizer lies before b. */
  const bisect = (problem: Smooth, line: Line): boolean => {
    const b = line.bracket;
    while (line.evaluations < MOST) {
      const d = (1 - THETA) * b[A] + THETA * b[B];
      if (!(d > b[A] && d < b[B])) return false;
      if (accepts(problem, line, d)) return true;
      if (isUsable(line) && line.slope >= 0) { // U3a
        b[B] = d;
        b[DB] = line.slope;
        return false;
      }
      if (isUsable(line) && isLow(line)) { // U3b
        b[A] = d;
        b[DA] = line.slope;
      } else { // U3c
        b[B] = d;
      }
    }
    return false;
  };

  /** B0 to B3: extends the trial until the interval encloses a minimizer; whether a step was accepted. */
  const enclose = (problem: Smooth, line: Line, first: number): boolean => {
    const b = line.bracket;
    b[A] = 0;
    b[DA] = line.slope0;
    let c = first;
    while (line.evaluations < MOST) {
      if (accepts(problem, line, c)) return true;
      b[B] = c;
      b[DB] = line.slope;
      if (isUsable(line) && line.slope >= 0) return false; // B1
      if (!isUsable(line) || !isLow(line)) return bisect(problem, line); // B2
      b[A] = c; // B3
      b[DA] = line.slope;
      c *= RHO;
    }
    return false;
  };

  /** S1 to S4: a secant step, and a second one from the end that it moved; whether a step was accepted. */
  const doubleSecant = (problem: Smooth, line: Line): boolean => {
    const b = line.bracket, a0 = b[A], da0 = b[DA], b0 = b[B], db0 = b[DB];
    const c = secant(a0, da0, b0, db0);
    if (!(c > a0 && c < b0)) return false;
    if (accepts(problem, line, c)) return true;
    if (update(problem, line)) return true;
    let second = NaN;
    if (c === b[B]) second = secant(b0, db0, b[B], b[DB]); // S2
    else if (c === b[A]) second = secant(a0, da0, b[A], b[DA]); // S3
    if (!(second > b[A] && second < b[B]) || line.evaluations >= MOST) return false;
    return accepts(problem, line, second) || update(problem, line);
  };

  return {
    name: "hager-zhang",
    options: { sufficientDecrease: delta, curvature: sigma, tolerance },
    recall: 0,
    search(problem, line, first) {
      const b = line.bracket;
      beginSearch(line, first);
      if (enclose(problem, line, first)) return "found"; // L0
      while (line.evaluations < MOST) {
        const width = b[B] - b[A];
        if (doubleSecant(problem, line)) return "found"; // L1
        if (b[B] - b[A] > GAMMA * width) { // L2
          const c = 0.5 * (b[A] + b[B]);
          if (!(c > b[A] && c < b[B])) break;
          if (accepts(problem, line, c) || update(problem, line)) return "found";
        }
      }
      return endSearch(problem, line, b[A]);
    },
  };
}

/** The zero of the line through two slopes. */
function secant(a: number, da: number, b: number, db: number): number {
  return (a * db - b * da) / (db - da);
}
