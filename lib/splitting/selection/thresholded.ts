/**
 * Variable blocks for the model with the full curvature: the best block of s coordinates is hard to find, and hard
 * thresholding finds a good one.
 *
 * ```
 * q(d) = ∇fᵀd + ½ dᵀ∇²f d  over d with s entries;   z = √L d, in which the Hessian has ones on its diagonal
 * d = argmin q on the support S;   S ← the s largest of |z - ∇q(z)|
 * from the block of GSL, as long as q falls
 * ```
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 3.3, by
 * iterative hard thresholding; with the minimizer on the support in each step: Foucart, Hard thresholding pursuit
 * (2011).
 *
 * @module
 */
import { type BlockSmooth, DomainError, dot, largestEntries, type TwiceSmooth, type Vector } from "../../core/mod.ts";
import { blockMatrix, factor } from "../block_curvature.ts";
import type { BlockSelection, BlockState } from "../block_state.ts";
import { isFree } from "../block_model.ts";
import { checkBlockSize } from "../partition.ts";

/** What the rule remembers. */
export interface ThresholdedMemory {
  /** The support. */
  readonly block: Uint32Array;
  /** The best support so far. */
  readonly best: Uint32Array;
  /** d. */
  readonly d: Vector;
  /** `∇q(d)`. */
  readonly slope: Vector;
  /** `|z - ∇q(z)|`. */
  readonly sizes: Vector;
  /** The largest of them. */
  readonly values: Vector;
  /** `∇_b f`. */
  readonly local: Vector;
}

/**
 * Blocks of `size` coordinates by hard thresholding, ten steps of it at most by default, each with a Hessian-vector
 * product.
 *
 * @throws {DomainError} On a size or a number of steps that is no positive integer; in a run, on weights or bounds.
 */
export function thresholded(
  size: number,
  options: { readonly steps?: number } = {},
): BlockSelection<BlockSmooth & TwiceSmooth, ThresholdedMemory> {
  const { steps = 10 } = options;
  checkBlockSize(size);
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new DomainError(`Cannot choose blocks: expected a positive integer of steps, got ${steps}`);
  }
  return {
    name: "GSQ by thresholding, variable",
    options: { size, steps },
    needs: ["hessianVector"],
    fromPartition: false,
    readsGradient: true,
    init: ({ dimension: n }, state) => {
      if (size > n) throw new DomainError(`Cannot choose blocks: expected at most ${n} coordinates, got ${size}`);
      if (!isFree(state, state.all)) {
        throw new DomainError("Cannot threshold: expected no weights and no bounds, got some");
      }
      const vector = (): Vector => new Float64Array(n), block = (): Uint32Array => new Uint32Array(size);
      return {
        block: block(),
        best: block(),
        d: vector(),
        slope: vector(),
        sizes: vector(),
        values: new Float64Array(size),
        local: new Float64Array(size),
      };
    },
    choose(problem, state, memory) {
      const { x, gradient, lipschitz } = state, { block, best, d, slope, sizes, values } = memory;
      for (let i = 0; i < d.length; i++) sizes[i] = gradient[i] ** 2 / lipschitz[i];
      largestEntries(sizes, block, values);
      let most = -Infinity;
      for (let step = 0;; step++) {
        block.sort();
        const decrease = minimizeOn(problem, state, memory);
        if (!(decrease > most)) return best;
        most = decrease;
        best.set(block);
        if (step === steps) return best;
        problem.hessianVector(x, d, slope);
        for (let i = 0; i < d.length; i++) {
          sizes[i] = Math.abs(lipschitz[i] * d[i] - slope[i] - gradient[i]) / Math.sqrt(lipschitz[i]);
        }
        largestEntries(sizes, block, values);
      }
    },
  };
}

/** Writes the minimizer of q on the block into d, and returns what q falls by. */
function minimizeOn(problem: BlockSmooth, { gradient }: BlockState, { block, d, local }: ThresholdedMemory): number {
  for (let b = 0; b < block.length; b++) local[b] = -gradient[block[b]];
  const step = factor(block.length, blockMatrix(problem, block)).solve(local);
  d.fill(0);
  for (let b = 0; b < block.length; b++) d[block[b]] = step[b];
  return dot(local, step) / 2;
}
