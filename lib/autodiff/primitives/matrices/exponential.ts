/**
 * The exponential of matrices and its derivative: the upper right block of `exp [[A, E], [0, A]]`.
 *
 * Source: Higham, Functions of matrices (2008), theorem 3.6.
 *
 * @module
 */
import { expm as exponential } from "../../../linalg/mod.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import { range, sameNumbers } from "../../shape.ts";
import { refuse } from "../../errors.ts";
import { plus } from "../arithmetic.ts";
import { swapLast, zeros } from "../structure.ts";
import { concatenate, slice } from "../window.ts";
import { eachMatrix, orderOf, stacked } from "./stacks.ts";

/** `exp A`. */
export const expmPrimitive: Primitive<null> = definePrimitive({
  name: "expm",
  emission: "kernel",
  shape: ([a]) => (orderOf("expm", a), a),
  jvp: ({ inputs: [a] }, [t]) => t && expmTangent(a, t),
  batch: stacked,
  kernel({ shape }) {
    const n = shape[shape.length - 1];
    return eachMatrix([n, n], n * n, (A, out) => out.set(exponential(A).data));
  },
});

/** The derivative of `exp` at A in the direction E. */
export const expmTangentPrimitive: Primitive<null> = definePrimitive({
  name: "expmTangent",
  emission: "macro",
  shape: ([a, e]) => sameNumbers(a, e) ? (orderOf("expmTangent", a), a) : refuse("expmTangent", "equal shapes", a, e),
  jvp({ inputs: [a, e] }, [s, t]) {
    const second = s && upperRight(expmTangent(blocks(a, e), blocks(s, zeros(s.shape))));
    return plus(second, t && expmTangent(a, t));
  },
  transpose: ({ inputs: [a] }, c) => [undefined, expmTangent(swapLast(a), c)],
  batch: stacked,
  lower: ({ inputs: [a, e] }) => upperRight(expm(blocks(a, e))),
});

/** `[[A, E], [0, A]]`. */
function blocks(a: Node, e: Node): Node {
  const rank = a.shape.length;
  return concatenate([concatenate([a, e], rank - 1), concatenate([zeros(a.shape), a], rank - 1)], rank - 2);
}

function upperRight(x: Node): Node {
  const rank = x.shape.length, n = x.shape[rank - 1] / 2;
  return slice(x, [...range(0, rank - 1).map(() => 0), n], [...x.shape.slice(0, -2), n, n]);
}

/** `exp A`. */
export const expm = (a: Node): Node => make(expmPrimitive, [a], null);
/** The derivative of `exp` at A in the direction E. */
export const expmTangent = (a: Node, e: Node): Node => make(expmTangentPrimitive, [a, e], null);
