/**
 * The exact minimum of a quadratic over a block whose graph is a forest, by message passing in O(|b|).
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { type BlockUpdate, moveBlock } from "../block_state.ts";
import { isFree } from "../block_model.ts";
import type { BlockQuadratic } from "../block_problem.ts";
import { type Forest, forest, plantForest, solveForest } from "../forest.ts";

/**
 * The exact minimum over a forest. A block of a partition is looked at once.
 *
 * @throws {DomainError} In a run, on a block with a cycle, or on variables with a weight or bounds.
 */
export function forestStep(): BlockUpdate<BlockQuadratic, readonly Forest[]> {
  return {
    name: "forest step",
    options: {},
    init: ({ blocks: { matrix }, dimension }, state) => {
      const { partition, all } = state;
      if (!isFree(state, all)) {
        throw new DomainError("Cannot pass messages: expected no weights and no bounds, got some");
      }
      if (partition.length === 0) return [forest(dimension)];
      const { place } = forest(dimension, 0);
      return partition.map((block) => {
        const planted = { ...forest(0, block.length), place };
        plantForest(matrix, block, planted);
        return planted;
      });
    },
    apply(problem, state, block, forests) {
      const { matrix } = problem.blocks, { chosen, local, change } = state, here = forests[Math.max(chosen, 0)];
      if (chosen < 0) plantForest(matrix, block, here);
      for (let b = 0; b < block.length; b++) change[b] = -local[b];
      solveForest(matrix, here, change);
      moveBlock(problem, state, block, change);
    },
  };
}
