/**
 * The singular value decomposition `A = U S Vᵀ`.
 *
 * With `P = Uᵀ A' V` and `Fᵢⱼ = 1 / (sⱼ² - sᵢ²)`: `s' = diag P`, `U' = U (F ∘ (P S + S Pᵀ)) + (I - U Uᵀ) A' V S⁻¹`, and
 * V' the same for the transpose. Singular vectors of equal singular values have no derivative: F is 0 there, which is
 * right for functions that do not depend on the choice of basis, to the first order. Where A is not square, zero
 * singular values give infinite derivatives of vectors.
 *
 * Source: Townsend, Differentiating the singular value decomposition (2016).
 *
 * @module
 */
import { svd as decompose } from "../../../linalg/mod.ts";
import { refuse } from "../../errors.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import type { Shape } from "../../shape.ts";
import { add, divide, multiply, subtract } from "../arithmetic.ts";
import { matmul } from "../products.ts";
import { swapLast } from "../structure.ts";
import { reciprocalOrZero } from "./eigh.ts";
import { alongColumns, alongRows, diagonals, eachMatrix, packEach, stacked, stackOf, unpackEach } from "./stacks.ts";

/** The shapes of U, S and V. */
function shapesOf(a: Shape): [number[], number[], number[]] {
  const m = a[a.length - 2], n = a[a.length - 1], k = Math.min(m, n);
  return [[m, k], [k], [n, k]];
}

/** `U' = U (F ∘ (X + Xᵀ))`, and outside of the span of U what A' brings, `(I - U Uᵀ) T S⁻¹`. */
function vectorTangent(u: Node, s: Node, factors: Node, x: Node, t: Node): Node {
  const inside = matmul(u, multiply(factors, add(x, swapLast(x)))), [m, k] = u.shape.slice(-2);
  if (m === k) return inside;
  return add(inside, divide(subtract(t, matmul(u, matmul(u, t, 1, 0))), alongColumns(s, t.shape)));
}

/** U, m x k, the singular values, descending, and V, n x k; k is the smaller of m and n. */
export const svdPrimitive: Primitive<null> = definePrimitive({
  name: "svd",
  emission: "kernel",
  shape([a]) {
    if (a.length < 2) refuse("svd", "matrices", a);
    const [[m, k], , [n]] = shapesOf(a);
    return [...stackOf(a), k * (m + n + 1)];
  },
  jvp(node, [t]) {
    if (t === undefined) return undefined;
    const [u, s, v] = unpackEach(node, shapesOf(t.shape)), av = matmul(t, v), p = matmul(u, av, 1, 0);
    const columns = alongColumns(s, p.shape), rows = alongRows(s, p.shape);
    const factors = reciprocalOrZero(multiply(subtract(columns, rows), add(columns, rows)));
    return packEach([
      vectorTangent(u, s, factors, multiply(p, columns), av),
      diagonals(p),
      vectorTangent(v, s, factors, multiply(rows, p), matmul(t, u, 1, 0)),
    ], stackOf(t.shape));
  },
  batch: stacked,
  kernel({ inputs: [{ shape }] }) {
    const [[m, k], , [n]] = shapesOf(shape);
    return eachMatrix([m, n], k * (m + n + 1), (A, out) => {
      const { U, S, V } = decompose(A);
      out.set(U.data);
      out.set(S, m * k);
      out.set(V.data, (m + 1) * k);
    });
  },
});

/** U, the singular values, V. */
export function svd(a: Node): Node[] {
  return unpackEach(make(svdPrimitive, [a], null), shapesOf(a.shape));
}
