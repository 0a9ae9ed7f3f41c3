/**
 * A function along a line, `φ(a) = f(x + a d)`, and what a line search must do with it.
 *
 * @module
 */
import { along, dot, normInf, type Options, type Smooth, type Vector } from "../core/mod.ts";

/** The line and the trial evaluated last. Plain data; a solver keeps one in its state. */
export interface Line {
  /** The base point. */
  x: Vector;
  readonly direction: Vector;
  /** `x + step d`. */
  trial: Vector;
  /** `∇f` at the trial. */
  gradient: Vector;
  /** `φ(0)`. */
  value0: number;
  /** `φ'(0)`. */
  slope0: number;
  step: number;
  /** `φ(step)`. */
  value: number;
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
 * `precision`: no decrease can be seen, because it is below the rounding error of the values. `failed`: none of these.
 */
export type Outcome = "found" | "improved" | "precision" | "failed";

/** A line search: finds a step along a descent direction; the trial of the line is then the point found. */
export interface LineSearch {
  readonly name: string;
  readonly options: Options;
  /** How many recent values it wants to see. */
  readonly recall: number;
  /**
   * @param problem The function.
   * @param line The line, with `value0` and `slope0 < 0` set.
   * @param first The first trial step, > 0.
   */
  search(problem: Smooth, line: Line, first: number): Outcome;
}

/** A line from x, with room for a search. */
export function lineFrom(x: Vector, search: LineSearch): Line {
  const n = x.length;
  return {
    x,
    direction: new Float64Array(n),
    trial: new Float64Array(n),
    gradient: new Float64Array(n),
    value0: NaN,
    slope0: NaN,
    step: 0,
    value: NaN,
    slope: NaN,
    evaluations: 0,
    bracket: new Float64Array(6),
    recent: new Float64Array(search.recall).fill(-Infinity),
  };
}

/** Evaluates the line at a step. */
export function evaluateAt(problem: Smooth, line: Line, step: number): void {
  along(line.x, step, line.direction, line.trial);
  line.step = step;
  line.value = problem.gradient(line.trial, line.gradient);
  line.slope = dot(line.gradient, line.direction);
  line.evaluations++;
}

/** Whether value and slope of the trial are finite; elsewhere a search shrinks its step. */
export function isUsable(line: Line): boolean {
  return line.value - line.value === 0 && line.slope - line.slope === 0;
}

/** The size below which differences of values along the line mean nothing: `4 ε |φ(0)|`. */
export function roundingError(line: Line): number {
  return 4 * Number.EPSILON * Math.abs(line.value0);
}

/**
 * What to say when a search has found no acceptable step, with `step` the best it knows (0 for none): evaluates there if
 * it is not the last trial. Without a lower value it asks whether one could be seen at all: the decrease that the slope
 * promises for the first trial against the noise of the values.
 */
export function giveUp(problem: Smooth, line: Line, first: number, step: number): Outcome {
  if (step > 0 && step !== line.step) evaluateAt(problem, line, step);
  if (step > 0 && isUsable(line) && line.value < line.value0) return "improved";
  const promised = Math.abs(line.slope0) * first;
  return promised <= 32 * (roundingError(line) + noise(problem, line)) ? "precision" : "failed";
}

/** The scatter of values around the base beyond what the slope explains, from three points a few roundings away. */
function noise(problem: Smooth, line: Line): number {
  const nudge = 8 * Number.EPSILON * Math.max(normInf(line.x), Number.MIN_VALUE) / normInf(line.direction);
  let scatter = 0;
  for (let k = 1; k <= 3; k++) {
    evaluateAt(problem, line, k * nudge);
    const change = Math.abs(line.value - line.value0), explained = 2 * k * nudge * Math.abs(line.slope0);
    if (change > explained && change < Infinity) scatter = Math.max(scatter, change - explained);
  }
  return scatter;
}
