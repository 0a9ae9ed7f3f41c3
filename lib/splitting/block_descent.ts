/**
 * Block coordinate descent: of n coordinates a block b is chosen, and changed.
 *
 * ```
 * minimize F(x) = f(x) + Σ wᵢ |xᵢ|  on  lᵢ <= xᵢ <= uᵢ        (w = 0 and no bounds: a smooth problem)
 * b = selection(x, ∇f(x))       of a fixed partition, or any coordinates
 * x_b ← x_b + d,  d = update(x_b, ∇_b f(x), curvature of the block)
 * ```
 *
 * A partition, a rule of selection and an update make a method. Rules that look at the gradient read all of it each
 * step, which is cheap where the function keeps it along with x, as sparse quadratics do.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster: faster greedy rules,
 * message-passing, active-set complexity, and superlinear convergence (2022), arXiv 1712.08859.
 *
 * @module
 */
import { type BlockSmooth, type Context, DomainError, type Reference, type Solver, type Vector } from "../core/mod.ts";
import { curvatureOf } from "./block_curvature.ts";
import type { BlockComposite } from "./block_problem.ts";
import { type BlockSelection, type BlockState, type BlockUpdate, objectiveOf } from "./block_state.ts";
import { proximalStep } from "./coordinate.ts";
import { checkPartition, inOrder, type Partition } from "./partition.ts";
import { cyclic } from "./selection/cyclic.ts";
import { gradientStep } from "./update/gradient_step.ts";

/** The three choices. */
export interface BlockOptions<P extends BlockSmooth, M, U> {
  /** The blocks. Default: each coordinate is one. */
  readonly partition?: Partition<P>;
  /** Which block comes next. Default: in turn. */
  readonly selection?: BlockSelection<P, M>;
  /** What is done with it. Default: a step with 1/L_b. */
  readonly update?: BlockUpdate<P, U>;
}

const reference: Reference = {
  title: "Let's make block coordinate descent converge faster",
  authors: "Nutini, Laradji, Schmidt",
  year: 2022,
  identifier: "arXiv:1712.08859",
};

/**
 * Block coordinate descent for a smooth problem that shows its blocks.
 *
 * @throws {DomainError} When a partition is given to a selection that makes its own blocks.
 *
 * @example Greedy blocks of two, solved exactly
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { gridLaplacian } from "@gradus/gradus/linalg";
 * import { sparseQuadratic } from "@gradus/gradus/problems";
 * import { blockCoordinateDescent, greedy, inOrder, modelStep } from "@gradus/gradus/splitting";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = sparseQuadratic(gridLaplacian(4), [1, 0, 0, 1]);
 * const solver = blockCoordinateDescent({ partition: inOrder(2), selection: greedy("GSQ"), update: modelStep() });
 * assertEquals(solve(problem, solver, { start }).status, "converged");
 * ```
 */
export function blockCoordinateDescent<P extends BlockSmooth = BlockSmooth, M = unknown, U = unknown>(
  options: BlockOptions<P, M, U> = {},
): Solver<P, BlockState<M, U>> {
  const parts = chosen(options),
    bounds = (n: number): Bounds => ({
      weights: new Float64Array(n),
      lower: new Float64Array(n).fill(-Infinity),
      upper: new Float64Array(n).fill(Infinity),
    });
  return {
    ...described("block coordinate descent", parts, ""),
    init: (problem, start, context) => begin(problem, bounds(problem.dimension), start.x, context, parts),
    step: (problem, state) => advance(problem, state, parts),
    point: (_, state) => ({ x: state.x }),
  };
}

/**
 * Block coordinate descent for a smooth problem with blocks plus a weighted 1-norm between bounds. The start is moved
 * between the bounds.
 *
 * @throws {DomainError} When a partition is given to a selection that makes its own blocks.
 *
 * @example Least squares without negative coefficients
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { dataset, nonnegativeLeastSquares } from "@gradus/gradus/problems";
 * import { proximalBlockCoordinateDescent } from "@gradus/gradus/splitting";
 * import { assertEquals } from "@std/assert";
 *
 * const data = dataset({ columns: 2, features: Float64Array.of(1, 0, 0, 1), targets: Float64Array.of(2, -3) });
 * const { problem, start } = nonnegativeLeastSquares(data);
 * assertEquals([...solve(problem, proximalBlockCoordinateDescent(), { start }).x], [2, 0]);
 * ```
 */
export function proximalBlockCoordinateDescent<P extends BlockSmooth = BlockSmooth, M = unknown, U = unknown>(
  options: BlockOptions<P, M, U> = {},
): Solver<BlockComposite<P>, BlockState<M, U>> {
  const parts = chosen(options);
  return {
    ...described("proximal block coordinate descent", parts, "smooth."),
    init: ({ smooth, regularizer }, start, context) => begin(smooth, regularizer, start.x, context, parts),
    step: ({ smooth }, state) => advance(smooth, state, parts),
    point: (_, state) => ({ x: state.x }),
  };
}

