/**
 * The elimination tree of a symmetric matrix: the parent of column j is the row of the first entry below the diagonal
 * in column j of its factor L.
 *
 * Sources: Liu, The role of elimination trees in sparse factorization (1990); Gilbert, Ng and Peyton, An efficient
 * algorithm to compute row and column counts for sparse Cholesky factorization (1994).
 *
 * @module
 */
import type { Pattern } from "./pattern.ts";

/** The parent of each node, -1 for a root: a node's is found from the entries to the left in its row. */
export function eliminationTree({ starts, indices }: Pattern): Int32Array {
  const n = starts.length - 1, parent = new Int32Array(n).fill(-1), ancestor = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      for (let j = indices[k]; j < i;) { // climbs, and shortens the path for the next one
        const above = ancestor[j];
        ancestor[j] = i;
        if (above < 0) parent[j] = i;
        j = above < 0 ? i : above;
      }
    }
  }
  return parent;
}

/** The nodes of a forest, children before parents and every subtree in one piece. */
export function postorder(parent: Int32Array): Uint32Array {
  const n = parent.length, child = new Int32Array(n).fill(-1), sibling = new Int32Array(n).fill(-1);
  const order = new Uint32Array(n), stack = new Int32Array(n);
  for (let j = n - 1; j >= 0; j--) {
    if (parent[j] < 0) continue;
    sibling[j] = child[parent[j]];
    child[parent[j]] = j;
  }
  let count = 0;
  for (let root = 0; root < n; root++) {
    if (parent[root] >= 0) continue;
    let top = 0;
    stack[0] = root;
    while (top >= 0) {
      const node = stack[top], below = child[node];
      if (below >= 0) {
        child[node] = sibling[below];
        stack[++top] = below;
      } else {
        order[count++] = node;
        top--;
      }
    }
  }
  return order;
}

/**
 * The number of entries, the diagonal counted, in each column of L, for a matrix in postorder.
 *
 * The rows of column j form a subtree for each row i; j is a leaf of the i-th if no descendant of j is in it. A column
 * has what its children have, and one for each leaf, less one where two paths meet, at the least common ancestor of
 * leaves.
 */
export function columnCounts({ starts, indices }: Pattern, parent: Int32Array): Int32Array {
  const n = parent.length, first = new Int32Array(n).fill(-1), counts = new Int32Array(n);
  const ancestor = Int32Array.from({ length: n }, (_, i) => i);
  const lastLeaf = new Int32Array(n).fill(-1), lastFirst = new Int32Array(n).fill(-1);
  for (let j = 0; j < n; j++) {
    counts[j] = first[j] < 0 ? 1 : 0; // a leaf of the tree
    for (let i = j; i >= 0 && first[i] < 0; i = parent[i]) first[i] = j;
  }
  for (let j = 0; j < n; j++) {
    if (parent[j] >= 0) counts[parent[j]]--;
    for (let k = starts[j]; k < starts[j + 1]; k++) {
      const i = indices[k];
      if (i <= j || first[j] <= lastFirst[i]) continue; // no leaf of row i's subtree
      lastFirst[i] = first[j];
      counts[j]++;
      const leaf = lastLeaf[i];
      lastLeaf[i] = j;
      if (leaf < 0) continue;
      let common = leaf;
      while (common !== ancestor[common]) common = ancestor[common];
      for (let node = leaf; node !== common;) {
        const above = ancestor[node];
        ancestor[node] = common;
        node = above;
      }
      counts[common]--;
    }
    if (parent[j] >= 0) ancestor[j] = parent[j];
  }
  for (let j = 0; j < n; j++) if (parent[j] >= 0) counts[parent[j]] += counts[j];
  return counts;
}
