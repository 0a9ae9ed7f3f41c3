/**
 * Blocks of the coordinates that score highest, whatever they are: with variable blocks the best block for a sum of
 * scores is found in O(n log s).
 *
 * ```
 * GS, GSr, GSq, GSLr as for fixed blocks, with max L and Lᵢ;   GSL: Lᵢ;   GSD: Dᵢ = s Lᵢ, or Σⱼ |Hᵢⱼ|
 * ```
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 3.3.
 *
 * @module
 */
import { type BlockSmooth, DomainError, largestEntries, type Vector } from "../../core/mod.ts";
import type { BlockSelection } from "../block_state.ts";
import { absoluteRowSums, checkBlockSize } from "../partition.ts";
import { type CoordinateRule, scoreOf } from "./greedy.ts";

/** What the rule remembers. */
export interface LargestMemory {
  /** The block. */
  readonly block: Uint32Array;
  /** The scores of its coordinates. */
  readonly values: Vector;
  /** The scores of all coordinates. */
  readonly scores: Vector;
  /** What curvature the scores assume, by coordinate. */
  readonly curvature: Vector;
}

/** Options of `largest`. */
export interface LargestOptions {
  /** D of GSD: `s Lᵢ` (default), or row sums of the curvature, which take O(n²) once. */
  readonly diagonal?: "lipschitz" | "row-sums";
  /**
   * Whether coordinates away from their bounds and kinks come first. Once the support is that of the solution, and no
   * larger than the block, exact updates then end. Default false.
   */
  readonly supportFirst?: boolean;
}

/**
 * The `size` coordinates with the highest scores.
 *
 * @throws {DomainError} When the size is no positive integer; in a run, when there are fewer coordinates.
 */
export function largest(
  size: number,
  rule: CoordinateRule = "GSL",
  options: LargestOptions = {},
): BlockSelection<BlockSmooth, LargestMemory> {
  const { diagonal = "lipschitz", supportFirst = false } = options;
  checkBlockSize(size);
  return {
    name: `${rule}, variable`,
    options: { size, ...(rule === "GSD" && { diagonal }), supportFirst },
    fromPartition: false,
    readsGradient: true,
    init: (problem, { lipschitz }) => {
      const n = problem.dimension;
      if (size > n) throw new DomainError(`Cannot choose blocks: expected at most ${n} coordinates, got ${size}`);
      const most = lipschitz.reduce((a, b) => Math.max(a, b)), uniform = rule === "GSr" || rule === "GSq";
      const curvature = rule === "GSD" && diagonal === "row-sums"
        ? absoluteRowSums(problem)
        : lipschitz.map((L) => uniform ? most : rule === "GSD" ? size * L : L);
      return { block: new Uint32Array(size), values: new Float64Array(size), scores: new Float64Array(n), curvature };
    },
    choose(_, state, { block, values, scores, curvature }) {
      const { x, gradient, weights, lower, upper } = state;
      let top = 0;
      for (let i = 0; i < scores.length; i++) {
        scores[i] = scoreOf(state, rule, i, gradient[i], curvature[i]);
        if (scores[i] > top) top = scores[i];
      }
      if (supportFirst) {
        for (let i = 0; i < scores.length; i++) {
          if (x[i] > lower[i] && x[i] < upper[i] && (weights[i] === 0 || x[i] !== 0)) scores[i] += 2 * top;
        }
      }
      largestEntries(scores, block, values);
      return block;
    },
  };
}
