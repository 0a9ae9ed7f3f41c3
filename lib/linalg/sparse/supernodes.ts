/**
 * Supernodes: neighbouring columns of L with the same rows below them, which are stored and eliminated as one block.
 *
 * Small or nearly equal blocks are joined at the price of zeros that are stored: dense work on them costs less than the
 * bookkeeping of more blocks.
 *
 * Source: Ashcraft and Grimes, The influence of relaxed supernode partitions on the multifrontal method (1989).
 *
 * @module
 */
import type { Pattern } from "./pattern.ts";

/** The blocks of a factor. */
export interface Supernodes {
  /** Block s has the columns from `starts[s]` up to, not including, `starts[s + 1]`. */
  readonly starts: Uint32Array;
  /** The rows of block s are those from `rowStarts[s]` on in `rows`: first its columns, then those below, rising. */
  readonly rowStarts: Float64Array;
  /** The rows of all blocks. */
  readonly rows: Uint32Array;
  /** The block whose columns hold the first row below those of a block, or -1. */
  readonly parent: Int32Array;
  /** The number of children. */
  readonly children: Int32Array;
}

/** May blocks with so many columns together, and such a part of zeros, be joined? */
function joins(columns: number, zeros: number): boolean {
  return columns <= 4 || columns <= 16 && zeros < 0.8 || columns <= 48 && zeros < 0.1 || zeros < 0.05;
}

/** Where blocks begin, and n. */
function partition(parent: Int32Array, counts: Int32Array): Uint32Array {
  const n = parent.length, starts = new Int32Array(n + 1), zeros = new Float64Array(n), below = new Int32Array(n);
  let top = -1; // the last of the blocks so far; block b has `below[b]` rows besides its columns
  for (let first = 0, end = 1; first < n; first = end++) {
    while (end < n && parent[end - 1] === end && counts[end - 1] === counts[end] + 1) end++;
    starts[++top] = first;
    zeros[top] = 0;
    below[top] = counts[end - 1] - 1;
    while (top > 0) {
      const middle = starts[top], columns = end - middle, before = middle - starts[top - 1], up = parent[middle - 1];
      if (up < 0 || up >= end) break; // no child of this block
      const all = before + columns, size = all * (all + 1) / 2 + all * below[top];
      const stored = zeros[top - 1] + zeros[top] + before * (columns + below[top] - below[top - 1]);
      if (!joins(all, stored / size)) break;
      zeros[--top] = stored;
      below[top] = below[top + 1];
    }
  }
  starts[top + 1] = n;
  return Uint32Array.from(starts.subarray(0, top + 2));
}

/** The blocks for a matrix in postorder with this elimination tree and these counts. */
export function supernodes(pattern: Pattern, parent: Int32Array, counts: Int32Array): Supernodes {
  const starts = partition(parent, counts), count = starts.length - 1, n = parent.length;
  const blockOf = new Int32Array(n), seen = new Int32Array(n).fill(-1), parents = new Int32Array(count).fill(-1);
  const child = new Int32Array(count).fill(-1), sibling = new Int32Array(count).fill(-1);
  const rowStarts = new Float64Array(count + 1), children = new Int32Array(count);
  let rows = new Uint32Array(4 * n), place = 0;
  for (let s = 0; s < count; s++) blockOf.fill(s, starts[s], starts[s + 1]);
  for (let s = 0; s < count; s++) {
    const first = starts[s], end = starts[s + 1];
    if (rows.length < place + n - first) {
      const larger = new Uint32Array(2 * rows.length + n);
      larger.set(rows);
      rows = larger;
    }
    for (let j = first; j < end; j++) rows[place++] = j;
    const below = place;
    for (let j = first; j < end; j++) {
      for (let k = pattern.starts[j]; k < pattern.starts[j + 1]; k++) {
        const i = pattern.indices[k];
        if (i < end || seen[i] === s) continue;
        seen[i] = s;
        rows[place++] = i;
      }
    }
    for (let c = child[s]; c >= 0; c = sibling[c]) {
      for (let k = rowStarts[c] + starts[c + 1] - starts[c]; k < rowStarts[c + 1]; k++) {
        const i = rows[k];
        if (i < end || seen[i] === s) continue;
        seen[i] = s;
        rows[place++] = i;
      }
    }
    rows.subarray(below, place).sort();
    rowStarts[s + 1] = place;
    if (below === place) continue;
    const p = parents[s] = blockOf[rows[below]];
    sibling[s] = child[p];
    child[p] = s;
    children[p]++;
  }
  return { starts, rowStarts, rows: rows.slice(0, place), parent: parents, children };
}
