/**
 * A forest for each step: coordinates in some order, each taken unless it closes a cycle.
 *
 * ```
 * greedy   by decreasing |∇ᵢf|/√Lᵢ
 * random   by a random order
 * ```
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 6.4.
 *
 * @module
 */
import { permutation, type Rng, type Vector } from "../../core/mod.ts";
import type { BlockSelection, BlockState } from "../block_state.ts";
import type { BlockQuadratic } from "../block_problem.ts";
import { fell, grow, type GrowingForest, growingForest } from "../union.ts";

/** What the rules remember. */
export interface ForestMemory {
  /** The coordinates in the order of the step. */
  readonly order: Uint32Array;
  /** What they are sorted by. */
  readonly scores: Vector;
  /** The forest. */
  readonly grown: GrowingForest;
  /** Room for the block. */
  readonly block: Uint32Array;
  /** The generator. */
  readonly rng: Rng;
}

/** Forests of the coordinates with the largest `|∇ᵢf|/√Lᵢ`. Sorting takes O(n log n). */
export function greedyForest(): BlockSelection<BlockQuadratic, ForestMemory> {
  return {
    ...described("greedy forest", true),
    choose: (problem, { gradient, lipschitz }, memory) => {
      const { order, scores } = memory;
      for (let i = 0; i < scores.length; i++) {
        order[i] = i;
        scores[i] = Math.abs(gradient[i]) / Math.sqrt(lipschitz[i]);
      }
      order.sort((i, j) => scores[j] - scores[i] || i - j);
      return growAll(problem, memory);
    },
  };
}

/** Forests of coordinates in a random order. */
export function randomForest(): BlockSelection<BlockQuadratic, ForestMemory> {
  return {
    ...described("random forest", false),
    choose: (problem, _, memory) => {
      permutation(memory.rng, memory.order);
      return growAll(problem, memory);
    },
  };
}

function described(name: string, readsGradient: boolean): Omit<BlockSelection<BlockQuadratic, ForestMemory>, "choose"> {
  return {
    name,
    options: {},
    fromPartition: false,
    readsGradient,
    init: ({ dimension: n }, _: BlockState, { rng }) => ({
      order: new Uint32Array(n),
      scores: new Float64Array(readsGradient ? n : 0),
      grown: growingForest(n),
      block: new Uint32Array(n),
      rng,
    }),
  };
}

/** The block of those that fit, in the order of the memory. */
function growAll({ blocks: { matrix } }: BlockQuadratic, { order, grown, block }: ForestMemory): Uint32Array {
  fell(grown);
  let count = 0;
  for (let k = 0; k < order.length; k++) if (grow(matrix, grown, order[k])) block[count++] = order[k];
  return block.subarray(0, count);
}
