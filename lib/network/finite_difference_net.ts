/**
 * Finite-difference networks: one small convolution, applied again and again, that steps a partial differential
 * equation in time.
 *
 * ```
 * u⁰ given,  uˢ⁺¹ᵢ = Σₖ wₖ uˢ at the neighbour k of i,  s = 0 … S-1        the same weights w in every step
 * minimize  1/(N S p) Σ |uˢ(w) - dˢ|²                                       over N trajectories of S snapshots d on p points
 * ```
 *
 * The residuals are scaled so that `½ |r|²` is this mean. Products with J run the tangent δ along with u, those with Jᵀ
 * an adjoint λ back:
 *
 * ```
 * δˢ⁺¹ = C(v) uˢ + C(w) δˢ,    λˢ = ωˢ + C(w)ᵀ λˢ⁺¹,    (Jᵀω)ₖ = Σₛ λˢ⁺¹ · (uˢ at the neighbours k)
 * ```
 *
 * Source: Shi, Gulgec, Berahas, Pakzad and Takáč, Finite difference neural networks: fast prediction of partial
 * differential equations (2020), arXiv:2006.01892.
 *
 * @module
 */
import {
  axpy,
  DomainError,
  type Instance,
  type Matrix,
  ShapeError,
  type TwiceLeastSquares,
  type Vector,
} from "../core/mod.ts";
import { matrix } from "../linalg/mod.ts";

/** Which points a step looks at: a grid, and the offsets of the weights. */
export interface Stencil {
  /** The lengths of the sides of the grid. */
  readonly shape: readonly number[];
  /** p, the number of points. */
  readonly points: number;
  /** The number of weights, 3 for each side: 3 on a line, 9 in a plane, row by row. */
  readonly taps: number;
  /** The neighbour of each point at each offset, `taps` x p; -1 beyond the border, where u is 0. */
  readonly neighbours: Int32Array;
}

/**
 * The offsets -1, 0, 1 along each side of a grid.
 *
 * @param shape Points along each side: one or two sides of at least 3.
 * @param boundary What lies beyond the border: the other side, or zeros (Dirichlet). Default `periodic`.
 * @throws {ShapeError} When there is no side, more than two, or one of fewer than 3 points.
 */
export function stencil(shape: readonly number[], boundary: "periodic" | "zero" = "periodic"): Stencil {
  if (shape.length < 1 || shape.length > 2 || !shape.every((side) => Number.isSafeInteger(side) && side >= 3)) {
    throw new ShapeError(`Cannot make a stencil: expected one or two sides of at least 3 points, got [${shape}]`);
  }
  const [rows, columns] = shape.length === 1 ? [1, shape[0]] : shape, points = rows * columns;
  const along = shape.length === 1 ? [0] : [-1, 0, 1], neighbours = new Int32Array(3 * along.length * points);
  const step = (i: number, by: number, side: number): number => {
    const next = i + by;
    return next >= 0 && next < side ? next : boundary === "periodic" ? (next + side) % side : -1;
  };
  let k = 0;
  for (const down of along) {
    for (const right of [-1, 0, 1]) {
      for (let i = 0; i < points; i++) {
        const row = step(Math.floor(i / columns), down, rows), column = step(i % columns, right, columns);
        neighbours[k++] = row < 0 || column < 0 ? -1 : row * columns + column;
      }
    }
  }
  return { shape, points, taps: 3 * along.length, neighbours };
}

/** `out += C(w) u`. */
function convolve({ points, taps, neighbours }: Stencil, w: Vector, u: Vector, out: Vector): void {
  for (let k = 0; k < taps; k++) {
    for (let i = 0; i < points; i++) {
      const j = neighbours[k * points + i];
      if (j >= 0) out[i] += w[k] * u[j];
    }
  }
}

/** `out += C(w)ᵀ u`. */
function convolveBack({ points, taps, neighbours }: Stencil, w: Vector, u: Vector, out: Vector): void {
  for (let k = 0; k < taps; k++) {
    for (let i = 0; i < points; i++) {
      const j = neighbours[k * points + i];
      if (j >= 0) out[j] += w[k] * u[i];
    }
  }
}

/** `outₖ += λ · (u at the neighbours k)`. */
function correlate({ points, taps, neighbours }: Stencil, lambda: Vector, u: Vector, out: Vector): void {
  for (let k = 0; k < taps; k++) {
    let sum = 0;
    for (let i = 0; i < points; i++) {
      const j = neighbours[k * points + i];
      if (j >= 0) sum += lambda[i] * u[j];
    }
    out[k] += sum;
  }
}

/**
 * Steps a state: `u⁰, u¹, …, uˢ` as rows.
 *
 * @throws {ShapeError} When weights or state do not fit the stencil.
 */
export function stepStates(grid: Stencil, weights: Vector, state: Vector, steps: number): Matrix {
  const { points, taps } = grid;
  if (weights.length !== taps || state.length !== points) {
    throw new ShapeError(
      `Cannot step a state: expected ${taps} weights and ${points} points, got ${weights.length} and ${state.length}`,
    );
  }
  const states = matrix(steps + 1, points);
  states.data.set(state);
  for (let s = 0; s < steps; s++) convolve(grid, weights, rowOf(states, s), rowOf(states, s + 1));
  return states;
}

/**
 * The weights of explicit Euler steps for the heat equation `∂u/∂t = Δu`: `1 - 2 d r` in the middle, `r = Δt/Δx²` at
 * the 2d next points.
 *
 * @throws {DomainError} When r is not in (0, 1/(2d)]: the steps would be unstable.
 */
