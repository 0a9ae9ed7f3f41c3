/**
 * A search direction under a line search: the frame of most smooth methods.
 *
 * ```
 * d = direction(x, ∇f(x), memory)          steepest descent if that is no descent direction
 * a = step of the line search along d
 * memory learns from s = a d and y = ∇f(x + s) - ∇f(x);   x ← x + s
 * ```
 *
 * @module
 */
import {
  type Context,
  dot,
  figure,
  norm1,
  normInf,
  type Options,
  type Reference,
  type Smooth,
  type Solver,
  type State,
  type Vector,
} from "../core/mod.ts";
import { evaluateAt, isUsable, type Line, lineFrom, type LineSearch } from "./line.ts";

/**
 * A way to choose directions. `M` is its memory: plain data.
 */
export interface Direction<P extends Smooth, M> {
  /** Allocates the memory, empty. */
  readonly init: (problem: P, start: Vector, context: Context) => M;
  /** Writes the direction at the state into `out` and returns the first step to try along it. */
  compute(problem: P, state: DescentState<M>, out: Vector): number;
  /** Learns from the accepted step: the line goes from `x` with gradient `state.gradient` to `trial` with `gradient`. */
  learn(memory: M, line: Line, state: DescentState<M>): void;
  /** Forgets everything; returns whether there was anything to forget. */
  forget(memory: M): boolean;
}

/** The state of a descent method. */
export interface DescentState<M> extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  gradient: Vector;
  readonly line: Line;
  readonly memory: M;
  /** The lowest value and gradient norm so far, and how many steps brought neither down. */
  lowestValue: number;
  lowestEstimate: number;
  idle: number;
}

/** What makes a direction and a line search a solver. */
export interface DescentOptions<P extends Smooth, M> {
  readonly name: string;
  readonly options: Options;
  readonly reference: Reference;
  readonly needs?: readonly string[];
  readonly direction: Direction<P, M>;
  readonly search: LineSearch;
}

/** So many steps without a lower value or gradient norm end a run; more where the search lets values rise for a while. */
const PATIENCE = 50;

/** The solver that takes steps along `direction` as long as `search` says. */
export function descent<P extends Smooth, M>(parts: DescentOptions<P, M>): Solver<P, DescentState<M>> {
  const { name, reference, direction, search } = parts;
  return {
    name,
    options: { ...parts.options, search: { name: search.name, ...search.options } },
    reference,
    needs: parts.needs ?? ["gradient"],
    init: (problem, start, context) => {
      const x = start.x.slice(), gradient = new Float64Array(x.length);
      const value = problem.gradient(x, gradient), estimate = normInf(gradient);
      const memory = direction.init(problem, x, context);
      const line = lineFrom(x, search);
      return { x, value, estimate, gradient, line, memory, lowestValue: value, lowestEstimate: estimate, idle: 0 };
    },
    step(problem, state) {
      const { line, memory } = state;
      line.value0 = state.value;
      let first = direction.compute(problem, state, line.direction);
      line.slope0 = dot(state.gradient, line.direction);
      const descends = first > 0 && first < Infinity && line.slope0 < 0 && line.slope0 > -Infinity;
      if (!descends) {
        direction.forget(memory);
        first = steepest(state);
        if (!(line.slope0 < 0 && line.slope0 > -Infinity)) {
          state.stop = noSlope(line.slope0);
          return;
        }
      }
      let outcome = search.search(problem, line, first);
      if (outcome === "failed" && descends && direction.forget(memory)) {
        first = steepest(state);
        outcome = search.search(problem, line, first);
      }
      if (outcome === "failed") {
        state.stop = noStep(problem, line, first);
        return;
      }
      direction.learn(memory, line, state);
      accept(state);
    },
    point: (_, state) => ({ x: state.x }),
  };
}

