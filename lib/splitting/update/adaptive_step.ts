/**
 * A proximal-gradient step in the block with an estimate of its Lipschitz constant, which starts from `max Lᵢ` and is
 * doubled until the step descends as it should:
 *
 * ```
 * f(x + d) <= f(x) + ∇_b fᵀd + L_b/2 |d|²,   without a regularizer f(x) - |∇_b f|²/(2 L_b)
 * ```
 *
 * The estimate of a fixed block stays for later visits.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 5.3.
 *
 * @module
 */
import type { BlockSmooth, Vector } from "../../core/mod.ts";
import { type BlockUpdate, moveBlock } from "../block_state.ts";
import { proximalChange } from "./gradient_step.ts";

/** What the update remembers. */
export interface AdaptiveMemory {
  /** The change that x has at present. */
  readonly made: Vector;
}

/** Doubling more often than this finds no finite constant. */
const MOST = 60;

/** A step with an estimate of `L_b`. */
export function adaptiveStep(): BlockUpdate<BlockSmooth, AdaptiveMemory> {
  return {
    name: "adaptive step",
    options: {},
    needs: ["blocks.value"],
    estimatesLipschitz: true,
    init: (_, { x }) => ({ made: new Float64Array(x.length) }),
    apply(problem, state, block, { made }) {
      const { x, memory, change, local, curvature, lipschitz, chosen } = state;
      const value = problem.blocks.value(x, memory), rounding = 4 * Number.EPSILON * Math.abs(value);
      let L = chosen >= 0 ? curvature.lipschitz[chosen] : block.reduce((most, i) => Math.max(most, lipschitz[i]), 0);
      for (let trial = 0; trial < MOST; trial++, L *= 2) {
        proximalChange(state, block, L, change);
        let model = 0;
        for (let b = 0; b < block.length; b++) model += change[b] * (local[b] + L / 2 * change[b]);
        moveBlock(problem, state, block, change);
        if (problem.blocks.value(x, memory) <= value + model + rounding) break;
        for (let b = 0; b < block.length; b++) made[b] = -change[b];
        moveBlock(problem, state, block, made);
      }
      if (chosen >= 0) curvature.lipschitz[chosen] = L;
    },
  };
}
