/**
 * Substitution with the blocks of L, for one right-hand side in the order of elimination, in place.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import type { SymmetricAnalysis } from "./symmetric_analysis.ts";

/** `x ← L⁻¹ x`; `local` has room for the rows of a block. */
export function solveBlocks({ blocks, blockStarts }: SymmetricAnalysis, l: Vector, x: Vector, local: Vector): void {
  const { starts, rowStarts, rows } = blocks, count = starts.length - 1;
  for (let s = 0; s < count; s++) {
    const first = starts[s], columns = starts[s + 1] - first, from = rowStarts[s], order = rowStarts[s + 1] - from;
    let k = blockStarts[s];
    for (let i = 0; i < columns; i++, k += columns) {
      let sum = x[first + i];
      for (let j = 0; j < i; j++) sum -= l[k + j] * local[j];
      local[i] = x[first + i] = sum;
    }
    for (let i = columns; i < order; i++, k += columns) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += l[k + j] * local[j];
      x[rows[from + i]] -= sum;
    }
  }
}

/** `x ← L⁻ᵀ x`. */
export function solveBlocksTransposed(
  { blocks, blockStarts }: SymmetricAnalysis,
  l: Vector,
  x: Vector,
  local: Vector,
): void {
  const { starts, rowStarts, rows } = blocks;
  for (let s = starts.length - 2; s >= 0; s--) {
    const first = starts[s], columns = starts[s + 1] - first, from = rowStarts[s], order = rowStarts[s + 1] - from;
    for (let j = 0; j < columns; j++) local[j] = x[first + j];
    let k = blockStarts[s + 1];
    for (let i = order - 1; i >= columns; i--) {
      const xi = x[rows[from + i]];
      k -= columns;
      for (let j = 0; j < columns; j++) local[j] -= l[k + j] * xi;
    }
    for (let i = columns - 1; i >= 0; i--) {
      const xi = local[i];
      k -= columns;
      x[first + i] = xi;
      for (let j = 0; j < i; j++) local[j] -= l[k + j] * xi;
    }
  }
}
