/**
 * Gaussian elimination of a sparse matrix column by column: `P A Q = L U`.
 *
 * For k = 0, 1, …: solve `L x = a` for column `a = A q_k` with the columns of L so far, at the cost of the operations
 * alone; the entries of x in pivot rows are column k of U, the others, divided by the pivot, column k of L. The pivot
 * is the largest, or one on the diagonal of A not smaller than a part of it. Entries of L that tell the search nothing
 * new are taken out of its way (pruning).
 *
 * Sources: Gilbert and Peierls, Sparse partial pivoting in time proportional to arithmetic operations (1988); Eisenstat
 * and Liu, Exploiting structural symmetry in a sparse partial pivoting code (1993).
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { GrowingColumns } from "./growing_columns.ts";
import type { SparseColumns } from "./layout.ts";
import { Reach } from "./reach.ts";

/** What elimination makes of A. */
export interface SparseElimination {
  /** L below its unit diagonal, by columns; rows in the order of elimination. */
  readonly lower: GrowingColumns;
  /** U above its diagonal, by columns. */
  readonly upper: GrowingColumns;
  /** The diagonal of U. */
  readonly pivots: Vector;
  /** Row k of `P A` is row `rows[k]` of A. */
  readonly rows: Int32Array;
  /** The index of the first pivot that is zero, or -1. */
  readonly zeroPivot: number;
}

/** Eliminates; `order[k]` is the k-th column, a diagonal pivot may be smaller by the factor `threshold`. */
export function eliminateColumns(A: SparseColumns, order: ArrayLike<number>, threshold: number): SparseElimination {
  const n = A.columns, { columnStarts, rowIndices, values } = A, room = 4 * values.length + n;
  const lower = new GrowingColumns(n, room), upper = new GrowingColumns(n, room), pivots = new Float64Array(n);
  const rows = new Int32Array(n), rankOf = new Int32Array(n).fill(-1), x = new Float64Array(n), reach = new Reach(n);
  const ends = new Float64Array(n), pruned = new Uint8Array(n), found = reach.found;
  let zeroPivot = -1, unused = 0;
  for (let k = 0; k < n; k++) {
    const column = order[k], from = columnStarts[column], to = columnStarts[column + 1];
    const begin = reach.find(lower.starts, ends, lower.indices, rankOf, rowIndices, from, to);
    const candidates = reach.outside, count = reach.outsideCount;
    for (let p = from; p < to; p++) x[rowIndices[p]] += values[p];
    upper.reserve(n - begin);
    const { indices, values: l, starts } = lower;
    for (let t = begin; t < n; t++) {
      const j = found[t], row = rows[j], xj = x[row];
      x[row] = 0;
      upper.push(j, xj);
      for (let p = starts[j], end = starts[j + 1]; p < end; p++) x[indices[p]] -= l[p] * xj;
    }
    upper.starts[k + 1] = upper.count;
    let pivotRow = -1, largest = 0;
    for (let c = 0; c < count; c++) {
      const size = Math.abs(x[candidates[c]]);
      if (!(size <= largest)) {
        largest = size;
        pivotRow = candidates[c];
        if (size !== size) break;
      }
    }
    const preferred = rankOf[column] < 0 ? Math.abs(x[column]) : 0;
    if (preferred > 0 && preferred >= threshold * largest) pivotRow = column;
    if (pivotRow < 0) { // a column of zeros: any row will do
      if (zeroPivot < 0) zeroPivot = k;
      while (rankOf[unused] >= 0) unused++;
      pivotRow = unused;
    }
    const pivot = pivots[k] = x[pivotRow];
    rankOf[pivotRow] = k;
    rows[k] = pivotRow;
    lower.reserve(count);
    for (let c = 0; c < count; c++) {
      const i = candidates[c];
      if (i !== pivotRow && pivot !== 0) lower.push(i, x[i] / pivot);
      x[i] = 0;
    }
    ends[k] = lower.starts[k + 1] = lower.count;
    for (let t = upper.starts[k]; pivot !== 0 && t < upper.count; t++) {
      const j = upper.indices[t];
      if (pruned[j] === 0) pruned[j] = prune(lower, ends, j, pivotRow, rankOf);
    }
  }
  for (let p = 0; p < lower.count; p++) lower.indices[p] = rankOf[lower.indices[p]];
  return { lower, upper, pivots, rows, zeroPivot };
}

/**
 * If column j of L, which is in column k of U, has an entry in the k-th pivot row, then whatever its other rows reach
 * is reached through that one: the search need only look at its rows that are pivotal already.
 */
function prune(
  { starts, indices, values }: GrowingColumns,
  ends: Float64Array,
  j: number,
  pivotRow: number,
  rankOf: Int32Array,
): 0 | 1 {
  const begin = starts[j], end = starts[j + 1];
  let p = begin;
  while (p < end && indices[p] !== pivotRow) p++;
  if (p === end) return 0;
  let head = begin, tail = end - 1;
  while (head <= tail) {
    if (rankOf[indices[head]] >= 0) head++;
    else {
      const i = indices[head], value = values[head];
      indices[head] = indices[tail];
      values[head] = values[tail];
      indices[tail] = i;
      values[tail--] = value;
    }
  }
  ends[j] = head;
  return 1;
}
