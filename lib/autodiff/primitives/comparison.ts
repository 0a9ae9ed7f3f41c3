/**
 * Comparisons (1 where they hold, else 0; their derivatives are zero), selection, largest and smallest, magnitude,
 * sign, rounding.
 *
 * @module
 */
import type { Node } from "../node.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import { isNegated, plus, times } from "./arithmetic.ts";
import { broadcasting, elementwise } from "./elementwise.ts";
import { type NodeOrNumber, uniform, zeros } from "./structure.ts";

const none = (): undefined => undefined;

/** 1 where `a > b`. */
export const greaterPrimitive: Primitive<null> = elementwise("greater", {
  expression: ([a, b]) => `(${a} > ${b} ? 1 : 0)`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] > b[i] ? 1 : 0;
  },
  jvp: none,
});

/** 1 where `a >= b`. */
export const greaterEqualPrimitive: Primitive<null> = elementwise("greaterEqual", {
  expression: ([a, b]) => `(${a} >= ${b} ? 1 : 0)`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] >= b[i] ? 1 : 0;
  },
  jvp: none,
});

/** 1 where `a = b`. */
export const equalPrimitive: Primitive<null> = elementwise("equal", {
  expression: ([a, b]) => `(${a} === ${b} ? 1 : 0)`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] ? 1 : 0;
  },
  jvp: none,
});

/** `b` where `a` is not 0, else `c`; only the chosen branch has a derivative. */
export const selectPrimitive: Primitive<null> = elementwise("select", {
  expression: ([a, b, c]) => `(${a} !== 0 ? ${b} : ${c})`,
  kernel: () => ([a, b, c], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] !== 0 ? b[i] : c[i];
  },
  simplify([a, b, c]) {
    const chosen = uniform(a);
    if (chosen !== undefined) return chosen !== 0 ? b : c;
    return b === c ? b : undefined;
  },
  jvp: ({ inputs: [a], shape }, [, s, t]) => s || t ? select(a, s ?? zeros(shape), t ?? zeros(shape)) : undefined,
  transpose: ({ inputs: [a], shape }, c) => [undefined, select(a, c, zeros(shape)), select(a, zeros(shape), c)],
});

/** `s` where `a > b`, `t` where `b > a`; at a tie the mean of both. */
function bySize(a: Node, b: Node, s: Tangent, t: Tangent): Tangent {
  const first = s ?? zeros(a.shape), second = t ?? zeros(a.shape);
  return select(greater(a, b), first, select(greater(b, a), second, times(0.5, plus(s, t))!));
}

/** `max(a, b)`; at a tie the derivative is the mean of both sides. */
export const maxPrimitive: Primitive<null> = elementwise("max", {
  expression: ([a, b]) => `Math.max(${a}, ${b})`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i], b[i]);
  },
  jvp: ({ inputs: [a, b] }, [s, t]) => bySize(a, b, s, t),
});

/** `min(a, b)`; at a tie the derivative is the mean of both sides. */
export const minPrimitive: Primitive<null> = elementwise("min", {
  expression: ([a, b]) => `Math.min(${a}, ${b})`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.min(a[i], b[i]);
  },
  jvp: ({ inputs: [a, b] }, [s, t]) => bySize(a, b, t, s),
});

/** `|a|`; the derivative at 0 is 0. */
export const absPrimitive: Primitive<null> = elementwise("abs", {
  expression: ([a]) => `Math.abs(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(a[i]);
  },
  simplify: ([a]) => isNegated(a) ? abs(a.inputs[0]) : undefined,
  jvp: ({ inputs: [a] }, [t]) => times(sign(a), t),
});

/** -1, 0 or 1. */
export const signPrimitive: Primitive<null> = elementwise("sign", {
  expression: ([a]) => `Math.sign(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sign(a[i]);
  },
  jvp: none,
});

/** The largest integer that is not above `a`. */
export const floorPrimitive: Primitive<null> = elementwise("floor", {
  expression: ([a]) => `Math.floor(${a})`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(a[i]);
  },
  jvp: none,
});

/** `max(a, 0)`; the derivative at 0 is 0. */
export const reluPrimitive: Primitive<null> = elementwise("relu", {
  expression: ([a]) => `Math.max(${a}, 0)`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i], 0);
  },
  jvp: ({ inputs: [a] }, [t]) => t && select(greater(a, 0), t, zeros(a.shape)),
});

/** 1 where `a > b`. */
export const greater = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(greaterPrimitive, a, b);
/** 1 where `a >= b`. */
export const greaterEqual = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(greaterEqualPrimitive, a, b);
/** 1 where `a = b`. */
export const equal = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(equalPrimitive, a, b);
/** `b` where `a` is not 0, else `c`. */
export const select = (a: NodeOrNumber, b: NodeOrNumber, c: NodeOrNumber): Node =>
  broadcasting(selectPrimitive, a, b, c);
/** `max(a, b)`. */
export const max = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(maxPrimitive, a, b);
/** `min(a, b)`. */
export const min = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(minPrimitive, a, b);
/** `|a|`. */
export const abs = (a: NodeOrNumber): Node => broadcasting(absPrimitive, a);
/** -1, 0 or 1. */
export const sign = (a: NodeOrNumber): Node => broadcasting(signPrimitive, a);
/** The integer below. */
export const floor = (a: NodeOrNumber): Node => broadcasting(floorPrimitive, a);
/** `max(a, 0)`. */
export const relu = (a: NodeOrNumber): Node => broadcasting(reluPrimitive, a);
