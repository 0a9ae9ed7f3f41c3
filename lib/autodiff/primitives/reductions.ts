/**
 * Reductions. A node reduces neighbouring axes, from the first up to, not including, the second number of its
 * attribute; others are made of several.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { applies, make, type Node } from "../node.ts";
import { definePrimitive, type Kernel, type Primitive } from "../primitive.ts";
import { otherAxes, range, type Shape, sizeOf } from "../shape.ts";
import { divide, multiply } from "./arithmetic.ts";
import { equal, select } from "./comparison.ts";
import { broadcastAxes, broadcastPrimitive, reshape, zeros } from "./structure.ts";
import { slice } from "./window.ts";

/** The axes from `start` up to, not including, `end`. */
export type AxisRange = readonly [start: number, end: number];

/** The shape without these axes. */
export function reducedShape(name: string, shape: Shape, [start, end]: AxisRange): Shape {
  if (!(start >= 0 && start < end && end <= shape.length)) refuse(name, `axes ${start} to ${end - 1}`, shape);
  return [...shape.slice(0, start), ...shape.slice(end)];
}

/** Puts back the axes that a reduction removed, by repetition. */
export function restore(reduced: Node, shape: Shape, [start, end]: AxisRange): Node {
  return broadcastAxes(reduced, shape, otherAxes(shape.length, range(start, end)));
}

/** The numbers of entries before, along and behind the axes. */
export function extents(shape: Shape, [start, end]: AxisRange): readonly [number, number, number] {
  return [sizeOf(shape.slice(0, start)), sizeOf(shape.slice(start, end)), sizeOf(shape.slice(end))];
}

function sumKernel(shape: Shape, axes: AxisRange): Kernel {
  const [outer, middle, inner] = extents(shape, axes);
  if (inner === 1) {
    return ([a], out) => {
      for (let i = 0, p = 0; i < outer; i++) {
        let total = 0;
        for (const end = p + middle; p < end; p++) total += a[p];
        out[i] = total;
      }
    };
  }
  return ([a], out) => {
    out.fill(0);
    for (let i = 0, p = 0; i < outer; i++) {
      for (let k = 0; k < middle; k++) for (let j = 0, o = i * inner; j < inner; j++) out[o + j] += a[p++];
    }
  };
}

/** Sums along neighbouring axes. */
export const sumPrimitive: Primitive<AxisRange> = definePrimitive<AxisRange>({
  name: "sum",
  emission: "reduction",
  shape: ([given], axes) => reducedShape("sum", given, axes),
  simplify([input], [start, end]) {
    if (!applies(input, broadcastPrimitive)) return undefined;
    const [shape, axes] = input.attribute, repeated = range(start, end).every((axis) => !axes.includes(axis));
    if (!repeated) return undefined; // the sum of copies is a multiple
    const count = sizeOf(shape.slice(start, end)), rest = [...shape.slice(0, start), ...shape.slice(end)];
    return multiply(
      count,
      broadcastAxes(input.inputs[0], rest, axes.map((axis) => axis < start ? axis : axis - end + start)),
    );
  },
  jvp: ({ attribute }, [t]) => t && make(sumPrimitive, [t], attribute),
  transpose: ({ inputs: [{ shape }], attribute }, c) => [restore(c, shape, attribute)],
  kernel: ({ inputs: [{ shape }], attribute }) => sumKernel(shape, attribute),
});

/** The largest entries along neighbouring axes; at ties the derivative is the mean of theirs. */
export const largestPrimitive: Primitive<AxisRange> = definePrimitive<AxisRange>({
  name: "largest",
  emission: "reduction",
  shape: ([given], axes) => reducedShape("largest", given, axes),
  jvp(node, [t]) {
    const { inputs: [a], attribute: axes } = node;
    if (t === undefined) return undefined;
    const attained = equal(a, restore(node, a.shape, axes));
    const along = (x: Node): Node => make(sumPrimitive, [x], axes);
    return divide(along(select(attained, t, zeros(a.shape))), along(attained));
  },
  kernel({ inputs: [{ shape }], attribute: axes }) {
    const [outer, middle, inner] = extents(shape, axes);
    return ([a], out) => {
      out.fill(-Infinity);
      for (let i = 0, p = 0; i < outer; i++) {
        for (let k = 0; k < middle; k++) {
          for (let o = i * inner; o < (i + 1) * inner; o++) out[o] = Math.max(out[o], a[p++]);
        }
      }
    };
  },
});

/** The axes as ranges of neighbours, the last first. */
function runs(axes: readonly number[]): AxisRange[] {
  const sorted = [...axes].sort((a, b) => a - b), ranges: [number, number][] = [];
  for (const axis of sorted) {
    const last = ranges[ranges.length - 1];
    if (last !== undefined && last[1] === axis) last[1]++;
    else ranges.push([axis, axis + 1]);
  }
  return ranges.reverse();
}

function reduce(primitive: Primitive<AxisRange>, input: Node, axes: readonly number[]): Node {
  return runs(axes).reduce((node, run) => make(primitive, [node], run), input);
}

const all = (input: Node): number[] => range(0, input.shape.length);

/** Sums along axes, by default along all. */
export function sum(input: Node, axes: readonly number[] = all(input)): Node {
  return reduce(sumPrimitive, input, axes);
}

/** The largest entries along axes, by default along all. */
export function largest(input: Node, axes: readonly number[] = all(input)): Node {
  return reduce(largestPrimitive, input, axes);
}

/** Products along one axis, by halves: the derivative is right where entries are 0. */
export function productAlong(input: Node, axis: number): Node {
  const { shape } = input, n = shape[axis];
  const rest = [...shape.slice(0, axis), ...shape.slice(axis + 1)];
  if (n === 0) return broadcastAxes(1, rest, []);
  if (n === 1) return reshape(input, rest);
  const half = n >> 1,
    part = (from: number, to: number): Node =>
      slice(input, shape.map((_, i) => i === axis ? from : 0), shape.map((s, i) => i === axis ? to - from : s));
  const product = productAlong(multiply(part(0, half), part(half, 2 * half)), axis);
  return n % 2 === 0 ? product : multiply(product, productAlong(part(n - 1, n), axis));
}
