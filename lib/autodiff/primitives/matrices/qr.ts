/**
 * The factorization `A = Q R` of matrices with at least as many rows as columns, with a positive diagonal in R: so it
 * is unique and smooth where A has full rank.
 *
 * @module
 */
import { qr as factor } from "../../../linalg/mod.ts";
import { refuse } from "../../errors.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import type { Shape } from "../../shape.ts";
import { add, subtract } from "../arithmetic.ts";
import { matmul } from "../products.ts";
import { swapLast } from "../structure.ts";
import { eachMatrix, packEach, stacked, stackOf, unpackEach } from "./stacks.ts";
import { triangle } from "./triangle.ts";
import { solveTriangular } from "./triangular.ts";

const sizesOf = (a: Shape): [m: number, n: number] => [a[a.length - 2], a[a.length - 1]];

/** Q, m x n, then R, n x n. */
export const qrPrimitive: Primitive<null> = definePrimitive({
  name: "qr",
  emission: "kernel",
  shape([a]) {
    const [m, n] = sizesOf(a);
    return a.length >= 2 && m >= n ? [...stackOf(a), n * (m + n)] : refuse("qr", "no more columns than rows", a);
  },
  jvp(node, [t]) {
    const [m, n] = sizesOf(node.inputs[0].shape);
    if (t === undefined) return undefined;
    const [q, r] = unpackEach(node, [[m, n], [n, n]]);
    const s = swapLast(solveTriangular(r, swapLast(t), [0, 1, 0])), inside = matmul(q, s, 1, 0); // s = A' R⁻¹
    const below = triangle(inside, "strictLower"), turn = subtract(below, swapLast(below)); // Qᵀ Q', antisymmetric
    const qTangent = add(subtract(s, matmul(q, inside)), matmul(q, turn));
    return packEach([qTangent, matmul(subtract(inside, turn), r)], stackOf(t.shape));
  },
  batch: stacked,
  kernel({ inputs: [{ shape }] }) {
    const [m, n] = sizesOf(shape);
    return eachMatrix([m, n], n * (m + n), (A, out) => {
      const { Q, R } = factor(A);
      for (let j = 0; j < n; j++) {
        const sign = R.data[j * (n + 1)] < 0 ? -1 : 1;
        for (let i = 0; i < m; i++) out[i * n + j] = sign * Q.data[i * n + j];
        for (let i = 0; i < n; i++) out[(m + j) * n + i] = sign * R.data[j * n + i];
      }
    });
  },
});

/** Q and R. */
export function qr(a: Node): Node[] {
  const [m, n] = sizesOf(a.shape);
  return unpackEach(make(qrPrimitive, [a], null), [[m, n], [n, n]]);
}
