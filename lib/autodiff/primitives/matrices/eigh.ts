/**
 * Eigenvalues and eigenvectors of symmetric matrices.
 *
 * `w' = diag(Vᵀ A' V)`, `V' = V (F ∘ Vᵀ A' V)` with `Fᵢⱼ = 1 / (wⱼ - wᵢ)`. Eigenvectors of equal eigenvalues have no
 * derivative: F is 0 there, which is right for functions that do not depend on the choice of basis, to the first order.
 *
 * @module
 */
import { eigh as decompose } from "../../../linalg/mod.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import { multiply, reciprocal, subtract } from "../arithmetic.ts";
import { equal, select } from "../comparison.ts";
import { matmul } from "../products.ts";
import {
  alongColumns,
  alongRows,
  diagonals,
  eachMatrix,
  orderOf,
  packEach,
  stacked,
  stackOf,
  unpackEach,
} from "./stacks.ts";

/** `1 / d`, 0 where d is 0. */
export function reciprocalOrZero(d: Node): Node {
  const zero = equal(d, 0);
  return select(zero, 0, reciprocal(select(zero, 1, d)));
}

/** The eigenvalues, ascending, then the eigenvectors in columns. */
export const eighPrimitive: Primitive<null> = definePrimitive({
  name: "eigh",
  emission: "kernel",
  shape([a]) {
    const n = orderOf("eigh", a);
    return [...stackOf(a), n * (n + 1)];
  },
  jvp(node, [t]) {
    if (t === undefined) return undefined;
    const n = orderOf("eigh", t.shape), [w, v] = unpackEach(node, [[n], [n, n]]);
    const inner = matmul(v, matmul(t, v), 1, 0);
    const gaps = subtract(alongColumns(w, t.shape), alongRows(w, t.shape));
    return packEach([diagonals(inner), matmul(v, multiply(reciprocalOrZero(gaps), inner))], stackOf(t.shape));
  },
  batch: stacked,
  kernel({ inputs: [{ shape }] }) {
    const n = shape[shape.length - 1];
    return eachMatrix([n, n], n * (n + 1), (A, out) => {
      const { values, vectors } = decompose(A);
      out.set(values);
      out.set(vectors.data, n);
    });
  },
});

/** The eigenvalues, and the eigenvectors in columns. */
export function eigh(a: Node): Node[] {
  const n = orderOf("eigh", a.shape);
  return unpackEach(make(eighPrimitive, [a], null), [[n], [n, n]]);
}
