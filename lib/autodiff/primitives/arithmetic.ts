/**
 * Sums, differences, products, quotients, powers, entry by entry.
 *
 * Simplifications change no value except by the rounding of `c (d x) = (c d) x`.
 *
 * @module
 */
import { applies, make, type Node } from "../node.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import { equal, select, selectPrimitive } from "./comparison.ts";
import { broadcasting, elementwise } from "./elementwise.ts";
import { log, sqrt } from "./exponential.ts";
import { broadcastAxes, type NodeOrNumber, uniform } from "./structure.ts";

/** The sum of two tangents, either of which may be zero. */
export function plus(a: Tangent, b: Tangent): Tangent {
  return a && b ? add(a, b) : a ?? b;
}

/**
 * Applies `f` to the tangent of a branch, so that a masked tangent stays zero whatever the factor is (also NaN,
 * infinite).
 */
function insideMask(tangent: Node, f: (t: Node) => Node): Node {
  if (!applies(tangent, selectPrimitive)) return f(tangent);
  const [condition, yes, no] = tangent.inputs;
  if (uniform(no) === 0) return select(condition, insideMask(yes, f), no);
  if (uniform(yes) === 0) return select(condition, yes, insideMask(no, f));
  return f(tangent);
}

/** `factor · tangent`, zero where the tangent was masked out. */
export function times(factor: NodeOrNumber, tangent: Tangent): Tangent {
  return tangent && insideMask(tangent, (t) => multiply(factor, t));
}

/** `tangent / divisor`, zero where the tangent was masked out. */
export function over(tangent: Tangent, divisor: Node): Tangent {
  return tangent && insideMask(tangent, (t) => divide(t, divisor));
}

const scaled = (value: number, node: Node): Node => multiply(broadcastAxes(value, node.shape, []), node);

/** Whether a node is `-a`. */
export function isNegated(node: Node): boolean {
  return applies(node, negatePrimitive);
}

/** `a + b`. */
export const addPrimitive: Primitive<null> = elementwise("add", {
  expression: ([a, b]) => `${a} + ${b}`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
  },
  simplify([a, b]) {
    if (a === b) return scaled(2, a);
    if (uniform(a) === 0) return b;
    if (uniform(b) === 0) return a;
    if (isNegated(b)) return subtract(a, b.inputs[0]);
    if (isNegated(a)) return subtract(b, a.inputs[0]);
    return a.id > b.id ? add(b, a) : undefined;
  },
  jvp: (_, [a, b]) => plus(a, b),
  transpose: (_, c) => [c, c],
});

/** `a - b`. */
export const subtractPrimitive: Primitive<null> = elementwise("subtract", {
  expression: ([a, b]) => `${a} - ${b}`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i];
  },
  simplify([a, b]) {
    if (uniform(b) === 0) return a;
    if (uniform(a) === 0) return negate(b);
    return isNegated(b) ? add(a, b.inputs[0]) : undefined;
  },
  jvp: (_, [a, b]) => a && b ? subtract(a, b) : a ?? (b && negate(b)),
  transpose: (_, c) => [c, negate(c)],
});

/** `a b`. */
export const multiplyPrimitive: Primitive<null> = elementwise("multiply", {
  expression: ([a, b]) => `${a} * ${b}`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
  },
  simplify([a, b]) {
    const factor = uniform(a);
    if (factor === undefined) {
      if (uniform(b) !== undefined) return multiply(b, a);
      if (isNegated(a)) return negate(multiply(a.inputs[0], b));
      if (isNegated(b)) return negate(multiply(a, b.inputs[0]));
      return a.id > b.id ? multiply(b, a) : undefined;
    }
    if (factor === 1) return b;
    if (factor === -1) return negate(b);
    if (isNegated(b)) return scaled(-factor, b.inputs[0]);
    const inner = applies(b, multiplyPrimitive) ? uniform(b.inputs[0]) : undefined;
    const joint = Math.abs(factor * (inner ?? NaN)); // neither overflow nor underflow may come of it
    return inner !== undefined && joint > 1e-150 && joint < 1e150 ? scaled(factor * inner, b.inputs[1]) : undefined;
  },
  jvp: ({ inputs: [a, b] }, [s, t]) => plus(times(b, s), times(a, t)),
  transpose: ({ inputs: [a, b] }, c, linear) => linear[0] ? [times(b, c), undefined] : [undefined, times(a, c)],
});

