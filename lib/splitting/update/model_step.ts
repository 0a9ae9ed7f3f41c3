/**
 * A step to the minimizer of the model with the matrix `H_b ⪰ ∇²_bb f`, and with the regularizer:
 *
 * ```
 * d = argmin ∇_b fᵀd + ½ dᵀH_b d + r_b(x_b + d),   without a regularizer -H_b⁻¹ ∇_b f
 * ```
 *
 * It descends from everywhere. For a quadratic it minimizes over the block.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), equation (8).
 *
 * @module
 */
import type { BlockSmooth } from "../../core/mod.ts";
import { blockMatrix } from "../block_curvature.ts";
import { type BlockUpdate, moveBlock } from "../block_state.ts";
import { type BlockModel, blockModel, modelMinimizer } from "../block_model.ts";

/** A step to the minimizer of the model. Blocks that are not of a partition bring a matrix to factor in each step. */
export function modelStep(): BlockUpdate<BlockSmooth, BlockModel> {
  return {
    name: "model step",
    options: {},
    curvature: ["matrices", "factors"],
    init: (_, { x }) => blockModel(x.length),
    apply(problem, state, block, model) {
      const { chosen, curvature: { matrices, factors }, change } = state;
      const H = chosen >= 0 ? matrices[chosen] : blockMatrix(problem, block);
      modelMinimizer(state, block, H, factors[chosen], model, change);
      moveBlock(problem, state, block, change);
    },
  };
}
