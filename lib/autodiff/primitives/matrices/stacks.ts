/**
 * Stacks of matrices: the last two axes are rows and columns, those in front number the matrices. Every rule for
 * matrices is written for stacks.
 *
 * @module
 */
import { GradusError, isFiniteVector } from "../../../core/mod.ts";
import type { Matrix } from "../../../linalg/mod.ts";
import { refuse } from "../../errors.ts";
import { make, type Node } from "../../node.ts";
import type { Kernel, Primitive } from "../../primitive.ts";
import { range, type Shape, sizeOf } from "../../shape.ts";
import { add, multiply } from "../arithmetic.ts";
import { sum } from "../reductions.ts";
import { broadcastAxes, permute, reshape, swapLast } from "../structure.ts";
import { concatenate, slice } from "../window.ts";
import { triangle } from "./triangle.ts";

/** The shape without its last two axes. */
export function stackOf(shape: Shape): Shape {
  return shape.slice(0, -2);
}

/**
 * The order of square matrices.
 *
 * @throws {ShapeError} When they are not square.
 */
export function orderOf(name: string, shape: Shape): number {
  const n = shape[shape.length - 1];
  return shape.length >= 2 && shape[shape.length - 2] === n ? n : refuse(name, "square matrices", shape);
}

/** `(A + Aᵀ)/2`. */
export function symmetricPart(a: Node): Node {
  return multiply(0.5, add(a, swapLast(a)));
}

/** Identity matrices of this shape. */
export function identities(shape: Shape): Node {
  return triangle(broadcastAxes(1, shape, []), "diagonal");
}

/** The diagonals of square matrices. */
export function diagonals(a: Node): Node {
  return sum(triangle(a, "diagonal"), [a.shape.length - 1]);
}

/** The sums `Σ aᵢⱼ bᵢⱼ` of two stacks. */
export function innerProducts(a: Node, b: Node): Node {
  const rank = a.shape.length;
  return sum(multiply(a, b), [rank - 2, rank - 1]);
}

/** For vectors v matrices of this shape with `vⱼ` in column j. */
export function alongColumns(v: Node, shape: Shape): Node {
  return broadcastAxes(v, shape, [...range(0, shape.length - 2), shape.length - 1]);
}

/** For vectors v matrices of this shape with `vᵢ` in row i. */
export function alongRows(v: Node, shape: Shape): Node {
  return broadcastAxes(v, shape, range(0, shape.length - 1));
}

/** Several results for each matrix side by side, the entries of each after those of the one before. */
export function packEach(parts: readonly Node[], stack: Shape): Node {
  const rank = stack.length;
  return concatenate(parts.map((part) => reshape(part, [...stack, sizeOf(part.shape.slice(rank))])), rank);
}

/** The results for each matrix, of these shapes, that were packed. */
export function unpackEach(packed: Node, shapes: readonly Shape[]): Node[] {
  const rank = packed.shape.length - 1, stack = packed.shape.slice(0, rank);
  let start = 0;
  return shapes.map((shape) => {
    const size = sizeOf(shape), part = slice(packed, [...range(0, rank).map(() => 0), start], [...stack, size]);
    start += size;
    return reshape(part, [...stack, ...shape]);
  });
}

/**
 * Computes into `out`; what linear algebra refuses for its values, as a matrix that is not positive definite, gives
 * NaN.
 */
export function computeOrNaN(operands: readonly Matrix[], out: Float64Array, compute: () => void): void {
  try {
    if (operands.every(({ data }) => isFiniteVector(data))) compute();
    else out.fill(NaN);
  } catch (error) {
    if (!(error instanceof GradusError)) throw error;
    out.fill(NaN);
  }
}

/** A kernel that computes matrix by matrix, NaN where there is no result. */
export function eachMatrix(
  [rows, columns]: readonly [rows: number, columns: number],
  size: number,
  compute: (A: Matrix, out: Float64Array) => void,
): Kernel {
  return ([a], out) => {
    for (let i = 0, k = 0; k < out.length; i += rows * columns, k += size) {
      const A = { rows, columns, data: a.subarray(i, i + rows * columns) }, result = out.subarray(k, k + size);
      computeOrNaN([A], result, () => compute(A, result));
    }
  };
}

/**
 * The rule for one more axis where a primitive takes stacks as they come: the axis becomes the first of all arguments.
 */
export function stacked<A>(node: Node<A>, inputs: readonly Node[], axes: readonly (number | null)[]): [Node, number] {
  const first = axes.findIndex((axis) => axis !== null), count = inputs[first].shape[axes[first]!];
  const moved = inputs.map((input, i) => {
    const axis = axes[i], rank = input.shape.length;
    if (axis === null) return broadcastAxes(input, [count, ...input.shape], range(1, rank + 1));
    return permute(input, [axis, ...range(0, rank).filter((other) => other !== axis)]);
  });
  return [make(node.primitive as Primitive, moved, node.attribute), 0];
}
