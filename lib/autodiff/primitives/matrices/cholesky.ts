/**
 * Cholesky's factorization and what is computed with it. Arguments are symmetric; only their lower triangles are read.
 * Where a matrix is not positive definite the result is NaN, as the logarithm of a negative number is, so that a line
 * search steps back.
 *
 * Source of the derivative: Murray, Differentiation of the Cholesky decomposition (2016), equation (8).
 *
 * @module
 */
import { backend } from "../../../linalg/mod.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import { multiply, negate, plus } from "../arithmetic.ts";
import { log } from "../exponential.ts";
import { matmul } from "../products.ts";
import { sum } from "../reductions.ts";
import { swapLast } from "../structure.ts";
import { diagonals, eachMatrix, identities, innerProducts, orderOf, stacked, stackOf } from "./stacks.ts";
import { triangle } from "./triangle.ts";
import { solutionShape, solveTriangular } from "./triangular.ts";

/** L of `A = L Lᵀ`. */
export const choleskyPrimitive: Primitive<null> = definePrimitive({
  name: "cholesky",
  emission: "kernel",
  shape: ([a]) => (orderOf("cholesky", a), a),
  jvp(l, [t]) {
    if (t === undefined) return undefined;
    const half = solveTriangular(l, t, [1, 0, 0]), inner = solveTriangular(l, swapLast(half), [1, 0, 0]);
    return matmul(l, triangle(inner, "halfLower"));
  },
  batch: stacked,
  kernel({ shape }) {
    const n = shape[shape.length - 1];
    return eachMatrix([n, n], n * n, ({ data }, out) => {
      out.set(data);
      if (backend().cholesky(n, out, 0, n) >= 0) out.fill(NaN);
    });
  },
});

/** `A⁻¹ B` for positive definite A. */
export const solvePositiveDefinitePrimitive: Primitive<null> = definePrimitive({
  name: "solvePositiveDefinite",
  emission: "macro",
  shape: ([a, b]) => solutionShape("solvePositiveDefinite", a, b),
  jvp(node, [s, t]) {
    const right = plus(s && negate(matmul(s, node)), t);
    return right && solvePositiveDefinite(node.inputs[0], right);
  },
  transpose: ({ inputs: [a] }, c) => [undefined, solvePositiveDefinite(a, c)],
  batch: stacked,
  lower({ inputs: [a, b] }) {
    const l = cholesky(a);
    return solveTriangular(l, solveTriangular(l, b, [1, 0, 0]), [1, 1, 0]);
  },
});

/** `log det A` for positive definite A; the derivative is `tr A⁻¹ A'`. */
export const logdetPositiveDefinitePrimitive: Primitive<null> = definePrimitive({
  name: "logdetPositiveDefinite",
  emission: "macro",
  shape: ([a]) => (orderOf("logdetPositiveDefinite", a), stackOf(a)),
  jvp: ({ inputs: [a] }, [t]) => t && innerProducts(solvePositiveDefinite(a, identities(a.shape)), t),
  batch: stacked,
  lower({ inputs: [a] }) {
    const logarithms = log(diagonals(cholesky(a)));
    return multiply(2, sum(logarithms, [logarithms.shape.length - 1]));
  },
});

/** L of `A = L Lᵀ`. */
export const cholesky = (a: Node): Node => make(choleskyPrimitive, [a], null);
/** `A⁻¹ B` for positive definite A. */
export const solvePositiveDefinite = (a: Node, b: Node): Node => make(solvePositiveDefinitePrimitive, [a, b], null);
/** `log det A` for positive definite A. */
export const logdetPositiveDefinite = (a: Node): Node => make(logdetPositiveDefinitePrimitive, [a], null);
