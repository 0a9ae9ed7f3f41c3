/**
 * Parts of arrays: slices, padding with zeros, joining along an axis.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { copyStrided, formatShape, sameNumbers, type Shape, stridesOf } from "../shape.ts";
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
    return ([a], out) => copyStrided(shape, a, offset, from, out, 0, to);
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
    return ([a], out) => {
      out.fill(0);
      copyStrided(input.shape, a, 0, from, out, offset, to);
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
    const to = stridesOf(shape), froms = inputs.map((input) => stridesOf(input.shape));
    return (arrays, out) => {
      let offset = 0;
      for (let i = 0; i < arrays.length; i++) {
        copyStrided(inputs[i].shape, arrays[i], 0, froms[i], out, offset, to);
        offset += inputs[i].shape[axis] * to[axis];
      }
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
