/**
 * The logarithm of the gamma function and its derivatives, entry by entry.
 *
 * @module
 */
import { logGamma as logGammaOf } from "../../linalg/mod.ts";
import { make, type Node } from "../node.ts";
import { polygamma as polygammaOf } from "../polygamma.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { times } from "./arithmetic.ts";

/** `log Γ(a)`; NaN for negative entries. */
export const logGammaPrimitive: Primitive<null> = definePrimitive({
  name: "logGamma",
  emission: "kernel",
  shape: ([given]) => given,
  jvp: ({ inputs: [a] }, [t]) => times(polygamma(a, 0), t),
  batch: (_, [a], [axis]) => [logGamma(a), axis!],
  kernel: () => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] > 0 && a[i] < Infinity ? logGammaOf(a[i]) : limit(a[i]);
  },
});

const limit = (a: number): number => a === 0 || a === Infinity ? Infinity : NaN;

/** The derivative of `log Γ` of the order one above the attribute. */
export const polygammaPrimitive: Primitive<number> = definePrimitive<number>({
  name: "polygamma",
  emission: "kernel",
  shape: ([given]) => given,
  jvp: ({ inputs: [a], attribute: m }, [t]) => times(polygamma(a, m + 1), t),
  batch: ({ attribute }, [a], [axis]) => [polygamma(a, attribute), axis!],
  kernel: ({ attribute: m }) => ([a], out) => {
    for (let i = 0; i < out.length; i++) out[i] = polygammaOf(m, a[i]);
  },
});

/** `log Γ(a)`. */
export const logGamma = (a: Node): Node => make(logGammaPrimitive, [a], null);
/** `ψₘ(a)`. */
export const polygamma = (a: Node, m: number): Node => make(polygammaPrimitive, [a], m);
