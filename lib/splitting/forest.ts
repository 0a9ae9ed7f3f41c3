/**
 * Message passing: systems whose graph is a forest, solved in linear time.
 *
 * ```
 * A_bb d = h on a block b, i ~ j where aᵢⱼ ≠ 0; no cycles
 * leaves to roots   Jᵢ = aᵢᵢ - Σ aᵢ꜀²/J꜀,   hᵢ ← hᵢ - Σ aᵢ꜀ h꜀/J꜀    over the children c of i
 * roots to leaves   dᵢ = (hᵢ - aᵢₚ dₚ)/Jᵢ                              p the parent of i
 * ```
 *
 * It is elimination without fill: any matrix with that graph will do, the Hessian of a quadratic or of another function
 * at a point.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 6; Weiss and
 * Freeman, Correctness of belief propagation in Gaussian graphical models (2001).
 *
 * @module
 */
import { DomainError, type SparseEntries, type Vector } from "../core/mod.ts";

/** The order of elimination of a block: plain data, of use again while the block is the same. */
export interface Forest {
  /** The number of nodes of the block. */
  nodes: number;
  /** Places in the block, parents before children. */
  readonly order: Uint32Array;
  /** The place of the parent of each place, or -1 at a root. */
  readonly parent: Int32Array;
  /** Where in the matrix the entry between a place and its parent is. */
  readonly edge: Uint32Array;
  /** Where in the matrix the diagonal entry of a place is. */
  readonly diagonal: Uint32Array;
  /** `Jᵢ`. */
  readonly pivots: Vector;
  /** The place of a coordinate in the block, or -1. */
  readonly place: Int32Array;
}

/** Room for blocks of up to `size` coordinates out of n. */
export function forest(n: number, size: number = n): Forest {
  return {
    nodes: 0,
    order: new Uint32Array(size),
    parent: new Int32Array(size),
    edge: new Uint32Array(size),
    diagonal: new Uint32Array(size),
    pivots: new Float64Array(size),
    place: new Int32Array(n).fill(-1),
  };
}

/**
 * Finds the order of elimination of a block of a symmetric matrix, by breadth first search. O(entries of its rows).
 *
 * @throws {DomainError} When the graph of the block has a cycle, or the matrix lacks a diagonal entry there.
 */
export function plantForest(
  { rowStarts, columnIndices, values }: SparseEntries,
  block: Uint32Array,
  out: Forest,
): void {
  const { order, parent, edge, diagonal, place } = out, size = block.length, unseen = -2;
  for (let b = 0; b < size; b++) {
    place[block[b]] = b;
    parent[b] = unseen;
  }
  let count = 0, cycle = -1, bare = -1;
  for (let root = 0; root < size; root++) {
    if (parent[root] !== unseen) continue;
    parent[root] = -1;
    order[count++] = root;
    for (let head = count - 1; head < count; head++) {
      const b = order[head], i = block[b];
      let hasDiagonal = false;
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        const j = columnIndices[k], c = place[j];
        if (j === i) {
          diagonal[b] = k;
          hasDiagonal = true;
        } else if (c >= 0 && c !== parent[b] && values[k] !== 0) {
          if (parent[c] !== unseen) cycle = i;
          else {
            parent[c] = b;
            edge[c] = k;
            order[count++] = c;
          }
        }
      }
      if (!hasDiagonal) bare = i;
    }
  }
  for (let b = 0; b < size; b++) place[block[b]] = -1;
  out.nodes = size;
  if (cycle >= 0) throw new DomainError(`Cannot pass messages: expected a forest, got a cycle through ${cycle}`);
  if (bare >= 0) throw new DomainError(`Cannot pass messages: expected a diagonal entry, got none at ${bare}`);
}

/**
 * Solves `A_bb d = h` for the block that was planted, in place of `h`. Without positive definiteness the result is not
 * finite or of no use.
 *
 * @example A path of three nodes
 * ```ts
 * import { gridLaplacian } from "@gradus/gradus/linalg";
 * import { forest, plantForest, solveForest } from "@gradus/gradus/splitting";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = gridLaplacian(3), path = forest(3), h = Float64Array.of(0, 0, 4);
 * plantForest(A, Uint32Array.of(0, 1, 2), path);
 * solveForest(A, path, h);
 * [1, 2, 3].forEach((d, i) => assertAlmostEquals(h[i], d));
 * ```
 */
export function solveForest(
  { values }: SparseEntries,
  { nodes, order, parent, edge, diagonal, pivots }: Forest,
  h: Vector,
): void {
  for (let b = 0; b < nodes; b++) pivots[b] = values[diagonal[b]];
  for (let k = nodes - 1; k >= 0; k--) {
    const c = order[k], p = parent[c];
    if (p < 0) continue;
    const ratio = values[edge[c]] / pivots[c];
    pivots[p] -= values[edge[c]] * ratio;
    h[p] -= ratio * h[c];
  }
  for (let k = 0; k < nodes; k++) {
    const b = order[k], p = parent[b];
    h[b] = (p < 0 ? h[b] : h[b] - values[edge[b]] * h[p]) / pivots[b];
  }
}
