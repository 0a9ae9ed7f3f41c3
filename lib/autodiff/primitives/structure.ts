/**
 * Views: broadcasting along new axes, reshaping, permuting axes. All are linear and move entries without computing.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { applies, constantPrimitive, literal, literalPrimitive, make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import {
  broadcastShape,
  copier,
  formatShape,
  otherAxes,
  range,
  sameNumbers,
  type Shape,
  sizeOf,
  stridesOf,
} from "../shape.ts";
import { sum } from "./reductions.ts";

/** A node, or a number that becomes one. */
export type NodeOrNumber = Node | number;

/** The node of a number. */
export function nodeOf(value: NodeOrNumber): Node {
  return typeof value === "number" ? literal(value) : value;
}

/**
 * The shape of the result, and which of its axes each axis of the argument becomes; along the others entries repeat.
 */
export type BroadcastAttribute = readonly [shape: Shape, axes: readonly number[]];

/** Repeats an array along new axes. */
export const broadcastPrimitive: Primitive<BroadcastAttribute> = definePrimitive<BroadcastAttribute>({
  name: "broadcast",
  emission: "view",
  shape([given], [shape, axes]) {
    const fits = axes.length === given.length &&
      axes.every((axis, i) => shape[axis] === given[i] && axis > (axes[i - 1] ?? -1));
    return fits ? shape : refuse("broadcast", `axes [${axes}] of ${formatShape(shape)}`, given);
  },
  simplify([input], [shape, axes]) {
    if (axes.length === shape.length) return input;
    if (!applies(input, broadcastPrimitive)) return undefined;
    const [, inner] = input.attribute;
    return make(broadcastPrimitive, [input.inputs[0]], [shape, inner.map((axis) => axes[axis])]);
  },
  jvp: ({ attribute }, [t]) => t && make(broadcastPrimitive, [t], attribute),
  transpose: ({ attribute: [shape, axes] }, c) => [sum(c, otherAxes(shape.length, axes))],
  kernel({ inputs: [input], attribute: [shape, axes] }) {
    if (input.shape.length === 0) return ([a], out) => void out.fill(a[0]);
    const given = stridesOf(input.shape), from = shape.map(() => 0), to = stridesOf(shape);
    axes.forEach((axis, i) => from[axis] = given[i]);
    const copy = copier(shape, { start: 0, strides: from }, { start: 0, strides: to });
    return ([a], out) => copy(a, out);
  },
});

/** Repeats along all axes of `shape` that are not in `axes`. */
export function broadcastAxes(input: NodeOrNumber, shape: Shape, axes: readonly number[]): Node {
  return make(broadcastPrimitive, [nodeOf(input)], [shape, axes]);
}

/**
 * To a larger shape by NumPy's rule: axes are matched from the last, those of length 1 repeat.
 *
 * @throws {ShapeError} When it does not fit.
 */
export function broadcastTo(input: NodeOrNumber, shape: Shape): Node {
  const node = nodeOf(input);
  if (sameNumbers(node.shape, shape)) return node;
  const common = broadcastShape(node.shape, shape);
  if (common === undefined || !sameNumbers(common, shape)) {
    refuse("broadcastTo", `a shape that broadcasts to ${formatShape(shape)}`, node.shape);
  }
  const offset = shape.length - node.shape.length;
  const kept = range(0, node.shape.length).filter((i) => node.shape[i] === shape[i + offset]);
  return broadcastAxes(reshape(node, kept.map((i) => node.shape[i])), shape, kept.map((i) => i + offset));
}

/** Another shape for the same entries; the attribute is the new shape. */
export const reshapePrimitive: Primitive<Shape> = definePrimitive<Shape>({
  name: "reshape",
  emission: "view",
  shape: ([given], shape) =>
    sizeOf(given) === sizeOf(shape)
      ? shape
      : refuse("reshape", `${sizeOf(shape)} entries for ${formatShape(shape)}`, given),
  simplify([input], shape) {
    if (sameNumbers(input.shape, shape)) return input;
    if (applies(input, reshapePrimitive)) return make(reshapePrimitive, input.inputs, shape);
    const value = uniform(input);
    return value === undefined || sizeOf(shape) !== sizeOf(input.shape) ? undefined : broadcastAxes(value, shape, []);
  },
  jvp: ({ shape }, [t]) => t && reshape(t, shape),
  transpose: ({ inputs: [input] }, c) => [reshape(c, input.shape)],
  kernel: () => ([a], out) => out.set(a),
});

/**
 * The same entries in another shape.
 *
 * @throws {ShapeError} When the sizes differ.
 */
export function reshape(input: Node, shape: Shape): Node {
  return make(reshapePrimitive, [input], shape);
}

/** Axis `i` of the result is axis `attribute[i]` of the argument. */
export const permutePrimitive: Primitive<readonly number[]> = definePrimitive<readonly number[]>({
  name: "permute",
  emission: "view",
  shape([given], order) {
    const fits = order.length === given.length && range(0, given.length).every((axis) => order.includes(axis));
    return fits ? order.map((axis) => given[axis]) : refuse("permute", `an order of the axes, not [${order}]`, given);
  },
  simplify([input], order) {
    if (order.length === input.shape.length && order.every((axis, i) => axis === i)) return input;
    if (!applies(input, permutePrimitive)) return undefined;
    return make(permutePrimitive, input.inputs, order.map((axis) => input.attribute[axis]));
  },
  jvp: ({ attribute }, [t]) => t && permute(t, attribute),
  transpose: ({ attribute }, c) => [permute(c, attribute.map((_, i) => attribute.indexOf(i)))],
  kernel({ inputs: [input], attribute, shape }) {
    const given = stridesOf(input.shape), from = attribute.map((axis) => given[axis]), to = stridesOf(shape);
    const copy = copier(shape, { start: 0, strides: from }, { start: 0, strides: to });
    return ([a], out) => copy(a, out);
  },
});

/** Axis `i` of the result is axis `order[i]` of the argument. */
export function permute(input: Node, order: readonly number[]): Node {
  return make(permutePrimitive, [input], order);
}

/** The last two axes exchanged. */
export function swapLast(input: Node): Node {
  const rank = input.shape.length;
  if (rank < 2) refuse("transpose", "at least two axes", input.shape);
  return permute(input, [...range(0, rank - 2), rank - 1, rank - 2]);
}

/** Whether a node exchanges its argument's last two axes and keeps all others. */
export function swapsLast(node: Node): boolean {
  if (!applies(node, permutePrimitive)) return false;
  const order = node.attribute, rank = order.length;
  return rank >= 2 && order[rank - 1] === rank - 2 && order.every((axis, i) => i >= rank - 2 || axis === i);
}

/** The one value of all entries, if that is known. */
export function uniform(node: Node): number | undefined {
  while (applies(node, broadcastPrimitive)) node = node.inputs[0];
  if (applies(node, literalPrimitive)) return node.attribute;
  return applies(node, constantPrimitive) && node.shape.length === 0 ? node.attribute[1][0] : undefined;
}

/** Zeros of a shape. */
export function zeros(shape: Shape): Node {
  return broadcastAxes(0, shape, []);
}
