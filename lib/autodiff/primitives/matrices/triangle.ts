/**
 * Parts of matrices on one side of the diagonal.
 *
 * @module
 */
import { refuse } from "../../errors.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import { range } from "../../shape.ts";
import { permute } from "../structure.ts";

/** Which entries stay: below or above the diagonal, with it, without it (strict), or with half of it. */
export type Part = "lower" | "upper" | "strictLower" | "strictUpper" | "halfLower" | "diagonal";

/** What the entries below, on and above the diagonal are multiplied by. */
type Factors = readonly [below: number, on: number, above: number];

const FACTORS: Readonly<Record<Part, Factors>> = {
  lower: [1, 1, 0],
  upper: [0, 1, 1],
  strictLower: [1, 0, 0],
  strictUpper: [0, 0, 1],
  halfLower: [1, 0.5, 0],
  diagonal: [0, 1, 0],
};

/**
 * Entries below, on and above the diagonal of matrices, multiplied by three factors; where a factor is 0, zero whatever
 * stands there.
 */
export const trianglePrimitive: Primitive<Factors> = definePrimitive<Factors>({
  name: "triangle",
  emission: "kernel",
  shape: ([given]) => given.length >= 2 ? given : refuse("triangle", "matrices", given),
  jvp: ({ attribute }, [t]) => t && make(trianglePrimitive, [t], attribute),
  transpose: ({ attribute }, c) => [make(trianglePrimitive, [c], attribute)],
  batch({ attribute }, [a], [axis]) {
    const order = [axis!, ...range(0, a.shape.length).filter((other) => other !== axis)];
    return [make(trianglePrimitive, [permute(a, order)], attribute), 0];
  },
  kernel({ shape, attribute: [below, on, above] }) {
    const columns = shape[shape.length - 1], rows = shape[shape.length - 2];
    const scaled = (factor: number, x: number): number => factor === 0 ? 0 : factor * x;
    return ([a], out) => {
      for (let k = 0; k < out.length;) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++, k++) out[k] = scaled(j < i ? below : j > i ? above : on, a[k]);
        }
      }
    };
  },
});

/** A part of matrices, zeros elsewhere. */
export function triangle(a: Node, part: Part): Node {
  return make(trianglePrimitive, [a], FACTORS[part]);
}
