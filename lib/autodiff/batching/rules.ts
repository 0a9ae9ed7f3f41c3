/**
 * How primitives act on a batch, whose axis is the first of all arguments that have it.
 *
 * Most take the axis as they take others; products of unlike ranks become larger products; index arithmetic keeps the
 * members of a batch apart in one array.
 *
 * @module
 */
import { constant, literal, make, type Node } from "../node.ts";
import type { Primitive } from "../primitive.ts";
import { add, multiply, subtract } from "../primitives/arithmetic.ts";
import { greater, greaterEqual, select } from "../primitives/comparison.ts";
import { type Convolution, convolutionPrimitive } from "../primitives/convolution.ts";
import { cumulativeSum, cumulativeSumPrimitive } from "../primitives/cumulative.ts";
import { fourier, fourierPrimitive } from "../primitives/fourier.ts";
import { gather, gatherPrimitive, scatterAdd, scatterAddPrimitive } from "../primitives/index.ts";
import {
  logsumexpPrimitive,
  normPrimitive,
  sigmoidPrimitive,
  softmaxPrimitive,
  softplusPrimitive,
  stopGradientPrimitive,
} from "../primitives/macros.ts";
import { orderPrimitive } from "../primitives/order.ts";
import { addPatchesPrimitive, patchesPrimitive } from "../primitives/patches.ts";
import { dotPrimitive, matmul, matmulPrimitive, matvec, matvecPrimitive } from "../primitives/products.ts";
import { type AxisRange, largestPrimitive, sum, sumPrimitive } from "../primitives/reductions.ts";
import { sparseProductPrimitive, sparseTransposeProductPrimitive } from "../primitives/sparse_product.ts";
import {
  broadcastAxes,
  broadcastPrimitive,
  permute,
  permutePrimitive,
  reshape,
  reshapePrimitive,
} from "../primitives/structure.ts";
import { concatenate, concatenatePrimitive, pad, padPrimitive, slice, slicePrimitive } from "../primitives/window.ts";
import { range, sizeOf } from "../shape.ts";

/**
 * A node over a batch of `count`: arguments with axis 0 have the batch in front, null those that are the same for all.
 */
export type Rule<A> = (
  node: Node<A>,
  inputs: readonly Node[],
  axes: readonly (number | null)[],
  count: number,
) => Node | undefined;

const table = new Map<number, Rule<unknown>>();

function define<A>(primitives: readonly Primitive<A>[], rule: Rule<A>): void {
  for (const { id } of primitives) table.set(id, rule as Rule<unknown>);
}

/** All arguments with the axis of the batch. */
function withAxis(inputs: readonly Node[], axes: readonly (number | null)[], count: number): Node[] {
  return inputs.map((input, i) =>
    axes[i] === 0 ? input : broadcastAxes(input, [count, ...input.shape], range(1, input.shape.length + 1))
  );
}

/** An axis moved to another place. */
function moved(node: Node, from: number, to: number): Node {
  const order = range(0, node.shape.length).filter((axis) => axis !== from);
  order.splice(to, 0, from);
  return permute(node, order);
}

/** For primitives that act entry by entry. */
export const entrywise: Rule<unknown> = (node, inputs, axes, count) =>
  make(node.primitive, withAxis(inputs, axes, count), node.attribute);

define([softplusPrimitive, sigmoidPrimitive, stopGradientPrimitive], entrywise);

define<AxisRange>(
  [sumPrimitive, largestPrimitive, logsumexpPrimitive, softmaxPrimitive, normPrimitive],
  ({ primitive, attribute: [start, end] }, [a]) => make(primitive, [a], [start + 1, end + 1]),
);
define([cumulativeSumPrimitive], ({ attribute: [axis, reverse] }, [a]) => cumulativeSum(a, axis + 1, reverse));

define(
  [broadcastPrimitive],
  ({ attribute: [shape, axes] }, [a], _, count) =>
    broadcastAxes(a, [count, ...shape], [0, ...axes.map((axis) => axis + 1)]),
);
define([reshapePrimitive], ({ shape }, [a], _, count) => reshape(a, [count, ...shape]));
define([permutePrimitive], ({ attribute }, [a]) => permute(a, [0, ...attribute.map((axis) => axis + 1)]));
define(
  [slicePrimitive],
  ({ attribute: [starts, shape] }, [a], _, count) => slice(a, [0, ...starts], [count, ...shape]),
);
define([padPrimitive], ({ attribute: [starts, shape] }, [a], _, count) => pad(a, [0, ...starts], [count, ...shape]));
define(
  [concatenatePrimitive],
  ({ attribute }, inputs, axes, count) => concatenate(withAxis(inputs, axes, count), attribute + 1),
);

