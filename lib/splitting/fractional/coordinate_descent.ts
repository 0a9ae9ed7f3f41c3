/**
 * Coordinate descent for fractions: along each coordinate the global minimum is found.
 *
 * ```
 * minimize F(x) = (f(x) + h(x))/g(x),  h(x) = Σ wᵢ |xᵢ| on lᵢ <= xᵢ <= uᵢ,  f + h >= 0,  g > 0
 *
 * J(t) = f(x) + t ∂ᵢf(x) + (cᵢ + θ)/2 t² + h(x + t eᵢ)
 * FCD   x ← x + t eᵢ,  t ∈ argmin J(t)/g(x + t eᵢ)
 * PCD   x ← x + t eᵢ,  t ∈ argmin J(t) - F(x) g(x + t eᵢ)
 * ```
 *
 * i runs in turn, at random, or to where J/g, or J - Fg, falls most. F never rises. Where no coordinate alone improves,
 * x is critical for Dinkelbach's equation, but not every critical point is such a one. The products that f keeps along
 * with x are computed anew after every 50 n changes.
 *
 * Source: Yuan, Coordinate descent methods for fractional minimization (2022), arXiv 2201.12691, algorithms FCD and
 * PCD.
 *
 * @module
 */
import {
  checkChoice,
  type Context,
  DomainError,
  integer,
  type Reference,
  type Rng,
  type Solver,
  type State,
  type Vector,
} from "../../core/mod.ts";
import { moveBlock, objectiveOf } from "../block_state.ts";
import { type Line, lineOf, minimizeLine } from "./line_minimum.ts";
import { type BlockFractional, fractionAt } from "./problem.ts";

/** Options of the coordinate methods. */
export interface FractionalDescentOptions {
  /** Which coordinate comes next. `greedy` reads the whole gradient in each step. Default `cyclic`. */
  readonly order?: "cyclic" | "random" | "greedy";
  /** θ. Default 1e-6. */
  readonly theta?: number;
}

/** The state: x, what f and g keep along with it, and the line that is looked at. */
export interface FractionalState extends State {
  /** What f keeps along with x. */
  readonly memory: Vector;
  /** What g keeps along with x. */
  readonly below: Vector;
  /** `f(x) + h(x)`. */
  numerator: number;
  /** `g(x)`. */
  denominator: number;
  /** `wᵢ`. */
  readonly weights: Vector;
  /** `lᵢ`. */
  readonly lower: Vector;
  /** `uᵢ`. */
  readonly upper: Vector;
  /** `∇f(x)`, where it is read. */
  readonly gradient: Vector;
  /** Every coordinate. */
  readonly all: Uint32Array;
  /** The coordinate of a step. */
  readonly block: Uint32Array;
  /** Its derivative, and then its change. */
  readonly local: Vector;
  /** The line. */
  readonly line: Line;
  /** The next coordinate in turn. */
  next: number;
  /** Steps in turn without a change. */
  idle: number;
  /** Changes since the memory was last computed from x. */
  moved: number;
  /** The generator. */
  readonly rng: Rng;
}

const reference: Reference = {
  title: "Coordinate Descent Methods for Fractional Minimization",
  authors: "Yuan",
  year: 2022,
  identifier: "arXiv:2201.12691",
};

/** After so many changes of each coordinate the memory is computed anew: sums of changes drift. */
const REFRESH = 50;

/**
 * FCD: each step takes the global minimum of the fraction along a coordinate. A run stops with `unbounded` where a
 * coordinate leads to `g <= 0`.
 *
 * @throws {DomainError} On a θ that is negative or not finite, or an order it does not know.
 *
 * @example A sparse vector by the ratio of its 1-norm to its largest entries
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { fractionalLeastSquares } from "@gradus/gradus/problems";
 * import { fractionalCoordinateDescent, topSum } from "@gradus/gradus/splitting";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 0, 1], [0, 1, 1]]), b = Float64Array.of(1, 1); // x = (0, 0, 1) or (1, 1, 0)
 * const { problem, start } = fractionalLeastSquares(A, b, topSum(3, 1, 0.05), { weight: 0.2, constant: 0.05 });
 * const { x, status } = solve(problem, fractionalCoordinateDescent(), { start });
 * assertEquals(status, "converged");
 * assert(x.filter((v) => v !== 0).length === 1 && x[2] > 1);
 * ```
 */
export function fractionalCoordinateDescent(
  options: FractionalDescentOptions = {},
): Solver<BlockFractional, FractionalState> {
  return coordinateDescent("fractional coordinate descent", true, options);
}

/** PCD: each step takes the global minimum of the parametric function `J(t) - F(x) g(x + t eᵢ)` along a coordinate. */
export function parametricCoordinateDescent(
  options: FractionalDescentOptions = {},
): Solver<BlockFractional, FractionalState> {
  return coordinateDescent("parametric coordinate descent", false, options);
}

