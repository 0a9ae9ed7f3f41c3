/**
 * Forests that grow node by node: which tree a node is in, by union and find.
 *
 * @module
 */
import type { SparseEntries } from "../core/mod.ts";

/** A forest that grows: plain data. */
export interface GrowingForest {
  /** A node nearer to the root of its tree; a root's own. */
  readonly parent: Int32Array;
  /** The last node that was tried next to the tree with this root. */
  readonly tried: Int32Array;
  /** 1 for the nodes of the forest. */
  readonly member: Uint8Array;
}

/** A forest without nodes, among n that it may have. */
export function growingForest(n: number): GrowingForest {
  return {
    parent: Int32Array.from({ length: n }, (_, i) => i),
    tried: new Int32Array(n).fill(-1),
    member: new Uint8Array(n),
  };
}

/** Takes all nodes out. */
export function fell({ parent, tried, member }: GrowingForest): void {
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  tried.fill(-1);
  member.fill(0);
}

/** Adds node i unless two of its neighbours are in one tree, and returns whether it did. */
export function grow({ rowStarts, columnIndices, values }: SparseEntries, forest: GrowingForest, i: number): boolean {
  const { parent, tried, member } = forest, begin = rowStarts[i], end = rowStarts[i + 1];
  for (let k = begin; k < end; k++) {
    const j = columnIndices[k];
    if (j === i || member[j] === 0 || values[k] === 0) continue;
    const tree = rootOf(parent, j);
    if (tried[tree] === i) return false;
    tried[tree] = i;
  }
  for (let k = begin; k < end; k++) {
    const j = columnIndices[k];
    if (j !== i && member[j] === 1 && values[k] !== 0) parent[rootOf(parent, j)] = i;
  }
  member[i] = 1;
  return true;
}

/** The root of i's tree; paths are halved on the way. */
function rootOf(parent: Int32Array, i: number): number {
  while (parent[i] !== i) i = parent[i] = parent[parent[i]];
  return i;
}