/** Turns to `-∇f`, with a first step that changes x by about 1 at most. */
function steepest<M>(state: DescentState<M>): number {
  const { line, gradient } = state;
  negative(gradient, line.direction);
  line.slope0 = -dot(gradient, gradient);
  return firstStep(gradient);
}

/** `min(1, 1/|g|₁)`, the usual first step along `-g` when nothing is known of the scale. */
export function firstStep(gradient: Vector): number {
  const size = norm1(gradient);
  return size > 1 ? 1 / size : 1;
}

/** Moves to the trial: the vectors of iterate and trial change places. */
function accept<M>(state: DescentState<M>): void {
  const { line, gradient } = state, x = state.x;
  if (line.recent.length > 0) {
    line.recent.copyWithin(1, 0);
    line.recent[0] = state.value;
  }
  state.x = line.x = line.trial;
  line.trial = x;
  state.gradient = line.gradient;
  line.gradient = gradient;
  state.value = line.value;
  state.estimate = normInf(state.gradient);
  const rounding = 4 * Number.EPSILON * Math.abs(state.lowestValue);
  const lower = state.value < state.lowestValue - rounding || state.estimate < 0.99 * state.lowestEstimate;
  state.idle = lower ? 0 : state.idle + 1;
  state.lowestValue = Math.min(state.lowestValue, state.value);
  state.lowestEstimate = Math.min(state.lowestEstimate, state.estimate);
  if (state.idle >= PATIENCE * (1 + line.recent.length)) {
    state.stop = {
      status: "stalled-at-precision",
      message: `no lower value or gradient norm in ${state.idle} iterations; |∇f| ${figure(state.estimate)}`,
    };
  }
}

function noSlope(slope: number): NonNullable<State["stop"]> {
  return slope === 0
    ? { status: "stalled-at-precision", message: "|∇f|² is 0" }
    : { status: "line-search-failed", message: `|∇f|² is ${-slope}, too large to search along the gradient` };
}

/** Why no step along the steepest descent lowers the value. */
function noStep(problem: Smooth, line: Line, first: number): NonNullable<State["stop"]> {
  const slope = figure(line.slope0), value = figure(line.value0), fit = fitOf(problem, line, first);
  if (fit === "good") {
    return {
      status: "stalled-at-precision",
      message: `no value below ${value} can be told from rounding along the steepest descent (slope ${slope})`,
    };
  }
  if (fit === "none") {
    return {
      status: "non-finite",
      message: `value ${line.value}, slope ${line.slope} at each step along the steepest descent, down to ${
        figure(line.step)
      }`,
    };
  }
  return {
    status: "line-search-failed",
    message: `no step along the steepest descent (slope ${slope}) lowers the value ${value}, and the values do not ` +
      "follow the slopes; is the gradient right? checkDerivatives(problem, x) compares it with differences",
  };
}

/**
 * Whether values and slopes fit together, by the trapezoidal rule `φ(a) - φ(0) ≈ a (φ'(0) + φ'(a)) / 2`: at two steps in a
 * row, going down from one of the size of x, as long steps leave the range of the rule and short ones drown in rounding.
 * `none` when no step has a finite value.
 */
function fitOf(problem: Smooth, line: Line, first: number): "good" | "bad" | "none" {
  let step = Math.max(first, normInf(line.x) / normInf(line.direction)), fits = 0, finite = false;
  for (let k = 0; k < 20; k++, step /= 10) {
    evaluateAt(problem, line, step);
    const surprise = line.value - line.value0 - 0.5 * step * (line.slope0 + line.slope);
    const promise = step * Math.max(Math.abs(line.slope0), Math.abs(line.slope));
    fits = Math.abs(surprise) <= 0.5 * promise ? fits + 1 : 0;
    if (fits === 2) return "good";
    finite ||= isUsable(line);
  }
  return finite ? "bad" : "none";
}

/** `out ← -∇f`. */
export function negative(gradient: Vector, out: Vector): void {
  for (let i = 0; i < out.length; i++) out[i] = -gradient[i];
}
