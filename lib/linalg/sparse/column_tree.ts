/**
 * The elimination tree of the columns of A: that of `AᵀA`, which need not be formed.
 *
 * Source: Gilbert, Li, Ng and Peyton, Computing row and column counts for sparse QR and LU factorization (2001).
 *
 * @module
 */
import type { SparseEntries } from "../../core/mod.ts";
import { postorder } from "./elimination_tree.ts";
import { inversePermutation } from "./layout.ts";

/** An order of columns in postorder of their tree. */
export interface ColumnTree {
  /** The k-th column is column `order[k]` of A. */
  readonly order: Int32Array;
  /** The parent of each column in this order, or -1. */
  readonly parent: Int32Array;
}

/** The tree of the columns in an order, which is changed to a postorder; `T` is the transpose of the matrix. */
export function columnTree(T: SparseEntries, order: ArrayLike<number>): ColumnTree {
  const n = T.rows, parent = new Int32Array(n).fill(-1), ancestor = new Int32Array(n).fill(-1);
  const last = new Int32Array(T.columns).fill(-1); // the columns of a row form a path
  for (let k = 0; k < n; k++) {
    for (let p = T.rowStarts[order[k]]; p < T.rowStarts[order[k] + 1]; p++) {
      const i = T.columnIndices[p];
      for (let j = last[i]; j >= 0 && j < k;) {
        const above = ancestor[j];
        ancestor[j] = k;
        if (above < 0) parent[j] = k;
        j = above;
      }
      last[i] = k;
    }
  }
  const post = postorder(parent), rank = inversePermutation("order columns", post, n);
  return {
    order: Int32Array.from(post, (k) => order[k]),
    parent: Int32Array.from(post, (k) => parent[k] < 0 ? -1 : rank[parent[k]]),
  };
}
