/**
 * What the parts of block coordinate descent share: the state, what a selection and an update are, moves.
 *
 * @module
 */
import type { BlockSmooth, Context, Options, State, Vector } from "../core/mod.ts";
import type { BlockCurvature, CurvatureNeed } from "./block_curvature.ts";

/** The state: iterate, gradient, and what the parts remember. */
export interface BlockState<M = unknown, U = unknown> extends State {
  /** What f keeps along with x. */
  readonly memory: Vector;
  /** `∇f(x)`, where the selection reads it. */
  readonly gradient: Vector;
  /** `∇_b f(x)` of the chosen block, in its order. */
  readonly local: Vector;
  /** The change of the chosen block. */
  readonly change: Vector;
  /** `Lᵢ`. */
  readonly lipschitz: Vector;
  /** `wᵢ`. */
  readonly weights: Vector;
  /** `lᵢ`. */
  readonly lower: Vector;
  /** `uᵢ`. */
  readonly upper: Vector;
  /** Every coordinate. */
  readonly all: Uint32Array;
  /** The blocks; none where each step makes its own. */
  readonly partition: readonly Uint32Array[];
  /** Their curvature. */
  readonly curvature: BlockCurvature;
  /** The place of the chosen block in the partition, or -1. */
  chosen: number;
  /** Coordinates changed since the memory was last computed from x. */
  moved: number;
  /** What the selection remembers. */
  readonly selection: M;
  /** What the update remembers. */
  readonly update: U;
}

/** A rule that chooses the block of a step; `M` is what it remembers: plain data. */
export interface BlockSelection<P extends BlockSmooth, M> {
  /** Its name. */
  readonly name: string;
  /** Its options. */
  readonly options: Options;
  /** Oracles that it calls, besides those of the blocks. */
  readonly needs?: readonly string[];
  /** Whether it chooses among the blocks of a partition; otherwise it makes blocks. */
  readonly fromPartition: boolean;
  /** Whether it reads the whole gradient. */
  readonly readsGradient: boolean;
  /** The curvature of the partition that it reads. */
  readonly curvature?: readonly CurvatureNeed[];
  /** Allocates what it remembers. */
  readonly init: (problem: P, state: BlockState, context: Context) => M;
  /** The block, its place in the partition written into `state.chosen`. */
  choose(problem: P, state: BlockState, memory: M): Uint32Array;
}

/** What a step does with its block; `U` is what it remembers: plain data. */
export interface BlockUpdate<P extends BlockSmooth, U> {
  /** Its name. */
  readonly name: string;
  /** Its options. */
  readonly options: Options;
  /** Oracles that it calls, besides gradient and move of the blocks. */
  readonly needs?: readonly string[];
  /** The curvature of the partition that it reads. */
  readonly curvature?: readonly CurvatureNeed[];
  /** Whether it finds `L_b` by itself, from `max Lᵢ` on. */
  readonly estimatesLipschitz?: true;
  /** Allocates what it remembers. */
  readonly init: (problem: P, state: BlockState) => U;
  /** Changes x on the block, by `moveBlock`; `state.local` holds the gradient there. */
  apply(problem: P, state: BlockState, block: Uint32Array, memory: U): void;
}

/** `F(x)`. */
export function objectiveOf(
  problem: BlockSmooth,
  { x, memory, weights }: Pick<BlockState, "x" | "memory" | "weights">,
): number {
  let value = problem.blocks.value(x, memory);
  for (let i = 0; i < x.length; i++) value += weights[i] * Math.abs(x[i]);
  return value;
}

/** Adds `change` to x on the block; what comes within rounding of a bound, or beyond it, is put there. */
export function moveBlock(
  problem: BlockSmooth,
  state: Pick<BlockState, "x" | "lower" | "upper" | "memory" | "moved">,
  block: Uint32Array,
  change: Vector,
): void {
  const { x, lower, upper, memory } = state;
  let moves = false;
  for (let b = 0; b < block.length; b++) {
    if (x[block[b]] + change[b] === x[block[b]]) change[b] = 0;
    else moves = true;
  }
  if (!moves) return;
  problem.blocks.move(x, block, memory, change);
  for (let b = 0; b < block.length; b++) {
    const i = block[b], rounding = Number.EPSILON * (Math.abs(x[i]) + Math.abs(change[b]));
    if (x[i] <= lower[i] + rounding) x[i] = lower[i];
    else if (x[i] >= upper[i] - rounding) x[i] = upper[i];
  }
  state.moved += block.length;
}
