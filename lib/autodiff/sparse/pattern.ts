/**
 * Which entries of a derivative can differ from zero, as its program tells.
 *
 * A program of tangents is linear in the direction v. For every entry of every node the set of those `vⱼ` that reach it
 * is followed from v to the result: through entry by entry functions, moves, sums, and products with sparse matrices
 * exactly; whatever else mixes all entries counts as full.
 *
 * @module
 */
import type { SparseMatrix } from "../../core/mod.ts";
import { applies, constantPrimitive, type Node, topological } from "../node.ts";
import { cumulativeSumPrimitive } from "../primitives/cumulative.ts";
import { gatherPrimitive, scatterAddPrimitive } from "../primitives/index.ts";
import { trianglePrimitive } from "../primitives/matrices/triangle.ts";
import { matmulPrimitive, matvecPrimitive } from "../primitives/products.ts";
import { extents, sumPrimitive } from "../primitives/reductions.ts";
import { sparseProductPrimitive, sparseTransposeProductPrimitive } from "../primitives/sparse_product.ts";
import { broadcastPrimitive, permutePrimitive, reshapePrimitive } from "../primitives/structure.ts";
import { concatenatePrimitive, padPrimitive, slicePrimitive } from "../primitives/window.ts";
import { range, sizeOf } from "../shape.ts";

/** Ascending numbers of entries. */
export type Numbers = readonly number[];

/** For every entry of a node the entries of the direction that it depends on. */
type Sets = readonly Numbers[];

const none: Numbers = [];

/** What is in one of the sets. */
export function union(sets: readonly Numbers[]): Numbers {
  const distinct = [...new Set(sets)].filter((set) => set.length > 0);
  if (distinct.length < 2) return distinct[0] ?? none;
  return [...new Set(distinct.flat())].sort((a, b) => a - b);
}

const moves: ReadonlySet<number> = new Set(
  [
    broadcastPrimitive,
    reshapePrimitive,
    permutePrimitive,
    slicePrimitive,
    padPrimitive,
    concatenatePrimitive,
    trianglePrimitive,
  ].map(({ id }) => id),
);

/** The sets of entries that a kernel moves: it is run on the numbers of the entries, from 1 on. */
function moved(node: Node, inputs: readonly (Sets | undefined)[]): Sets {
  const all: Numbers[] = [none], out = new Float64Array(sizeOf(node.shape));
  const numbers = node.inputs.map(({ shape }, i) => {
    const sets = inputs[i], array = new Float64Array(sizeOf(shape));
    if (sets !== undefined) array.forEach((_, k) => array[k] = all.push(sets[k]) - 1);
    return array;
  });
  const kernel = applies(node, trianglePrimitive) // without its factors
    ? { ...node, attribute: node.attribute.map((factor) => Number(factor !== 0)) }
    : node;
  node.primitive.kernel!(kernel as Node)(numbers, out);
  return Array.from(out, (k) => all[k]);
}

/** Where each slice of the first argument comes from or goes to, for constant indices. */
function gathered(axis: number, shape: readonly number[], indices: Node, result: Node): Float64Array {
  const numbers = Float64Array.from({ length: sizeOf(shape) }, (_, i) => i),
    out = new Float64Array(sizeOf(result.shape));
  const kernel = gatherPrimitive.kernel!({ inputs: [{ shape }, indices], attribute: axis } as unknown as Node<number>);
  kernel([numbers, dataOf(indices)!], out);
  return out;
}

function dataOf(node: Node): Float64Array | undefined {
  return applies(node, constantPrimitive) ? node.attribute[1] : undefined;
}

/** Sets along some axes joined, for every place on the others. */
function joined(sets: Sets, [outer, middle, inner]: readonly number[]): Sets {
  return range(0, outer * inner).map((k) => {
    const i = Math.floor(k / inner), j = k % inner;
    return union(range(0, middle).map((m) => sets[(i * middle + m) * inner + j]));
  });
}

function sparseSets(matrix: SparseMatrix, transposed: boolean, sets: Sets, width: number): Sets {
  const { rows, columns, rowStarts, columnIndices } = matrix;
  const lists: Numbers[][] = Array.from({ length: (transposed ? columns : rows) * width }, () => []);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const [to, from] = transposed ? [columnIndices[k], i] : [i, columnIndices[k]];
      for (let j = 0; j < width; j++) lists[to * width + j].push(sets[from * width + j]);
    }
  }
  return lists.map(union);
}

