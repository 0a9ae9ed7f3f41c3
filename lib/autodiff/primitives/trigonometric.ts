/**
 * Circular and hyperbolic functions and their inverses, entry by entry.
 *
 * @module
 */
import type { Node } from "../node.ts";
import type { Primitive } from "../primitive.ts";
import { add, divide, multiply, negate, over, plus, square, subtract, times } from "./arithmetic.ts";
import { broadcasting, elementwise } from "./elementwise.ts";
import { sqrt } from "./exponential.ts";
import type { NodeOrNumber } from "./structure.ts";

/** `√(1 - a²)`. */
const cosineOf = (a: Node): Node => sqrt(multiply(subtract(1, a), add(1, a)));

/** `sin a`. */
export const sinPrimitive: Primitive<null> = elementwise("sin", {
  expression: ([a]) => `Math.sin(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sin(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => times(cos(a), t),
});

/** `cos a`. */
export const cosPrimitive: Primitive<null> = elementwise("cos", {
  expression: ([a]) => `Math.cos(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.cos(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => times(negate(sin(a)), t),
});

/** `tan a`. */
export const tanPrimitive: Primitive<null> = elementwise("tan", {
  expression: ([a]) => `Math.tan(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.tan(a[i]);
  },
  jvp: (node, [t]) => times(add(1, square(node)), t),
});

/** The inverse of the sine. */
export const asinPrimitive: Primitive<null> = elementwise("asin", {
  expression: ([a]) => `Math.asin(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.asin(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => over(t, cosineOf(a)),
});

/** The inverse of the cosine. */
export const acosPrimitive: Primitive<null> = elementwise("acos", {
  expression: ([a]) => `Math.acos(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.acos(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => t && over(negate(t), cosineOf(a)),
});

/** The inverse of the tangent. */
export const atanPrimitive: Primitive<null> = elementwise("atan", {
  expression: ([a]) => `Math.atan(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.atan(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => over(t, add(1, square(a))),
});

/** `sinh a`. */
export const sinhPrimitive: Primitive<null> = elementwise("sinh", {
  expression: ([a]) => `Math.sinh(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sinh(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => times(cosh(a), t),
});

/** `cosh a`. */
export const coshPrimitive: Primitive<null> = elementwise("cosh", {
  expression: ([a]) => `Math.cosh(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.cosh(a[i]);
  },
  jvp: ({ inputs: [a] }, [t]) => times(sinh(a), t),
});

/** `tanh a`. */
export const tanhPrimitive: Primitive<null> = elementwise("tanh", {
  expression: ([a]) => `Math.tanh(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.tanh(a[i]);
  },
  jvp: (node, [t]) => times(subtract(1, square(node)), t),
});

/** The angle of the point `(b, a)`. */
export const atan2Primitive: Primitive<null> = elementwise("atan2", {
  expression: ([a, b]) => `Math.atan2(${a}, ${b})`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.atan2(a[i], b[i]);
  },
  jvp({ inputs: [a, b] }, [s, t]) {
    const squared = add(square(a), square(b));
    return plus(times(divide(b, squared), s), times(negate(divide(a, squared)), t));
  },
});

/** The angle of the point `(b, a)`. */
export const atan2 = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(atan2Primitive, a, b);
/** `sin a`. */
export const sin = (a: NodeOrNumber): Node => broadcasting(sinPrimitive, a);
/** `cos a`. */
export const cos = (a: NodeOrNumber): Node => broadcasting(cosPrimitive, a);
/** `tan a`. */
export const tan = (a: NodeOrNumber): Node => broadcasting(tanPrimitive, a);
/** The inverse of the sine. */
export const asin = (a: NodeOrNumber): Node => broadcasting(asinPrimitive, a);
/** The inverse of the cosine. */
export const acos = (a: NodeOrNumber): Node => broadcasting(acosPrimitive, a);
/** The inverse of the tangent. */
export const atan = (a: NodeOrNumber): Node => broadcasting(atanPrimitive, a);
/** `sinh a`. */
export const sinh = (a: NodeOrNumber): Node => broadcasting(sinhPrimitive, a);
/** `cosh a`. */
export const cosh = (a: NodeOrNumber): Node => broadcasting(coshPrimitive, a);
/** `tanh a`. */
export const tanh = (a: NodeOrNumber): Node => broadcasting(tanhPrimitive, a);
