/**
 * A function along a line, `φ(a) = f(x + a d)`, and what a line search must do with it.
 *
 * @module
 */
import { along, DomainError, dot, type Options, type Smooth, type Vector, vectors } from "../core/mod.ts";

/** The line and the trial evaluated last. Plain data; a solver keeps one in its state. */
export interface Line {
  /** The base point. */
  x: Vector;
  /** `d`. */
  readonly direction: Vector;
  /** `x + step d`. */
  trial: Vector;
  /** `∇f` at the trial. */
  gradient: Vector;
  /** `φ(0)`. */
  value0: number;
  /** `φ'(0)`. */
  slope0: number;
  /** `a` of the trial. */
  step: number;
  /** `φ(step)`. */
  value: number;
  /** `φ(step)` as searches see it: where it is level with `φ(0)`, the value that the slopes explain. */
  merit: number;
  /** `φ'(step)`. */
  slope: number;
  /** Evaluations of the present search. */
  evaluations: number;
  /** Work space of the search: ends of an interval with their values and slopes. */
  readonly bracket: Float64Array;
  /** Values of the last iterates, for nonmonotone searches; unused entries are -Infinity. */
  readonly recent: Float64Array;
}

/**
 * How a search ended. `found`: the trial satisfies the conditions. `improved`: it does not, but its value is lower.
 * `failed`: no lower value was seen.
 */
export type Outcome = "found" | "improved" | "failed";

/** A line search: finds a step along a descent direction; the trial of the line is then the point found. */
export interface LineSearch {
  /** Its name among a solver's options. */
  readonly name: string;
  /** The options it was made with. */
  readonly options: Options;
  /** How many recent values it wants to see. */
  readonly recall: number;
  /**
   * Searches.
   *
   * @param problem The function.
   * @param line The line, with `value0` and `slope0` set.
   * @param first The first trial step.
   * @throws {DomainError} Unless `φ(0)` is finite, `φ'(0) < 0` and `first > 0`.
   */
  search(problem: Smooth, line: Line, first: number): Outcome;
}

/** A line from x, with room for a search. */
export function lineFrom(x: Vector, search: LineSearch): Line {
  const [direction, trial, gradient] = vectors(x.length, 3);
  return {
    x,
    direction,
    trial,
    gradient,
    value0: NaN,
    slope0: NaN,
    step: 0,
    value: NaN,
    merit: NaN,
    slope: NaN,
    evaluations: 0,
    bracket: new Float64Array(6),
    recent: new Float64Array(search.recall).fill(-Infinity),
  };
}

/** Opens a search: refuses a line that cannot be searched. */
export function beginSearch(line: Line, first: number): void {
  const { value0, slope0 } = line;
  if (value0 - value0 !== 0 || !(slope0 < 0 && slope0 > -Infinity && first > 0 && first < Infinity)) {
    throw new DomainError(
      `Cannot search along the line: expected a finite φ(0), φ'(0) < 0 and a first step > 0, got ${value0}, ` +
        `${slope0} and ${first}`,
    );
  }
  line.evaluations = 0;
}

/**
 * Evaluates the line at a step. Near a minimizer differences of values are mostly rounding errors, while slopes are
 * still known to many digits. A value that is level with `φ(0)` counts as `φ(0) + a (φ'(0) + φ'(a)) / 2`, exact for a
 * quadratic; with it the condition of sufficient decrease is Hager and Zhang's approximate one,
 * `φ'(a) <= (2c₁ - 1) φ'(0)`.
 */
export function evaluateAt(problem: Smooth, line: Line, step: number): void {
  along(line.x, step, line.direction, line.trial);
  line.step = step;
  line.value = problem.gradient(line.trial, line.gradient);
  line.slope = dot(line.gradient, line.direction);
  line.merit = isLevel(line) ? line.value0 + 0.5 * step * (line.slope0 + line.slope) : line.value;
  line.evaluations++;
}

/** Whether value and slope of the trial are finite; elsewhere a search shrinks its step. */
export function isUsable(line: Line): boolean {
  return line.value - line.value === 0 && line.slope - line.slope === 0;
}

/** Values that differ by no more than this fraction are level: their difference may be made of rounding errors. */
export const LEVEL = 1e-10;

/** Whether the value of the trial is level with `φ(0)`. */
export function isLevel(line: Line): boolean {
  return Math.abs(line.value - line.value0) <= LEVEL * Math.abs(line.value0);
}

/** Closes a search without an acceptable step: goes back to the best one it knows (0 for none). */
export function endSearch(problem: Smooth, line: Line, step: number): Outcome {
  if (step === 0) return "failed";
  if (step !== line.step) evaluateAt(problem, line, step);
  return isUsable(line) && line.value < line.value0 ? "improved" : "failed";
}
