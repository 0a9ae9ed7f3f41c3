/**
 * Systems with triangular matrices. A zero on the diagonal gives infinite entries or NaN, as a division by zero does.
 *
 * @module
 */
import { backend } from "../../../linalg/mod.ts";
import { refuse } from "../../errors.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import { sameNumbers, type Shape } from "../../shape.ts";
import { negate, plus } from "../arithmetic.ts";
import { matmul } from "../products.ts";
import { orderOf, stacked, stackOf } from "./stacks.ts";
import { triangle } from "./triangle.ts";

/** Each 0 or 1: whether the lower triangle counts, whether it is transposed, whether its diagonal counts as ones. */
export type TriangleFlags = readonly [lower: number, transposed: number, unit: number];

/**
 * The shape of `A⁻¹ B`.
 *
 * @throws {ShapeError} When A is not square or B has not as many rows.
 */
export function solutionShape(name: string, a: Shape, b: Shape): Shape {
  const n = orderOf(name, a),
    fits = b.length === a.length && sameNumbers(stackOf(a), stackOf(b)) &&
      b[b.length - 2] === n;
  return fits ? b : refuse(name, "right-hand sides with as many rows as the matrix", a, b);
}

/** `op(T)⁻¹ B`, where T is a triangle of the first argument. */
export const solveTriangularPrimitive: Primitive<TriangleFlags> = definePrimitive<TriangleFlags>({
  name: "solveTriangular",
  emission: "kernel",
  shape: ([a, b]) => solutionShape("solveTriangular", a, b),
  jvp(node, [s, t]) {
    const { inputs: [a], attribute: [lower, transposed, unit] } = node;
    const part = triangle(
      s ?? a,
      unit === 1 ? lower === 1 ? "strictLower" : "strictUpper" : lower === 1 ? "lower" : "upper",
    );
    const right = plus(s && negate(matmul(part, node, transposed, 0)), t);
    return right && make(solveTriangularPrimitive, [a, right], node.attribute);
  },
  transpose({ inputs: [a], attribute: [lower, transposed, unit] }, c) {
    return [undefined, solveTriangular(a, c, [lower, 1 - transposed, unit])];
  },
  batch: stacked,
  kernel({ inputs: [a], shape, attribute: [lower, transposed, unit] }) {
    const n = a.shape[a.shape.length - 1], count = shape[shape.length - 1];
    return ([t, b], out) => {
      out.set(b);
      for (let i = 0, k = 0; k < out.length; i += n * n, k += n * count) {
        backend().solveFromLeft(lower === 1, transposed === 1, unit === 1, n, count, t, i, n, out, k, count);
      }
    };
  },
});

/** `op(T)⁻¹ B`. */
export function solveTriangular(t: Node, b: Node, flags: TriangleFlags): Node {
  return make(solveTriangularPrimitive, [t, b], flags);
}
