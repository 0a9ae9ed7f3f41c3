/**
 * Several arrays in one vector: how a primitive with several results returns them.
 *
 * @module
 */
import type { Node } from "../node.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { reshape } from "./structure.ts";
import { concatenate, slice } from "./window.ts";

/** The entries of all arrays, one after the other. */
export function pack(parts: readonly Node[]): Node {
  return concatenate(parts.map((part) => reshape(part, [sizeOf(part.shape)])), 0);
}

/** The arrays of these shapes that were packed. */
export function unpack(packed: Node, shapes: readonly Shape[]): Node[] {
  let start = 0;
  return shapes.map((shape) => {
    const size = sizeOf(shape), part = slice(packed, [start], [size]);
    start += size;
    return reshape(part, shape);
  });
}
