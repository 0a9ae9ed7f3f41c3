/**
 * Where the entries are: patterns of symmetric matrices as graphs.
 *
 * @module
 */
import type { SparseEntries } from "../../core/mod.ts";

/** The neighbours of each of n nodes, node by node. */
export interface Pattern {
  /** Node i has the neighbours from `starts[i]` up to, not including, `starts[i + 1]`. */
  readonly starts: Uint32Array;
  /** The neighbours. */
  readonly indices: Uint32Array;
}

/** The pattern of `A + Aᵀ` without its diagonal; A is square. */
export function symmetricPattern({ rows: n, rowStarts, columnIndices }: SparseEntries): Pattern {
  const count = new Uint32Array(n + 1), seen = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const j = columnIndices[k];
      if (j === i) continue;
      count[i + 1]++;
      count[j + 1]++;
    }
  }
  for (let i = 0; i < n; i++) count[i + 1] += count[i];
  const both = new Uint32Array(count[n]), next = count.slice(0, n);
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const j = columnIndices[k];
      if (j === i) continue;
      both[next[i]++] = j;
      both[next[j]++] = i;
    }
  }
  const starts = new Uint32Array(n + 1);
  let place = 0;
  for (let i = 0; i < n; i++) {
    for (let k = count[i]; k < count[i + 1]; k++) {
      const j = both[k];
      if (seen[j] === i) continue;
      seen[j] = i;
      both[place++] = j;
    }
    starts[i + 1] = place;
  }
  return { starts, indices: both.slice(0, place) };
}

/**
 * The pattern of `AᵀA` without its diagonal, for `columns` of A by rows. Rows with more than `dense` entries do not
 * count: each would join all its columns, and leave nothing to order.
 */
export function normalPattern(A: SparseEntries, columns: SparseEntries, dense: number): Pattern {
  const { rowStarts, columnIndices } = A, n = A.columns, seen = new Int32Array(n).fill(-1);
  const starts = new Uint32Array(n + 1);
  let indices = new Uint32Array(0);
  for (const counting of [true, false]) {
    let place = 0;
    seen.fill(-1);
    for (let j = 0; j < n; j++) {
      seen[j] = j;
      for (let l = columns.rowStarts[j]; l < columns.rowStarts[j + 1]; l++) {
        const i = columns.columnIndices[l];
        if (rowStarts[i + 1] - rowStarts[i] > dense) continue;
        for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
          const c = columnIndices[k];
          if (seen[c] === j) continue;
          seen[c] = j;
          if (!counting) indices[place] = c;
          place++;
        }
      }
      starts[j + 1] = place;
    }
    if (counting) indices = new Uint32Array(place);
  }
  return { starts, indices };
}
