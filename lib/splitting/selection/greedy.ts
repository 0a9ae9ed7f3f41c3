/**
 * The block of a partition that promises most.
 *
 * ```
 * GS    Σ (least subgradient)²           = |∇_b f|²
 * GSr   Σ (proximal step with max L)²     GSq   decrease of the model with max L
 * GSLr  Σ (proximal step with L_b)²       GSL   decrease of the model with L_b       = |∇_b f|²/(2 L_b)
 * GSD   decrease of the model with the diagonal D ⪰ H_b                             = Σ (∇ᵢf)²/(2 Dᵢ)
 * GSQ   decrease of the model with H_b                                              = ½ ∇_b fᵀ H_b⁻¹ ∇_b f
 * ```
 *
 * The equations hold without a regularizer. `Dᵢ = |b| Lᵢ`, or the row sums `Σⱼ |Hᵢⱼ|` over the block.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), sections 3.2 to 3.5.
 *
 * @module
 */
import type { BlockSmooth, Vector } from "../../core/mod.ts";
import { substitute } from "../../linalg/mod.ts";
import type { CurvatureNeed } from "../block_curvature.ts";
import type { BlockSelection, BlockState } from "../block_state.ts";
import { type BlockModel, blockModel, isFree, solveModel } from "../block_model.ts";
import { leastSubgradient, modelDecrease, proximalStep } from "../coordinate.ts";

/** The names of the rules that score coordinates. */
export type CoordinateRule = "GS" | "GSr" | "GSq" | "GSL" | "GSLr" | "GSD";

/** What the greedy rules remember. */
export interface GreedyMemory {
  /** The model of a block. */
  readonly model: BlockModel;
  /** The diagonal D of GSD, by coordinate. */
  readonly diagonal: Vector;
}

/** The score of a coordinate for curvature L. */
export function scoreOf(
  { x, weights, lower, upper }: BlockState,
  rule: CoordinateRule,
  i: number,
  g: number,
  L: number,
): number {
  switch (rule) {
    case "GS":
      return leastSubgradient(x[i], g, weights[i], lower[i], upper[i]) ** 2;
    case "GSr":
    case "GSLr":
      return proximalStep(x[i], g, L, weights[i], lower[i], upper[i]) ** 2;
    default:
      return modelDecrease(x[i], g, L, weights[i], lower[i], upper[i]);
  }
}

/** The block with the highest score of a rule; of equal ones the first. */
export function greedy(
  rule: CoordinateRule | "GSQ" = "GSL",
  diagonal: "lipschitz" | "row-sums" = "lipschitz",
): BlockSelection<BlockSmooth, GreedyMemory> {
  const perBlock = rule === "GSL" || rule === "GSLr" || rule === "GSr" || rule === "GSq";
  const rowSums = rule === "GSD" && diagonal === "row-sums";
  const curvature: CurvatureNeed[] = rule === "GSQ"
    ? ["matrices", "factors"]
    : perBlock
    ? ["lipschitz"]
    : rowSums
    ? ["matrices"]
    : [];
  return {
    name: rule,
    options: rule === "GSD" ? { diagonal } : {},
    fromPartition: true,
    readsGradient: true,
    curvature,
    init: (problem, state) => {
      const { partition, lipschitz, curvature: { matrices } } = state, D = new Float64Array(problem.dimension);
      partition.forEach((block, k) =>
        block.forEach((i, a) => {
          const row = rowSums ? matrices[k].subarray(a * block.length, (a + 1) * block.length) : undefined;
          D[i] = row ? row.reduce((sum, h) => sum + Math.abs(h), 0) : block.length * lipschitz[i];
        })
      );
      const largest = rule === "GSQ" ? partition.reduce((most, { length }) => Math.max(most, length), 0) : 0;
      return { model: blockModel(largest), diagonal: D };
    },
    choose(_, state, memory) {
      const { partition, curvature: { lipschitz } } = state;
      let best = -Infinity, most = 0;
      if (rule === "GSr" || rule === "GSq") {
        for (let k = 0; k < lipschitz.length; k++) most = Math.max(most, lipschitz[k]);
      }
      for (let k = 0; k < partition.length; k++) {
        const score = rule === "GSQ"
          ? quadraticScore(state, partition[k], k, memory.model)
          : blockScore(state, rule, partition[k], most > 0 ? most : perBlock ? lipschitz[k] : 0, memory.diagonal);
        if (!(score > best)) continue;
        best = score;
        state.chosen = k;
      }
      return partition[state.chosen];
    },
  };
}

/** The sum of the scores, with one L for all coordinates or, where that is 0, one for each. */
function blockScore(state: BlockState, rule: CoordinateRule, block: Uint32Array, L: number, diagonal: Vector): number {
  let sum = 0;
  for (let b = 0; b < block.length; b++) {
    const i = block[b];
    sum += scoreOf(state, rule, i, state.gradient[i], L > 0 ? L : diagonal[i]);
  }
  return sum;
}

/** What the model with `H_b` falls by. */
function quadraticScore(state: BlockState, block: Uint32Array, k: number, model: BlockModel): number {
  const { gradient, local, curvature: { matrices, factors } } = state;
  for (let b = 0; b < block.length; b++) local[b] = gradient[block[b]];
  if (!isFree(state, block)) return solveModel(state, block, matrices[k], local, model);
  substitute(true, false, false, block.length, factors[k], 0, block.length, local, 0); // ½ gᵀH⁻¹g = ½ |L⁻¹g|²
  let square = 0;
  for (let b = 0; b < block.length; b++) square += local[b] * local[b];
  return square / 2;
}