/** `op(A) x` with a moving x: entries of a constant A that are 0 do not count. */
function productSets(a: Node, sets: Sets, transposed: number): Sets {
  const data = dataOf(a), [m, n] = a.shape;
  return range(0, transposed === 1 ? n : m).map((i) =>
    union(sets.filter((_, j) => {
      return data === undefined || data[transposed === 1 ? j * n + i : i * n + j] !== 0;
    }))
  );
}

/**
 * Sets of a product of matrices of which one factor moves: of the rows of the first, or of the columns of the second.
 */
function factorSets(node: Node<readonly number[]>, which: 0 | 1, sets: Sets): Sets {
  const { shape } = node.inputs[which], rank = shape.length, [rows, columns] = node.shape.slice(-2);
  const summed = rank - 1 - (which === node.attribute[which] ? 0 : 1); // the last axis of A and of Bᵀ, the one before of Aᵀ and B
  const lines = joined(sets, extents(shape, [summed, summed + 1])), length = which === 0 ? rows : columns;
  return range(0, sizeOf(node.shape)).map((k) => {
    const stack = Math.floor(k / (rows * columns)), i = Math.floor(k / columns) % rows, j = k % columns;
    return lines[stack * length + (which === 0 ? i : j)];
  });
}

/** The sets of a node from those of its arguments, undefined for those that do not move. */
function setsOf(node: Node, inputs: readonly (Sets | undefined)[]): Sets {
  const size = sizeOf(node.shape), moving = inputs.filter((sets) => sets !== undefined), [first, second] = inputs;
  if (node.primitive.emission === "elementwise") {
    if (moving.length === 1) return moving[0];
    return range(0, size).map((k) => union(moving.map((sets) => sets[k])));
  }
  if (moves.has(node.primitive.id)) return moved(node, inputs);
  if (applies(node, sumPrimitive)) return joined(moving[0], extents(node.inputs[0].shape, node.attribute));
  if (applies(node, cumulativeSumPrimitive)) {
    const [axis] = node.attribute, parts = extents(node.shape, [axis, axis + 1]), lines = joined(moving[0], parts);
    return range(0, size).map((k) => lines[Math.floor(k / (parts[1] * parts[2])) * parts[2] + k % parts[2]]);
  }
  if (applies(node, sparseProductPrimitive)) {
    return sparseSets(node.attribute, false, moving[0], sizeOf(node.shape.slice(1)));
  }
  if (applies(node, sparseTransposeProductPrimitive)) {
    return sparseSets(node.attribute, true, moving[0], sizeOf(node.shape.slice(1)));
  }
  if (applies(node, matvecPrimitive) && first === undefined) {
    return productSets(node.inputs[0], second!, node.attribute);
  }
  if (applies(node, matmulPrimitive) && moving.length === 1) {
    return factorSets(node, first === undefined ? 1 : 0, moving[0]);
  }
  if (applies(node, gatherPrimitive) && dataOf(node.inputs[1]) !== undefined) {
    const from = gathered(node.attribute, node.inputs[0].shape, node.inputs[1], node);
    return Array.from(from, (k) => first![k]);
  }
  if (applies(node, scatterAddPrimitive) && dataOf(node.inputs[1]) !== undefined) {
    const to = gathered(node.attribute[0], node.shape, node.inputs[1], node.inputs[0]);
    const lists: Numbers[][] = Array.from({ length: size }, () => []);
    to.forEach((k, i) => lists[k].push(first![i]));
    return lists.map(union);
  }
  const all = union(moving.flat());
  return range(0, size).map(() => all);
}

/** For every entry of `output`, linear in `direction`, the entries of the latter that it depends on. */
export function patternOf(output: Node, direction: Node): Sets {
  const sets = new Map<Node, Sets>([[direction, range(0, sizeOf(direction.shape)).map((i) => [i])]]);
  for (const node of topological([output], (node) => node === direction)) {
    if (sets.has(node)) continue;
    const inputs = node.inputs.map((input) => sets.get(input));
    if (inputs.some((input) => input !== undefined)) sets.set(node, setsOf(node, inputs));
  }
  return sets.get(output) ?? range(0, sizeOf(output.shape)).map(() => none);
}
