/**
 * Partitions by the graph of a quadratic's Hessian, with blocks over which message passing minimizes exactly.
 *
 * ```
 * coloured    no two neighbours in one block: diagonal blocks
 * forests     no cycle in a block
 * combs       two trees that cover a lattice: the first column with every second row, and the rest
 * ```
 *
 * Colours and forests are filled greedily: coordinates in order of decreasing Lᵢ, each to the first block that has
 * room.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), sections 6.2 and
 * 6.3.
 *
 * @module
 */
import { DomainError, type SparseEntries } from "../core/mod.ts";
import type { BlockQuadratic } from "./block_problem.ts";
import { decreasing, type Partition } from "./partition.ts";
import { grow, type GrowingForest, growingForest } from "./union.ts";

/**
 * Two colours, for a graph without odd cycles: red and black.
 *
 * @throws {DomainError} In a run, when the graph has an odd cycle.
 */
export function redBlack(): Partition<BlockQuadratic> {
  return { name: "red-black", options: {}, blocks: ({ blocks: { matrix } }) => twoColours(matrix) };
}

/** Colours, as many as the greedy choice needs. */
export function coloured(): Partition<BlockQuadratic> {
  return filled("coloured", ({ rows, rowStarts, columnIndices }) => {
    const colour = new Int32Array(rows).fill(-1);
    return (i) => {
      const taken = new Set<number>();
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) taken.add(colour[columnIndices[k]]);
      let free = 0;
      while (taken.has(free)) free++;
      return colour[i] = free;
    };
  });
}

/** Forests, as many as the greedy choice needs. */
export function forests(): Partition<BlockQuadratic> {
  return filled("forests", (matrix) => {
    const grown: GrowingForest[] = [];
    return (i) => {
      for (let b = 0;; b++) {
        grown[b] ??= growingForest(matrix.rows);
        if (grow(matrix, grown[b], i)) return b;
      }
    };
  });
}

/**
 * Two trees that cover a lattice of rows x columns, numbered row after row: the first column but for its last node with
 * the even rows but for their last nodes, and all the rest. Nodes that are not among `nodes`, in increasing order, are
 * left out; variables are numbered by their place there.
 *
 * @throws {DomainError} When a side is shorter than 2.
 */
export function combs(rows: number, columns: number, nodes?: ArrayLike<number>): Uint32Array[] {
  if (!(Number.isSafeInteger(rows) && Number.isSafeInteger(columns) && rows >= 2 && columns >= 2)) {
    throw new DomainError(`Cannot cover a lattice: expected sides of at least 2, got ${rows} x ${columns}`);
  }
  const kept = nodes ? Array.from(nodes) : Array.from({ length: rows * columns }, (_, i) => i);
  const inFirst = (node: number): boolean => {
    const r = Math.floor(node / columns), c = node % columns;
    return c === 0 ? true : r % 2 === 0 && c < columns - 1;
  };
  return [true, false].map((first) => Uint32Array.from(kept.flatMap((node, i) => inFirst(node) === first ? [i] : [])));
}

/** Coordinates in order of decreasing Lᵢ, each to the block that `chooser` says. */
function filled(
  name: string,
  chooser: (matrix: SparseEntries) => (i: number) => number,
): Partition<BlockQuadratic> {
  return {
    name,
    options: {},
    blocks: ({ blocks: { matrix, lipschitz } }) => {
      const choose = chooser(matrix), lists: number[][] = [];
      for (const i of decreasing(lipschitz)) (lists[choose(i)] ??= []).push(i);
      return lists.map((list) => Uint32Array.from(list));
    },
  };
}

function twoColours({ rows, rowStarts, columnIndices }: SparseEntries): Uint32Array[] {
  const colour = new Int8Array(rows).fill(-1), queue: number[] = [];
  for (let start = 0; start < rows; start++) {
    if (colour[start] >= 0) continue;
    colour[start] = 0;
    queue.push(start);
    for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        const j = columnIndices[k];
        if (j === i) continue;
        if (colour[j] === colour[i]) {
          throw new DomainError(`Cannot colour red and black: expected no odd cycle, got one through ${i} and ${j}`);
        }
        if (colour[j] < 0) {
          colour[j] = 1 - colour[i];
          queue.push(j);
        }
      }
    }
  }
  const of = (c: number): Uint32Array => Uint32Array.from([...colour.keys()].filter((i) => colour[i] === c));
  return [of(0), of(1)].filter((block) => block.length > 0);
}
