/**
 * Entries by index: taking slices along an axis by an array of indices, and adding slices at indices. Indices are whole
 * numbers in an array of their own, with derivative zero.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { type Shape, sizeOf } from "../shape.ts";

/**
 * Refuses what is no index.
 *
 * @throws {DomainError} When an entry is no whole number from 0 up to, not including, the length.
 */
export function checkIndices(primitive: string, indices: Float64Array, length: number): void {
  for (let i = 0; i < indices.length; i++) {
    const k = indices[i];
    if (!(k >= 0 && k < length && k === Math.floor(k))) {
      throw new DomainError(
        `Cannot apply ${primitive}: expected whole indices below ${length}, got ${k} at position ${i}`,
      );
    }
  }
}

/** Slices of the first argument along an axis, the attribute, at the indices in the second. */
export const gatherPrimitive: Primitive<number> = definePrimitive<number>({
  name: "gather",
  emission: "kernel",
  shape([given, indices], axis) {
    if (!(axis >= 0 && axis < given.length)) refuse("gather", `an axis ${axis}`, given);
    return [...given.slice(0, axis), ...indices, ...given.slice(axis + 1)];
  },
  jvp: ({ inputs: [, indices], attribute }, [t]) => t && gather(t, indices, attribute),
  transpose({ inputs: [{ shape }, indices], attribute: axis }, c) {
    return [make(scatterAddPrimitive, [c, indices], [axis, shape[axis]]), undefined];
  },
  kernel({ inputs: [{ shape }], attribute: axis }) {
    const outer = sizeOf(shape.slice(0, axis)), length = shape[axis], inner = sizeOf(shape.slice(axis + 1));
    return ([a, indices], out) => {
      checkIndices("gather", indices, length);
      for (let i = 0, o = 0; i < outer; i++) {
        for (let k = 0; k < indices.length; k++) {
          const from = (i * length + indices[k]) * inner;
          for (let j = 0; j < inner; j++) out[o++] = a[from + j];
        }
      }
    };
  },
});

/** Zeros, with the slices of the first argument added along an axis at the indices in the second. */
export const scatterAddPrimitive: Primitive<readonly [axis: number, length: number]> = definePrimitive<
  readonly [axis: number, length: number]
>({
  name: "scatterAdd",
  emission: "kernel",
  shape([updates, indices], [axis, length]): Shape {
    const end = axis + indices.length;
    const agree = axis >= 0 && end <= updates.length && indices.every((n, i) => n === updates[axis + i]);
    if (!agree) refuse("scatterAdd", `the shape of the indices at axis ${axis} of the updates`, updates, indices);
    return [...updates.slice(0, axis), length, ...updates.slice(end)];
  },
  jvp: ({ inputs: [, indices], attribute }, [t]) => t && make(scatterAddPrimitive, [t, indices], attribute),
  transpose: ({ inputs: [, indices], attribute: [axis] }, c) => [gather(c, indices, axis), undefined],
  kernel({ inputs: [{ shape }, { shape: indexShape }], attribute: [axis, length] }) {
    const outer = sizeOf(shape.slice(0, axis)), inner = sizeOf(shape.slice(axis + indexShape.length));
    return ([a, indices], out) => {
      checkIndices("scatterAdd", indices, length);
      out.fill(0);
      for (let i = 0, o = 0; i < outer; i++) {
        for (let k = 0; k < indices.length; k++) {
          const to = (i * length + indices[k]) * inner;
          for (let j = 0; j < inner; j++) out[to + j] += a[o++];
        }
      }
    };
  },
});

/** Slices of `input` along an axis. */
export function gather(input: Node, indices: Node, axis: number): Node {
  return make(gatherPrimitive, [input, indices], axis);
}

/** Zeros with `length` slices along the axis, to which the slices of `updates` are added. */
export function scatterAdd(updates: Node, indices: Node, axis: number, length: number): Node {
  return make(scatterAddPrimitive, [updates, indices], [axis, length]);
}