define([dotPrimitive], (_, [a, b], [first, second]) => {
  if (first === 0 && second === 0) return sum(multiply(a, b), [1]);
  return first === 0 ? matvec(a, b) : matvec(b, a);
});

define([matvecPrimitive], ({ attribute: f, shape: [size] }, [a, x], [first, second], count) => {
  if (first === null) return matmul(x, a, 0, 1 - f); // the rows of X op(A)ᵀ
  if (second === null && f === 0) return reshape(matvec(reshape(a, [count * size, a.shape[2]]), x), [count, size]);
  const [, columns] = withAxis([a, x], [first, second], count);
  return reshape(matmul(a, reshape(columns, [...columns.shape, 1]), f, 0), [count, size]);
});

define([matmulPrimitive], ({ attribute: [f, g], shape }, [a, b], axes, count) => {
  if (shape.length === 2 && axes[1] === null && f === 0) { // one product with all rows
    const [rows, columns] = a.shape.slice(1);
    return reshape(matmul(reshape(a, [count * rows, columns]), b, 0, g), [count, ...shape]);
  }
  const [left, right] = withAxis([a, b], axes, count);
  return matmul(left, right, f, g);
});

/** Indices below `length` as indices of the i-th of as many arrays one after the other; others stay refused. */
function apart(indices: Node, length: number, count: number): Node {
  const offsets = constant([count], Float64Array.from({ length: count }, (_, i) => i * length));
  const inside = multiply(greaterEqual(indices, 0), greater(length, indices));
  return select(inside, add(indices, broadcastAxes(offsets, indices.shape, [0])), literal(-1));
}

define([gatherPrimitive], ({ attribute: axis, inputs: [{ shape }] }, [a, indices], axes, count) => {
  if (axes[1] === null) return gather(a, indices, axis + 1);
  if (axes[0] === null) return moved(gather(a, indices, axis), axis, 0);
  const joined = [...shape.slice(0, axis), count * shape[axis], ...shape.slice(axis + 1)];
  return moved(gather(reshape(moved(a, 0, axis), joined), apart(indices, shape[axis], count), axis), axis, 0);
});

define([scatterAddPrimitive], ({ attribute: [axis, length], shape }, inputs, axes, count) => {
  if (axes[1] === null) return scatterAdd(inputs[0], inputs[1], axis + 1, length);
  const [updates, indices] = withAxis(inputs, axes, count);
  const all = scatterAdd(moved(updates, 0, axis), apart(indices, length, count), axis, count * length);
  return moved(reshape(all, [...shape.slice(0, axis), count, ...shape.slice(axis)]), axis, 0);
});

define([orderPrimitive], ({ shape }, [a], _, count) => {
  const offsets = constant([count], Float64Array.from({ length: count }, (_, i) => i * sizeOf(shape)));
  return subtract(make(orderPrimitive, [a], null), broadcastAxes(offsets, a.shape, [0]));
});

define([sparseProductPrimitive, sparseTransposeProductPrimitive], ({ primitive, attribute, shape }, [x], _, count) => {
  const columns = moved(x, 0, 1), width = sizeOf(columns.shape.slice(1));
  const product = make(primitive, [reshape(columns, [columns.shape[0], width])], attribute);
  return moved(reshape(product, [shape[0], count, ...shape.slice(1)]), 1, 0);
});

define([fourierPrimitive], ({ attribute }, [a]) => moved(fourier(moved(a, 0, 1), attribute), 1, 0));
define([patchesPrimitive, addPatchesPrimitive], ({ primitive, attribute }, [a]) => make(primitive, [a], attribute));

/** Batches of images are more images, batches of weights more output channels. */
define<Convolution>([convolutionPrimitive], (node, [x, w], axes, count) => {
  const { attribute: [images, channels, outputs, sliding], shape } = node;
  if (axes[0] === 0 && axes[1] === 0) return undefined;
  if (axes[0] === 0) {
    const all = reshape(x, [count * images, ...x.shape.slice(2)]);
    return reshape(make(convolutionPrimitive, [all, w], [count * images, channels, outputs, sliding]), [
      count,
      ...shape,
    ]);
  }
  const all = reshape(w, [count * outputs, ...w.shape.slice(2)]);
  const result = make(convolutionPrimitive, [x, all], [images, channels, count * outputs, sliding]);
  return moved(reshape(result, [images, count, ...shape.slice(1)]), 1, 0);
});

/** Rules by the number of the primitive; without one, members are computed one by one. */
export const rules: ReadonlyMap<number, Rule<unknown>> = table;
