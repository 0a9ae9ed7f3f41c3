/**
 * Parts of arrays: slices, padding with zeros, joining along an axis.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { copier, formatShape, sameNumbers, type Shape, stridesOf } from "../shape.ts";
import { zeros } from "./structure.ts";

/** Where a window starts on each axis, and its shape. */
export type Window = readonly [starts: readonly number[], shape: Shape];

const fits = (starts: readonly number[], small: Shape, large: Shape): boolean =>
  starts.length === large.length && small.length === large.length &&
  starts.every((start, i) => start >= 0 && start + small[i] <= large[i]);

const offsetOf = (starts: readonly number[], strides: readonly number[]): number =>
  starts.reduce((offset, start, i) => offset + start * strides[i], 0);

/** A window of the argument. */
export const slicePrimitive: Primitive<Window> = definePrimitive<Window>({
  name: "slice",
  emission: "view",
  shape: ([given], [starts, shape]) =>
    fits(starts, shape, given)
      ? shape
      : refuse("slice", `room for ${formatShape(shape)} at [${starts.join(", ")}]`, given),
  simplify: ([input], [, shape]) => sameNumbers(shape, input.shape) ? input : undefined,
  jvp: ({ attribute }, [t]) => t && make(slicePrimitive, [t], attribute),
  transpose: ({ inputs: [input], attribute: [starts] }, c) => [pad(c, starts, input.shape)],
  kernel({ inputs: [input], attribute: [starts, shape] }) {
    const from = stridesOf(input.shape), to = stridesOf(shape), offset = offsetOf(starts, from);
    const copy = copier(shape, { start: offset, strides: from }, { start: 0, strides: to });
    return ([a], out) => copy(a, out);
  },
});

/** The argument as a window of zeros; the attribute holds its start and the shape of the result. */
export const padPrimitive: Primitive<Window> = definePrimitive<Window>({
  name: "pad",
  emission: "view",
  shape: ([given], [starts, shape]) =>
    fits(starts, given, shape)
      ? shape
      : refuse("pad", `a window at [${starts.join(", ")}] of ${formatShape(shape)}`, given),
  simplify: ([input], [, shape]) => sameNumbers(shape, input.shape) ? input : undefined,
  jvp: ({ attribute }, [t]) => t && make(padPrimitive, [t], attribute),
  transpose: ({ inputs: [input], attribute: [starts] }, c) => [slice(c, starts, input.shape)],
  kernel({ inputs: [input], attribute: [starts, shape] }) {
    const from = stridesOf(input.shape), to = stridesOf(shape), offset = offsetOf(starts, to);
    const copy = copier(input.shape, { start: 0, strides: from }, { start: offset, strides: to });
    return ([a], out) => {
      out.fill(0);
      copy(a, out);
    };
  },
});

/** Arguments one after the other along an axis, the attribute. */
export const concatenatePrimitive: Primitive<number> = definePrimitive<number>({
  name: "concatenate",
  emission: "kernel",
  shape(shapes, axis) {
    const first = shapes[0];
    const agree = axis >= 0 && axis < first.length &&
      shapes.every((s) => s.length === first.length && s.every((n, i) => i === axis || n === first[i]));
    if (!agree) refuse("concatenate", `shapes that agree but for axis ${axis}`, ...shapes);
    return first.map((n, i) => i === axis ? shapes.reduce((total, s) => total + s[axis], 0) : n);
  },
  simplify: (inputs) => inputs.length === 1 ? inputs[0] : undefined,
  jvp({ inputs, attribute }, tangents) {
    return make(concatenatePrimitive, tangents.map((t, i) => t ?? zeros(inputs[i].shape)), attribute);
  },
  transpose({ inputs, attribute: axis }, c, linear) {
    let start = 0;
    return inputs.map(({ shape }, i) => {
      const starts = shape.map((_, k) => k === axis ? start : 0);
      start += shape[axis];
      return linear[i] ? slice(c, starts, shape) : undefined;
    });
  },
  kernel({ inputs, attribute: axis, shape }) {
    const strides = stridesOf(shape);
    let start = 0;
    const copies = inputs.map((input) => {
      const copy = copier(input.shape, { start: 0, strides: stridesOf(input.shape) }, { start, strides });
      start += input.shape[axis] * strides[axis];
      return copy;
    });
    return (arrays, out) => {
      for (let i = 0; i < copies.length; i++) copies[i](arrays[i], out);
    };
  },
});

/**
 * The window of a shape that starts at these indices.
 *
 * @throws {ShapeError} When it does not lie inside.
 */
export function slice(input: Node, starts: readonly number[], shape: Shape): Node {
  return make(slicePrimitive, [input], [starts, shape]);
}

/** Zeros of a shape with the argument at these indices. */
export function pad(input: Node, starts: readonly number[], shape: Shape): Node {
  return make(padPrimitive, [input], [starts, shape]);
}

/** Arrays joined along an axis. */
export function concatenate(inputs: readonly Node[], axis: number): Node {
  return make(concatenatePrimitive, inputs, axis);
}
