/**
 * The order of entries along the last axis. It is constant almost everywhere, so that sorting is taking entries by
 * index.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { sizeOf } from "../shape.ts";
import { gather } from "./index.ts";
import { reshape } from "./structure.ts";

/**
 * Where entries stand among all of the array, in ascending order along the last axis; equal ones in their own order,
 * NaN last.
 */
export const orderPrimitive: Primitive<null> = definePrimitive({
  name: "order",
  emission: "kernel",
  shape: ([given]) => given.length >= 1 ? given : refuse("order", "at least one axis", given),
  jvp: () => undefined,
  kernel({ shape }) {
    const n = shape[shape.length - 1], places = new Uint32Array(n);
    return ([a], out) => {
      for (let k = 0; k < out.length; k += n) {
        for (let i = 0; i < n; i++) places[i] = k + i;
        places.sort((i, j) => a[i] - a[j] || Number(a[i] !== a[i]) - Number(a[j] !== a[j]) || i - j);
        out.set(places, k);
      }
    };
  },
});

/** Ascending along the last axis. */
export function sorted(a: Node): Node {
  return gather(reshape(a, [sizeOf(a.shape)]), make(orderPrimitive, [a], null), 0);
}