function coordinateDescent(
  name: string,
  ratio: boolean,
  { order = "cyclic", theta = 1e-6 }: FractionalDescentOptions,
): Solver<BlockFractional, FractionalState> {
  if (!(theta >= 0 && theta < Infinity)) throw new DomainError(`Cannot run ${name}: expected θ >= 0, got ${theta}`);
  checkChoice(`run ${name}`, "an order", order, ["cyclic", "random", "greedy"]);
  return {
    name: `${name} (${order})`,
    options: { order, theta },
    reference,
    needs: [
      ...["remember", "value", "gradient", "move"].map((oracle) => `smooth.blocks.${oracle}`),
      ...["remember", "value", "pieces", "follow"].map((oracle) => `denominator.lines.${oracle}`),
    ],
    init: (problem, start, context) => begin(problem, start.x, order, theta, context),
    step(problem, state) {
      const { block, local, line, x } = state, n = x.length;
      if (order === "greedy") block[0] = bestCoordinate(problem, state, ratio, theta);
      else {
        block[0] = order === "cyclic" ? state.next : integer(state.rng, n);
        state.next = (state.next + 1) % n;
        problem.smooth.blocks.gradient(x, block, state.memory, local);
      }
      look(problem, state, block[0], order === "greedy" ? state.gradient[block[0]] : local[0], ratio, theta);
      if (state.stop) return;
      const i = block[0], before = x[i];
      local[0] = line.t;
      moveBlock(problem.smooth, state, block, local);
      if (x[i] === before) {
        state.idle++;
        if (order === "greedy" || order === "cyclic" && state.idle >= n) {
          state.stop = { status: "stalled-at-precision", message: "no coordinate alone lowers the fraction" };
        }
        return;
      }
      state.idle = 0;
      problem.denominator.lines.follow(x, i, before, state.below);
      if (state.moved > REFRESH * n) {
        problem.smooth.blocks.remember(x, state.memory);
        problem.denominator.lines.remember(x, state.below);
        state.moved = 0;
      }
      evaluate(problem, state);
    },
    point: (_, state) => ({ x: state.x }),
  };
}

function begin(
  problem: BlockFractional,
  start: Vector,
  order: string,
  theta: number,
  { rng }: Context,
): FractionalState {
  const { smooth: { dimension: n, blocks }, regularizer: { weights, lower, upper }, denominator: { lines } } = problem;
  const flat = blocks.lipschitz.findIndex((c) => !(c + theta > 0));
  if (flat >= 0) throw new DomainError(`Cannot run coordinate descent: expected cᵢ + θ > 0, got 0 at ${flat}`);
  const x = start.slice(), memory = new Float64Array(blocks.memoryLength), below = new Float64Array(lines.memoryLength);
  blocks.remember(x, memory);
  lines.remember(x, below);
  const state: FractionalState = {
    x,
    value: fractionAt(problem, x, blocks.value(x, memory), lines.value(x, below)),
    memory,
    below,
    numerator: 0,
    denominator: 1,
    weights,
    lower,
    upper,
    gradient: new Float64Array(order === "greedy" ? n : 0),
    all: Uint32Array.from({ length: n }, (_, i) => i),
    block: new Uint32Array(1),
    local: new Float64Array(1),
    line: lineOf(lines.power, lines.mostPieces),
    next: 0,
    idle: 0,
    moved: 0,
    rng,
  };
  evaluate(problem, state);
  return state;
}

/** The fraction at x. */
function evaluate({ smooth, denominator }: BlockFractional, state: FractionalState): void {
  state.numerator = objectiveOf(smooth, state);
  state.denominator = denominator.lines.value(state.x, state.below);
  state.value = state.numerator / state.denominator;
}

/** Finds the minimum along coordinate i, of which the derivative of f is given. */
function look(
  problem: BlockFractional,
  state: FractionalState,
  i: number,
  slope: number,
  ratio: boolean,
  theta: number,
): void {
  const { line, x } = state;
  line.fraction = state.value;
  line.numerator = state.numerator;
  line.denominator = state.denominator;
  line.x = x[i];
  line.slope = slope;
  line.curvature = problem.smooth.blocks.lipschitz[i] + theta;
  line.weight = state.weights[i];
  line.lower = state.lower[i];
  line.upper = state.upper[i];
  line.count = problem.denominator.lines.pieces(x, i, state.below, line.pieces);
  minimizeLine(line, ratio);
  if (line.least <= 0) {
    state.stop = { status: "unbounded", message: `g <= 0 along coordinate ${i}: it falls to ${line.least}` };
  }
}

/** The coordinate along which most is gained, from the whole gradient. */
function bestCoordinate(problem: BlockFractional, state: FractionalState, ratio: boolean, theta: number): number {
  const { gradient, line, x } = state;
  problem.smooth.blocks.gradient(x, state.all, state.memory, gradient);
  let best = 0, least = 0;
  for (let i = 0; i < x.length; i++) {
    look(problem, state, i, gradient[i], ratio, theta);
    if (!(line.change < least)) continue;
    least = line.change;
    best = i;
  }
  return best;
}

/** How far a point is from one that no coordinate alone improves. */
export interface CoordinateStationarity {
  /** The coordinate along which most is gained. */
  readonly coordinate: number;
  /** How far along it the minimum is. */
  readonly step: number;
  /** What the fraction falls by there, at least. */
  readonly decrease: number;
}

/**
 * The best step along a single coordinate, to the global minimum of `J(t)/g(x + t eᵢ)`: 0 at coordinate-wise stationary
 * points, which the measure of fractional problems cannot tell from other critical points. Costs a full gradient.
 *
 * @param theta θ. Default 1e-6.
 * @throws {DomainError} When `g(x)` is not positive, or `h(x)` not finite.
 */
export function coordinateStationarity(problem: BlockFractional, x: Vector, theta = 1e-6): CoordinateStationarity {
  const state = begin(problem, x, "greedy", theta, { rng: new Uint32Array(0) });
  const coordinate = bestCoordinate(problem, state, true, theta);
  look(problem, state, coordinate, state.gradient[coordinate], true, theta);
  return { coordinate, step: Math.abs(state.line.t), decrease: -state.line.change };
}