/** The nonsmooth part. */
interface Bounds {
  readonly weights: Vector;
  readonly lower: Vector;
  readonly upper: Vector;
}

/** All three choices made. */
interface Parts<P extends BlockSmooth, M, U> {
  readonly partition: Partition<P> | undefined;
  readonly selection: BlockSelection<P, M>;
  readonly update: BlockUpdate<P, U>;
}

function chosen<P extends BlockSmooth, M, U>(options: BlockOptions<P, M, U>): Parts<P, M, U> {
  const selection = options.selection ?? cyclic() as unknown as BlockSelection<P, M>;
  const update = options.update ?? gradientStep() as unknown as BlockUpdate<P, U>;
  if (options.partition && !selection.fromPartition) {
    throw new DomainError(`Cannot use a partition: the selection ${selection.name} makes its own blocks`);
  }
  return { partition: selection.fromPartition ? options.partition ?? inOrder(1) : undefined, selection, update };
}

function described<P extends BlockSmooth, M, U>(
  name: string,
  { partition, selection, update }: Parts<P, M, U>,
  path: string,
) {
  return {
    name: `${name} (${selection.name}, ${update.name})`,
    options: {
      ...(partition && { partition: { name: partition.name, ...partition.options } }),
      selection: { name: selection.name, ...selection.options },
      update: { name: update.name, ...update.options },
    },
    reference,
    needs: ["blocks.gradient", "blocks.move", ...(selection.needs ?? []), ...(update.needs ?? [])]
      .map((oracle) => path + oracle),
  };
}

function begin<P extends BlockSmooth, M, U>(
  problem: P,
  { weights, lower, upper }: Bounds,
  start: Vector,
  context: Context,
  { partition: divide, selection, update }: Parts<P, M, U>,
): BlockState<M, U> {
  const n = problem.dimension, { blocks } = problem, zero = blocks.lipschitz.indexOf(0);
  if (zero >= 0) throw new DomainError(`Cannot run coordinate descent: expected Lᵢ > 0, got 0 at ${zero}`);
  const x = start.map((v, i) => Math.min(Math.max(v, lower[i]), upper[i])),
    memory = new Float64Array(blocks.memoryLength);
  const partition = divide ? divide.blocks(problem) : [];
  if (divide) checkPartition(partition, n);
  const needs = new Set([...selection.curvature ?? [], ...update.curvature ?? []]);
  const curvature = curvatureOf(problem, partition, needs);
  const estimates = Float64Array.from(partition, (b) => b.reduce((most, i) => Math.max(most, blocks.lipschitz[i]), 0));
  const state: BlockState = {
    x,
    value: NaN,
    memory,
    gradient: new Float64Array(selection.readsGradient ? n : 0),
    local: new Float64Array(n),
    change: new Float64Array(n),
    lipschitz: blocks.lipschitz.slice(),
    weights,
    lower,
    upper,
    all: Uint32Array.from({ length: n }, (_, i) => i),
    partition,
    curvature: update.estimatesLipschitz ? { ...curvature, lipschitz: estimates } : curvature,
    chosen: -1,
    moved: 0,
    selection: null,
    update: null,
  };
  blocks.remember(x, memory);
  observe(problem, state, selection.readsGradient);
  return { ...state, selection: selection.init(problem, state, context), update: update.init(problem, state) };
}

function advance<P extends BlockSmooth, M, U>(
  problem: P,
  state: BlockState<M, U>,
  { selection, update }: Parts<P, M, U>,
): void {
  const { blocks } = problem, { gradient, local, x } = state;
  const block = selection.choose(problem, state, state.selection);
  if (selection.readsGradient) { for (let b = 0; b < block.length; b++) local[b] = gradient[block[b]]; }
  else blocks.gradient(x, block, state.memory, local);
  const before = state.moved;
  update.apply(problem, state, block, state.update);
  if (selection.readsGradient && state.moved === before) {
    state.stop = { status: "stalled-at-precision", message: `no change of the block that ${selection.name} chose` };
    return;
  }
  if (state.moved > REFRESH * x.length) {
    blocks.remember(x, state.memory);
    state.moved = 0;
  }
  observe(problem, state, selection.readsGradient);
}

/** After so many changes of each coordinate the memory is computed anew: sums of changes drift. */
const REFRESH = 100;

/** The value at the iterate and, with the whole gradient, the measure of its kind. */
function observe(problem: BlockSmooth, state: BlockState, readsGradient: boolean): void {
  const { x, memory, weights, lower, upper, gradient, all } = state;
  state.value = objectiveOf(problem, state);
  if (!readsGradient) return;
  problem.blocks.gradient(x, all, memory, gradient);
  let norm = 0;
  for (let i = 0; i < x.length; i++) {
    const step = Math.abs(proximalStep(x[i], gradient[i], 1, weights[i], lower[i], upper[i]));
    if (!(step <= norm)) norm = step;
  }
  state.estimate = norm;
}
