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
  type Vector,
} from "../core/mod.ts";
import { noSlope, noStep } from "./failure.ts";
import { countIdle, type Lowest } from "./idle.ts";
import { type Line, lineFrom, type LineSearch } from "./line.ts";

/**
 * A way to choose directions. `M` is its memory: plain data.
 */
export interface Direction<P extends Smooth, M> {
  /** Allocates the memory, empty. */
  readonly init: (problem: P, start: Vector, context: Context) => M;
  /** Writes the direction at the state into `out` and returns the first step to try along it. */
  compute(problem: P, state: DescentState<M>, out: Vector): number;
  /** Learns from a step: the line goes from its `x` with `state.gradient` to its `trial` with its `gradient`. */
  learn(memory: M, line: Line, state: DescentState<M>): void;
  /** Forgets everything; returns whether the next direction can differ from the last one for it. */
  forget(memory: M): boolean;
}

/** The state of a descent method. */
export interface DescentState<M> extends Lowest {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  gradient: Vector;
  /** The line of the last step. */
  readonly line: Line;
  /** What the direction remembers. */
  readonly memory: M;
}

/** What makes a direction and a line search a solver. */
export interface DescentOptions<P extends Smooth, M> {
  /** The solver's name. */
  readonly name: string;
  /** The options of the direction; those of the search are added. */
  readonly options: Options;
  /** Where the method comes from. */
  readonly reference: Reference;
  /** The oracles that direction and search call. Default `gradient`. */
  readonly needs?: readonly string[];
  /** Where to go. */
  readonly direction: Direction<P, M>;
  /** How far. */
  readonly search: LineSearch;
}

/**
 * So many steps without a lower value or gradient norm end a run; more where the search lets values rise for a while.
 */
const PATIENCE = 50;

/**
 * The solver that takes steps along `direction` as long as `search` says.
 *
 * A search that fails is tried once more along the steepest descent. If that fails too, the run ends: as
 * `stalled-at-precision` where rounding explains it, as `line-search-failed` where the values contradict the gradient.
 *
 * @example A direction of one's own: the gradient, scaled by coordinate
 * ```ts
 * import { type Smooth, solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { backtracking, descent } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const scaled = descent<Smooth, null>({
 *   name: "scaled gradient",
 *   options: {},
 *   reference: { title: "An example", authors: "", year: 2000, identifier: "" },
 *   direction: {
 *     init: () => null,
 *     compute: (_, { gradient }, out) => {
 *       for (let i = 0; i < out.length; i++) out[i] = -gradient[i] / (i + 1);
 *       return 1;
 *     },
 *     learn: () => {},
 *     forget: () => true,
 *   },
 *   search: backtracking(),
 * });
 * const { problem, start } = quadratic([1, 2, 3]);
 * assertEquals(solve(problem, scaled, { start }).iterations, 1);
 * ```
 */
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
  countIdle(state);
  if (state.idle >= PATIENCE * (1 + line.recent.length)) {
    state.stop = {
      status: "stalled-at-precision",
      message: `no lower value or gradient norm in ${state.idle} iterations; |∇f| ${figure(state.estimate)}`,
    };
  }
}

/** `out ← -∇f`. */
export function negative(gradient: Vector, out: Vector): void {
  for (let i = 0; i < out.length; i++) out[i] = -gradient[i];
}
