/**
 * Functions with derivatives of their own that are replaced by simpler nodes after differentiation: value and
 * derivative then share what they have in common.
 *
 * @module
 */
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { abs, equal, greater, greaterEqual, relu, select } from "./comparison.ts";
import { add, multiply, negate, over, reciprocal, square, subtract, times } from "./arithmetic.ts";
import { exp, log, log1p, sqrt } from "./exponential.ts";
import { type AxisRange, largestPrimitive, reducedShape, restore, sumPrimitive } from "./reductions.ts";
import { nodeOf, type NodeOrNumber } from "./structure.ts";

const along = (node: Node, axes: AxisRange): Node => make(sumPrimitive, [node], axes);

/** The argument, with derivative zero. */
export const stopGradientPrimitive: Primitive<null> = definePrimitive({
  name: "stopGradient",
  emission: "macro",
  shape: ([given]) => given,
  jvp: () => undefined,
  lower: ({ inputs: [a] }) => a,
});

/** `log(1 + exp a)`. */
export const softplusPrimitive: Primitive<null> = definePrimitive({
  name: "softplus",
  emission: "macro",
  shape: ([given]) => given,
  jvp: ({ inputs: [a] }, [t]) => times(sigmoid(a), t),
  lower: ({ inputs: [a] }) => add(relu(a), log1p(exp(negate(abs(a))))),
});

/** `1 / (1 + exp(-a))`. */
export const sigmoidPrimitive: Primitive<null> = definePrimitive({
  name: "sigmoid",
  emission: "macro",
  shape: ([given]) => given,
  jvp: (node, [t]) => times(multiply(node, sigmoid(negate(node.inputs[0]))), t),
  lower({ inputs: [a] }) {
    const small = exp(negate(abs(a))), large = reciprocal(add(1, small));
    return select(greaterEqual(a, 0), large, multiply(small, large));
  },
});

/** The largest entries, 0 where these are infinite, so that they can be subtracted. */
function shift(a: Node, axes: AxisRange): Node {
  const largest = make(largestPrimitive, [a], axes);
  return select(greater(Infinity, abs(largest)), largest, 0);
}

/** `log Σ exp aᵢ` along neighbouring axes. */
export const logsumexpPrimitive: Primitive<AxisRange> = definePrimitive<AxisRange>({
  name: "logsumexp",
  emission: "macro",
  shape: ([given], axes) => reducedShape("logsumexp", given, axes),
  jvp: ({ inputs: [a], attribute: axes }, [t]) => t && along(multiply(softmaxAlong(a, axes), t), axes),
  lower({ inputs: [a], attribute: axes }) {
    const m = shift(a, axes);
    return add(m, log(along(exp(subtract(a, restore(m, a.shape, axes))), axes)));
  },
});

/** `exp aᵢ / Σ exp aⱼ` along neighbouring axes. */
export const softmaxPrimitive: Primitive<AxisRange> = definePrimitive<AxisRange>({
  name: "softmax",
  emission: "macro",
  shape: ([given], axes) => (reducedShape("softmax", given, axes), given),
  jvp(node, [t]) {
    const { attribute: axes, shape } = node;
    return t && multiply(node, subtract(t, restore(along(multiply(node, t), axes), shape, axes)));
  },
  lower({ inputs: [a], attribute: axes }) {
    const e = exp(subtract(a, restore(shift(a, axes), a.shape, axes)));
    return multiply(e, restore(reciprocal(along(e, axes)), a.shape, axes));
  },
});

/** The Euclidean norm along neighbouring axes; its derivative at 0 is 0. */
export const normPrimitive: Primitive<AxisRange> = definePrimitive<AxisRange>({
  name: "norm",
  emission: "macro",
  shape: ([given], axes) => reducedShape("norm", given, axes),
  jvp(node, [t]) {
    const { inputs: [a], attribute: axes } = node;
    return t && over(along(multiply(a, t), axes), select(equal(node, 0), 1, node));
  },
  lower: ({ inputs: [a], attribute: axes }) => sqrt(along(square(a), axes)),
});

/** The argument, with derivative zero. */
export const stopGradient = (a: NodeOrNumber): Node => make(stopGradientPrimitive, [nodeOf(a)], null);
/** `log(1 + exp a)`. */
export const softplus = (a: NodeOrNumber): Node => make(softplusPrimitive, [nodeOf(a)], null);
/** `1 / (1 + exp(-a))`. */
export const sigmoid = (a: NodeOrNumber): Node => make(sigmoidPrimitive, [nodeOf(a)], null);
/** `log Σ exp aᵢ` along neighbouring axes. */
export const logsumexpAlong = (a: Node, axes: AxisRange): Node => make(logsumexpPrimitive, [a], axes);
/** `exp aᵢ / Σ exp aⱼ` along neighbouring axes. */
export const softmaxAlong = (a: Node, axes: AxisRange): Node => make(softmaxPrimitive, [a], axes);
/** The Euclidean norm along neighbouring axes. */
export const normAlong = (a: Node, axes: AxisRange): Node => make(normPrimitive, [a], axes);
