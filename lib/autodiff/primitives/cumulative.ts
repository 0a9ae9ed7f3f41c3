/**
 * Cumulative sums along an axis.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { extents } from "./reductions.ts";

/** Sums of all entries up to each, along an axis; with 1 as the second number from the end. */
export const cumulativeSumPrimitive: Primitive<readonly [axis: number, reverse: number]> = definePrimitive<
  readonly [axis: number, reverse: number]
>({
  name: "cumulativeSum",
  emission: "kernel",
  shape: ([given], [axis]) =>
    axis >= 0 && axis < given.length ? given : refuse("cumulativeSum", `an axis ${axis}`, given),
  jvp: ({ attribute: [axis, reverse] }, [t]) => t && cumulativeSum(t, axis, reverse),
  transpose: ({ attribute: [axis, reverse] }, c) => [cumulativeSum(c, axis, 1 - reverse)],
  kernel({ shape, attribute: [axis, reverse] }) {
    const [outer, middle, inner] = extents(shape, [axis, axis + 1]);
    return ([a], out) => {
      for (let i = 0; i < outer; i++) {
        for (let j = 0; j < inner; j++) {
          let total = 0;
          for (let k = 0; k < middle; k++) {
            const at = (i * middle + (reverse === 1 ? middle - 1 - k : k)) * inner + j;
            total += a[at];
            out[at] = total;
          }
        }
      }
    };
  },
});

/** Sums of all entries up to each, along an axis; with `reverse` 1 from the end. */
export function cumulativeSum(input: Node, axis: number, reverse: number): Node {
  return make(cumulativeSumPrimitive, [input], [axis, reverse]);
}
