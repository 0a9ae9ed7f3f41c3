/**
 * Products of vectors and matrices, dense and sparse.
 *
 * @module
 */
import type { SparseMatrix } from "../../core/mod.ts";
import { refuse } from "../errors.ts";
import type { Node } from "../node.ts";
import * as products from "../primitives/products.ts";
import * as sparse from "../primitives/sparse_product.ts";
import { broadcastTo, permute, reshape } from "../primitives/structure.ts";
import { broadcastShape, otherAxes, sizeOf } from "../shape.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";
import { axisOf } from "./axes.ts";

function product(a: Node, b: Node): Node {
  if (a.shape.length === 1 && b.shape.length === 1) return products.dot(a, b);
  if (a.shape.length === 2 && b.shape.length === 1) return products.matvec(a, b);
  if (a.shape.length === 1 && b.shape.length === 2) return products.matvec(b, a, 1);
  const left = a.shape.slice(0, -2), right = b.shape.slice(0, -2), stack = broadcastShape(left, right);
  if (a.shape.length < 2 || b.shape.length < 2 || stack === undefined) {
    return refuse("matmul", "vectors, matrices, or stacks of matrices that broadcast", a.shape, b.shape);
  }
  return products.matmul(
    broadcastTo(a, [...stack, ...a.shape.slice(-2)]),
    broadcastTo(b, [...stack, ...b.shape.slice(-2)]),
  );
}

/** `Σ xᵢ yᵢ` of two vectors. */
export function dot(x: Operand, y: Operand): Operand {
  return apply("dot", products.dot, x, y);
}

/**
 * The product of matrices; a vector counts as a row on the left and as a column on the right, and of more than two axes
 * the first ones stack matrices and broadcast. `matmul(transpose(A), B)` makes no copy of A.
 *
 * @throws {ShapeError} When the shapes do not fit.
 */
export function matmul(x: Operand, y: Operand): Operand {
  return apply("matmul", product, x, y);
}

/** `u vᵀ` of two vectors. */
export function outer(u: Operand, v: Operand): Operand {
  return apply(
    "outer",
    (a, b) => {
      if (a.shape.length !== 1 || b.shape.length !== 1) refuse("outer", "two vectors", a.shape, b.shape);
      return products.outer(a, b);
    },
    u,
    v,
  );
}

/**
 * Sums over pairs of axes of two arrays, `Σ x[…, k, …] y[…, k, …]`: the remaining axes of x, then those of y.
 *
 * @param axesOfX Which axes of x are summed.
 * @param axesOfY The axes of y that they are paired with.
 * @throws {ShapeError} When paired axes differ in length.
 */
export function contract(x: Operand, y: Operand, axesOfX: readonly number[], axesOfY: readonly number[]): Operand {
  return apply(
    "contract",
    (a, b) => {
      const p = axesOfX.map((axis) => axisOf("contract", a.shape, axis));
      const q = axesOfY.map((axis) => axisOf("contract", b.shape, axis));
      if (p.length !== q.length || p.some((axis, i) => a.shape[axis] !== b.shape[q[i]])) {
        refuse("contract", `axes [${axesOfX}] as long as [${axesOfY}]`, a.shape, b.shape);
      }
      const keptOfA = otherAxes(a.shape.length, p), keptOfB = otherAxes(b.shape.length, q);
      const rows = keptOfA.map((axis) => a.shape[axis]), columns = keptOfB.map((axis) => b.shape[axis]);
      const summed = sizeOf(p.map((axis) => a.shape[axis]));
      const left = reshape(permute(a, [...keptOfA, ...p]), [sizeOf(rows), summed]);
      const right = reshape(permute(b, [...q, ...keptOfB]), [summed, sizeOf(columns)]);
      return reshape(products.matmul(left, right), [...rows, ...columns]);
    },
    x,
    y,
  );
}

/**
 * The product `A x` of a constant sparse matrix with a vector or a matrix.
 *
 * @throws {ShapeError} When x has not as many rows as A has columns.
 */
export function sparseMatmul(A: SparseMatrix, x: Operand): Operand {
  return apply("sparseMatmul", (node) => sparse.sparseProduct(A, node), x);
}
