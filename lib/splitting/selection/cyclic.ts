/**
 * Rules that do not look at the gradient: in turn, in a new order each time, at random.
 *
 * ```
 * cyclic     1, 2, …, m, 1, …
 * permuted   the same in a new random order each time
 * random     each with probability 1/m, or L_b/Σ L_b
 * ```
 *
 * Source: Nesterov, Efficiency of coordinate descent methods on huge-scale optimization problems (2012), section 4, for
 * the sampling by constants; Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022),
 * section 3.1.
 *
 * @module
 */
import { type BlockSmooth, drawIndex, integer, permutation, type Rng, type Vector } from "../../core/mod.ts";
import type { BlockSelection } from "../block_state.ts";

/** Where a cycle is. */
export interface CycleMemory {
  /** The next place in the order. */
  next: number;
  /** The order of the blocks; empty where it never changes. */
  readonly order: Uint32Array;
  /** The generator. */
  readonly rng: Rng;
}

/** All blocks in turn. */
export function cyclic(): BlockSelection<BlockSmooth, CycleMemory> {
  return cycle("cyclic", false);
}

/** All blocks in a random order, another one each time. */
export function permuted(): BlockSelection<BlockSmooth, CycleMemory> {
  return cycle("permuted", true);
}

function cycle(name: string, shuffles: boolean): BlockSelection<BlockSmooth, CycleMemory> {
  return {
    name,
    options: {},
    fromPartition: true,
    readsGradient: false,
    init: (_, { partition }, { rng }) => ({ next: 0, order: new Uint32Array(shuffles ? partition.length : 0), rng }),
    choose(_, state, memory) {
      const { partition } = state, { order, next } = memory;
      if (shuffles && next === 0) permutation(memory.rng, order);
      memory.next = (next + 1) % partition.length;
      return partition[state.chosen = shuffles ? order[next] : next];
    },
  };
}

/** What sampling remembers. */
export interface SamplingMemory {
  /** The generator. */
  readonly rng: Rng;
  /** `Σ L_b` over the blocks up to each; empty for equal probabilities. */
  readonly sums: Vector;
}

/** Blocks at random: each as likely as the others, or in proportion to `L_b`. */
export function sampled(by: "uniform" | "lipschitz" = "uniform"): BlockSelection<BlockSmooth, SamplingMemory> {
  const weighted = by === "lipschitz";
  return {
    name: weighted ? "random by L" : "random",
    options: {},
    fromPartition: true,
    readsGradient: false,
    ...(weighted && { curvature: ["lipschitz"] }),
    init: (_, { curvature }, { rng }) => {
      let sum = 0;
      return { rng, sums: weighted ? curvature.lipschitz.map((L) => sum += L) : new Float64Array(0) };
    },
    choose(_, state, { rng, sums }) {
      const m = state.partition.length;
      if (!weighted) return state.partition[state.chosen = integer(rng, m)];
      return state.partition[state.chosen = drawIndex(sums, rng)];
    },
  };
}
