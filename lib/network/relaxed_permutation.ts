/**
 * Permutations that are learned as numbers: at each level N, N/2, …, 4 three choices for its blocks, each taken with a
 * probability.
 *
 * ```
 * P = product over levels and choices of  p P_choice + (1 - p) I,   p = σ(logit)
 * choices: even entries before odd ones; the first half backwards; the second half backwards
 * ```
 *
 * Source: Dao, Gu, Eichhorn, Rudra and Ré, Learning Fast Algorithms for Linear Transforms Using Butterfly
 * Factorizations (2019), arXiv 1903.05895, section 3.2.
 *
 * @module
 */
import * as ad from "../autodiff/mod.ts";
import type { Operand } from "../autodiff/mod.ts";
import type { Vector } from "../core/mod.ts";

/** The number of logits for a permutation of N entries. */
export function permutationSize(order: number): number {
  return 3 * Math.max(0, Math.log2(order) - 1);
}

/** What stands at each place of a block after each choice. */
function choices(size: number): readonly Vector[] {
  const half = size / 2,
    from = (index: (i: number) => number): Vector => Float64Array.from({ length: size }, (_, i) => index(i));
  return [
    from((i) => i < half ? 2 * i : 2 * (i - half) + 1),
    from((i) => i < half ? half - 1 - i : i),
    from((i) => i < half ? i : size - 1 - (i - half)),
  ];
}

/** The rows of X, N of them, by the mixture of permutations that the logits stand for; an array function. */
export function relaxedPermutation(logits: Operand, X: Operand): Operand {
  const [order, columns] = ad.shapeOf(X);
  let Y = X;
  for (let size = order, at = 0; size >= 4; size /= 2) {
    for (const choice of choices(size)) {
      const p = ad.sigmoid(ad.take(logits, at++)), blocks = ad.reshape(Y, [order / size, size, columns]);
      const mixed = ad.add(ad.multiply(p, ad.gather(blocks, choice, 1)), ad.multiply(ad.subtract(1, p), blocks));
      Y = ad.reshape(mixed, [order, columns]);
    }
  }
  return Y;
}

/**
 * The permutation of the choices with a probability above one half: entry i of the result is entry `permutation[i]`.
 */
export function likelyPermutation(logits: Vector, order: number): Uint32Array {
  let permutation = Uint32Array.from({ length: order }, (_, i) => i);
  for (let size = order, at = 0; size >= 4; size /= 2) {
    for (const choice of choices(size)) {
      if (!(logits[at++] > 0)) continue;
      permutation = permutation.map((_, i, all) => all[i - i % size + choice[i % size]]);
    }
  }
  return permutation;
}