export function heatWeights({ shape: { length: d }, taps }: Stencil, ratio: number): Vector {
  if (!(ratio > 0 && ratio <= 1 / (2 * d))) {
    throw new DomainError(`Cannot step the heat equation: expected Δt/Δx² in (0, ${1 / (2 * d)}], got ${ratio}`);
  }
  const weights = new Float64Array(taps), middle = (taps - 1) / 2;
  weights[middle] = 1 - 2 * d * ratio;
  for (const by of d === 1 ? [1] : [1, 3]) weights[middle - by] = weights[middle + by] = ratio;
  return weights;
}

/**
 * The problem of finding the weights from trajectories; its value is the mean squared error of all snapshots.
 *
 * @param grid The stencil.
 * @param trajectories Each has a state to begin with and the S snapshots after it, as S + 1 rows of p entries.
 * @param start The first weights.
 * @throws {ShapeError} When there is no trajectory, or they have different shapes, or the weights another number.
 *
 * @example The weights of the heat equation
 * ```ts
 * import { fillUniform, rng, solve } from "@gradus/gradus/core";
 * import { finiteDifferenceNet, heatWeights, stencil, stepStates } from "@gradus/gradus/network";
 * import { gaussNewton, trustRegion } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const grid = stencil([16]), state = fillUniform(rng(1), new Float64Array(16));
 * const { problem, start } = finiteDifferenceNet(grid, [stepStates(grid, heatWeights(grid, 0.2), state, 4)], [0, 0.9, 0]);
 * const { x } = solve(gaussNewton(problem), trustRegion(), { start });
 * assertAlmostEquals(x[0], 0.2, 1e-8);
 * ```
 */
export function finiteDifferenceNet(
  grid: Stencil,
  trajectories: readonly Matrix[],
  start: ArrayLike<number>,
): Instance<TwiceLeastSquares> {
  const { points, taps } = grid, count = trajectories.length, steps = (trajectories[0]?.rows ?? 0) - 1;
  if (steps < 1 || trajectories.some(({ rows, columns }) => rows !== steps + 1 || columns !== points)) {
    throw new ShapeError(
      `Cannot fit a finite-difference network: expected trajectories of two or more rows of ${points} entries, got ` +
        (trajectories.map(({ rows, columns }) => `${rows} x ${columns}`).join(", ") || "none"),
    );
  }
  if (start.length !== taps) {
    throw new ShapeError(
      `Cannot fit a finite-difference network: expected ${taps} weights to start, got ${start.length}`,
    );
  }
  const size = steps * points, scale = Math.sqrt(2 / (count * size));
  const states = matrix(steps + 1, points), tangents = matrix(steps + 1, points);
  const adjoint = new Float64Array(points), before = new Float64Array(points);
  const moving = new Float64Array(points), movingBefore = new Float64Array(points);
  /** u of a trajectory, and δ for v. */
  const forward = (data: Matrix, w: Vector, v?: Vector): void => {
    states.data.fill(0, points);
    states.data.set(rowOf(data, 0));
    if (v) tangents.data.fill(0);
    for (let s = 0; s < steps; s++) {
      const u = rowOf(states, s);
      convolve(grid, w, u, rowOf(states, s + 1));
      if (!v) continue;
      convolve(grid, v, u, rowOf(tangents, s + 1));
      convolve(grid, w, rowOf(tangents, s), rowOf(tangents, s + 1));
    }
  };
  /** Adds `Jᵀω` of a trajectory, or, with v, its derivative along v. */
  const backward = (omega: Vector, w: Vector, out: Vector, v?: Vector): void => {
    adjoint.fill(0);
    moving.fill(0);
    for (let s = steps - 1; s >= 0; s--) {
      axpy(scale, omega.subarray(s * points, (s + 1) * points), adjoint); // λˢ⁺¹
      if (v) {
        correlate(grid, adjoint, rowOf(tangents, s), out);
        correlate(grid, moving, rowOf(states, s), out);
        movingBefore.fill(0);
        convolveBack(grid, v, adjoint, movingBefore);
        convolveBack(grid, w, moving, movingBefore);
        moving.set(movingBefore);
      } else correlate(grid, adjoint, rowOf(states, s), out);
      before.fill(0);
      convolveBack(grid, w, adjoint, before);
      adjoint.set(before);
    }
  };
  const part = (values: Vector, k: number): Vector => values.subarray(k * size, (k + 1) * size);
  return {
    name: `finite-difference network, ${grid.shape.join(" x ")}`,
    start: Float64Array.from(start),
    minima: [],
    problem: {
      kind: "least-squares",
      name: "finite-difference network",
      dimension: taps,
      residual: {
        components: count * size,
        value: (w, out) => {
          trajectories.forEach((data, k) => {
            forward(data, w);
            const r = part(out, k);
            for (let i = 0; i < size; i++) r[i] = scale * (states.data[points + i] - data.data[points + i]);
          });
        },
        jacobianVector: (w, v, out) => {
          trajectories.forEach((data, k) => {
            forward(data, w, v);
            const r = part(out, k);
            for (let i = 0; i < size; i++) r[i] = scale * tangents.data[points + i];
          });
        },
        jacobianTransposeVector: (w, omega, out) => {
          out.fill(0);
          trajectories.forEach((data, k) => {
            forward(data, w);
            backward(part(omega, k), w, out);
          });
        },
        hessianVector: (w, omega, v, out) => {
          out.fill(0);
          trajectories.forEach((data, k) => {
            forward(data, w, v);
            backward(part(omega, k), w, out, v);
          });
        },
      },
    },
  };
}

function rowOf({ columns, data }: Matrix, k: number): Vector {
  return data.subarray(k * columns, (k + 1) * columns);
}
