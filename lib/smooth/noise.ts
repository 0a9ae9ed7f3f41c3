/**
 * When a line search fails: rounding errors of the values, or a wrong gradient?
 *
 * Value and slope are known at each trial, so that a change of the value can be held against what the slopes explain by
 * the trapezoidal rule, `φ(a) - φ(0) ≈ a (φ'(0) + φ'(a)) / 2`.
 *
 * @module
 */
import { normInf, type Smooth } from "../core/mod.ts";
import { evaluateAt, isUsable, type Line, roundingError } from "./line.ts";

/**
 * Measures the scatter of the values at three points a few roundings away from the base; returns whether it is larger
 * than what the search assumed.
 */
export function hearNoise(problem: Smooth, line: Line): boolean {
  const assumed = roundingError(line), size = Math.max(normInf(line.x), Number.MIN_VALUE);
  const nudge = 8 * Number.EPSILON * size / normInf(line.direction);
  let scatter = 0;
  for (let k = 1; k <= 3; k++) {
    evaluateAt(problem, line, k * nudge);
    // a wrong gradient leaves twice its own size unexplained; that is no noise
    const unexplained = Math.abs(surprise(line)) - 2 * promise(line);
    if (isUsable(line)) scatter = Math.max(scatter, unexplained);
  }
  line.noise = 2 * scatter / Math.max(Math.abs(line.value0), Number.MIN_VALUE);
  return roundingError(line) > assumed;
}

/**
 * Whether value and gradient agree along the line, at the first step whose promised decrease stands out from the
 * rounding errors. `first` is the longest step to look at.
 */
export function gradientAgrees(problem: Smooth, line: Line, first: number): boolean {
  const visible = 1000 * roundingError(line) / Math.abs(line.slope0);
  if (visible >= first) return true; // nothing can be seen
  evaluateAt(problem, line, visible);
  return isUsable(line) && Math.abs(surprise(line)) <= 0.5 * promise(line);
}

/** The change of the value that the slopes do not explain. */
function surprise(line: Line): number {
  return line.value - line.value0 - line.step * (line.slope0 + line.slope) / 2;
}

/** The largest change that either slope alone would promise. */
function promise(line: Line): number {
  return line.step * Math.max(Math.abs(line.slope0), Math.abs(line.slope));
}
