/**
 * The error function and its complement, entry by entry.
 *
 * @module
 */
import { erf as erfOf, erfc as erfcOf } from "../error_function.ts";
import type { Node } from "../node.ts";
import type { Primitive } from "../primitive.ts";
import { multiply, negate, square, times } from "./arithmetic.ts";
import { broadcasting, elementwise } from "./elementwise.ts";
import { exp } from "./exponential.ts";
import type { NodeOrNumber } from "./structure.ts";

/** `2/√π exp(-a²)`. */
const density = (a: Node): Node => multiply(2 / Math.sqrt(Math.PI), exp(negate(square(a))));

/** `erf a`. */
export const erfPrimitive: Primitive<null> = elementwise("erf", {
  expression: ([a]) => `erf(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = erfOf(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => times(density(a), t),
});

/** `erfc a`. */
export const erfcPrimitive: Primitive<null> = elementwise("erfc", {
  expression: ([a]) => `erfc(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = erfcOf(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => times(negate(density(a)), t),
});

/** `erf a`. */
export const erf = (a: NodeOrNumber): Node => broadcasting(erfPrimitive, a);
/** `erfc a`. */
export const erfc = (a: NodeOrNumber): Node => broadcasting(erfcPrimitive, a);
