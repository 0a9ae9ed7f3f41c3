/**
 * A proximal-gradient step in the block: `x_b ← prox(x_b - ∇_b f/L_b)`, with `L_b = λmax(H_b)`.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), equation (6).
 *
 * @module
 */
import type { BlockSmooth, Vector } from "../../core/mod.ts";
import { blockMatrix, largestEigenvalue } from "../block_curvature.ts";
import { type BlockState, type BlockUpdate, moveBlock } from "../block_state.ts";
import { proximalStep } from "../coordinate.ts";

/** A step with `1/L_b`. For variable blocks `L_b` is the largest eigenvalue of a matrix of each step. */
export function gradientStep(): BlockUpdate<BlockSmooth, null> {
  return {
    name: "gradient step",
    options: {},
    curvature: ["lipschitz"],
    init: () => null,
    apply(problem, state, block) {
      const { chosen, curvature, lipschitz, change } = state;
      const L = chosen >= 0
        ? curvature.lipschitz[chosen]
        : block.length === 1
        ? lipschitz[block[0]]
        : largestEigenvalue(block.length, blockMatrix(problem, block));
      proximalChange(state, block, L, change);
      moveBlock(problem, state, block, change);
    },
  };
}

/** The proximal step with 1/L in a block, into `out`. */
export function proximalChange(state: BlockState, block: Uint32Array, L: number, out: Vector): void {
  const { x, local, weights, lower, upper } = state;
  for (let b = 0; b < block.length; b++) {
    const i = block[b];
    out[b] = proximalStep(x[i], local[b], L, weights[i], lower[i], upper[i]);
  }
}
