/**
 * Exponentials, logarithms and the square root, entry by entry.
 *
 * @module
 */
import type { Node } from "../node.ts";
import type { Primitive } from "../primitive.ts";
import { add, multiply, over, reciprocal, times } from "./arithmetic.ts";
import { broadcasting, elementwise } from "./elementwise.ts";
import type { NodeOrNumber } from "./structure.ts";

/** `exp a`. */
export const expPrimitive: Primitive<null> = elementwise("exp", {
  expression: ([a]) => `Math.exp(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(a[i]);
  },
  jvp: (node, [t]) => times(node, t),
});

/** `exp a - 1`, accurate near 0. */
export const expm1Primitive: Primitive<null> = elementwise("expm1", {
  expression: ([a]) => `Math.expm1(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.expm1(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => times(exp(a), t),
});

/** The natural logarithm. */
export const logPrimitive: Primitive<null> = elementwise("log", {
  expression: ([a]) => `Math.log(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.log(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => over(t, a),
});

/** `log(1 + a)`, accurate near 0. */
export const log1pPrimitive: Primitive<null> = elementwise("log1p", {
  expression: ([a]) => `Math.log1p(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.log1p(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => over(t, add(1, a)),
});

/** `√a`. */
export const sqrtPrimitive: Primitive<null> = elementwise("sqrt", {
  expression: ([a]) => `Math.sqrt(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(a[i]);
  },
  jvp: (node, [t]) => times(multiply(0.5, reciprocal(node)), t),
});

/** `exp a`. */
export const exp = (a: NodeOrNumber): Node => broadcasting(expPrimitive, a);
/** `exp a - 1`, accurate near 0. */
export const expm1 = (a: NodeOrNumber): Node => broadcasting(expm1Primitive, a);
/** The natural logarithm. */
export const log = (a: NodeOrNumber): Node => broadcasting(logPrimitive, a);
/** `log(1 + a)`, accurate near 0. */
export const log1p = (a: NodeOrNumber): Node => broadcasting(log1pPrimitive, a);
/** `√a`. */
export const sqrt = (a: NodeOrNumber): Node => broadcasting(sqrtPrimitive, a);