/** `a / b`. */
export const dividePrimitive: Primitive<null> = elementwise("divide", {
  expression: ([a, b]) => `${a} / ${b}`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] / b[i];
  },
  simplify([a, b]) {
    if (uniform(b) === 1) return a;
    if (isNegated(a)) return negate(divide(a.inputs[0], b));
    return undefined;
  },
  jvp(node, [s, t]) {
    const inverse = reciprocal(node.inputs[1]); // of the function: derivatives along many tangents divide once
    return plus(times(inverse, s), t && times(negate(multiply(node, inverse)), t));
  },
  transpose: ({ inputs: [, b] }, c) => [over(c, b), undefined],
});

/** `-a`. */
export const negatePrimitive: Primitive<null> = elementwise("negate", {
  expression: ([a]) => `-${a}`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = -a[i];
  },
  simplify([a]) {
    if (isNegated(a)) return a.inputs[0];
    if (applies(a, subtractPrimitive)) return subtract(a.inputs[1], a.inputs[0]);
    const factor = applies(a, multiplyPrimitive) ? uniform(a.inputs[0]) : undefined;
    if (factor !== undefined) return scaled(-factor, a.inputs[1]);
    if (!applies(a, selectPrimitive)) return undefined;
    const [condition, yes, no] = a.inputs; // keeps masks in sight
    return uniform(yes) === 0 || uniform(no) === 0 ? select(condition, negate(yes), negate(no)) : undefined;
  },
  jvp: (_, [t]) => t && negate(t),
  transpose: (_, c) => [negate(c)],
});

/** `a²`. */
export const squarePrimitive: Primitive<null> = elementwise("square", {
  expression: ([a]) => `${a} * ${a}`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] * a[i];
  },
  simplify: ([a]) => isNegated(a) ? square(a.inputs[0]) : undefined,
  jvp: ({ inputs: [a] }, [t]) => times(multiply(2, a), t),
});

/** `1 / a`. */
export const reciprocalPrimitive: Primitive<null> = elementwise("reciprocal", {
  expression: ([a]) => `1 / ${a}`,
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = 1 / a[i];
  },
  jvp: (node, [t]) => times(negate(square(node)), t),
});

/** `aᵖ` for a number p, the attribute. */
export const constantPowerPrimitive: Primitive<number> = elementwise<number>("constantPower", {
  expression: ([a], p) => `Math.pow(${a}, ${p})`,
  kernel: (p) => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.pow(a[i], p);
  },
  simplify([a], p) {
    if (p === 0) return broadcastAxes(1, a.shape, []);
    if (p === 1) return a;
    if (p === 2) return square(a);
    if (p === -1) return reciprocal(a);
    return p === 0.5 ? sqrt(a) : undefined;
  },
  jvp: ({ inputs: [a], attribute: p }, [t]) => times(multiply(p, make(constantPowerPrimitive, [a], p - 1)), t),
});

/** `aᵇ`; the derivative with respect to b is taken as 0 where a is 0. */
export const powerPrimitive: Primitive<null> = elementwise("power", {
  expression: ([a, b]) => `Math.pow(${a}, ${b})`,
  kernel: () => ([a, b], out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.pow(a[i], b[i]);
  },
  simplify([a, b]) {
    const exponent = uniform(b);
    return exponent === undefined ? undefined : make(constantPowerPrimitive, [a], exponent);
  },
  jvp(node, [s, t]) {
    const [a, b] = node.inputs;
    const base = s && times(multiply(b, power(a, subtract(b, 1))), s);
    return plus(base, t && times(multiply(node, log(select(equal(a, 0), 1, a))), t));
  },
});

/** `a + b`. */
export const add = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(addPrimitive, a, b);
/** `a - b`. */
export const subtract = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(subtractPrimitive, a, b);
/** `a b`. */
export const multiply = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(multiplyPrimitive, a, b);
/** `a / b`. */
export const divide = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(dividePrimitive, a, b);
/** `aᵇ`. */
export const power = (a: NodeOrNumber, b: NodeOrNumber): Node => broadcasting(powerPrimitive, a, b);
/** `-a`. */
export const negate = (a: NodeOrNumber): Node => broadcasting(negatePrimitive, a);
/** `a²`. */
export const square = (a: NodeOrNumber): Node => broadcasting(squarePrimitive, a);
/** `1 / a`. */
export const reciprocal = (a: NodeOrNumber): Node => broadcasting(reciprocalPrimitive, a);
