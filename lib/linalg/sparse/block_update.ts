/**
 * A multiple of `x xᵀ` added to `L D Lᵀ`, in place.
 *
 * For each column j in which x has an entry p, from the left:
 *
 *     d⁺ = d + α p²,  β = α p / d⁺,  α ← α d / d⁺,  x ← x - p lⱼ,  lⱼ ← lⱼ + β x
 *
 * Of a sparse x the columns are those on the path from its first entry to the root of the elimination tree.
 *
 * Source: Gill, Golub, Murray and Saunders, Methods for modifying matrix factorizations (1974), method C1; Davis and
 * Hager, Modifying a sparse Cholesky factorization (1999), section 4.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import type { SymmetricAnalysis } from "./symmetric_analysis.ts";

/** Whether `L D Lᵀ + α x xᵀ` has its factor in the blocks of this one; x in the order of elimination. */
export function fitsBlocks({ blocks: { starts, rowStarts, rows } }: SymmetricAnalysis, x: Vector): boolean {
  const first = x.findIndex((entry) => entry !== 0);
  if (first < 0) return true;
  const s = blockWith(starts, first);
  let i = first;
  for (let k = rowStarts[s] + first - starts[s]; k < rowStarts[s + 1]; k++) {
    for (; i < rows[k]; i++) if (x[i] !== 0) return false;
    i++;
  }
  for (; i < x.length; i++) if (x[i] !== 0) return false;
  return true;
}

/** The block with this column. */
function blockWith(starts: Uint32Array, column: number): number {
  let low = 0, high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= column) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * `L D Lᵀ ← L D Lᵀ + α x xᵀ`, in place; x, in the order of elimination, is spoilt.
 *
 * @returns -1, or the column whose pivot would not be positive; the factors are then spoilt.
 */
export function updateBlocks(plan: SymmetricAnalysis, l: Vector, d: Vector, alpha: number, x: Vector): number {
  const { blocks: { starts, rowStarts, rows, parent }, blockStarts } = plan;
  const begin = x.findIndex((entry) => entry !== 0);
  if (begin < 0) return -1;
  for (let s = blockWith(starts, begin); s >= 0; s = parent[s]) {
    const first = starts[s], columns = starts[s + 1] - first, from = rowStarts[s], order = rowStarts[s + 1] - from;
    for (let j = 0; j < columns; j++) {
      const p = x[first + j], old = d[first + j], changed = old + alpha * p * p;
      if (p === 0) continue;
      if (!(changed > 0)) return first + j;
      const beta = alpha * p / changed;
      d[first + j] = changed;
      alpha *= old / changed;
      for (let i = j + 1, k = blockStarts[s] + i * columns + j; i < order; i++, k += columns) {
        const row = rows[from + i], rest = x[row] - p * l[k];
        x[row] = rest;
        l[k] += beta * rest;
      }
    }
  }
  return -1;
}
