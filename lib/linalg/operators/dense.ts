/**
 * Operators known by their entries: dense matrices, products of thin ones, diagonals.
 *
 * @module
 */
import { type LinearOperator, type Matrix, ShapeError, type Vector } from "../../core/mod.ts";
import { checkFinite, checkFiniteEntries, checkLength, shapeOf } from "../matrices/checks.ts";
import { matvec } from "../matrices/matmul.ts";
import { addProduct, addTransposedProduct } from "../matrices/vector_products.ts";

/**
 * The operator of a dense matrix, which is not copied.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example Products with a matrix and its transpose
 * ```ts
 * import { matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = operatorOf(matrix([[1, 2, 3], [4, 5, 6]])), out = new Float64Array(3);
 * A.applyTranspose(Float64Array.of(1, -1), out);
 * assertEquals([...out], [-3, -3, -3]);
 * ```
 */
export function operatorOf(A: Matrix): LinearOperator {
  checkFinite("make an operator", A);
  const { rows, columns, data } = A;
  return {
    rows,
    columns,
    apply: (x, out) => {
      matvec(A, x, out);
    },
    applyTranspose: (y, out) => {
      out.fill(0);
      addTransposedProduct(rows, columns, data, 0, columns, y, 0, out, 0);
    },
  };
}

/**
 * `diag(d)`.
 *
 * @throws {DomainError} When an entry is not finite.
 */
export function diagonalOperator(d: Vector): LinearOperator {
  checkFiniteEntries("make an operator of a diagonal", d);
  const n = d.length;
  const apply = (x: Vector, out: Vector): void => {
    for (let i = 0; i < n; i++) out[i] = d[i] * x[i];
  };
  return { rows: n, columns: n, apply, applyTranspose: apply };
}

/**
 * `U Vᵀ`, or, with a diagonal, `U Vᵀ + diag(d)`: U is m x k, V n x k, and neither is copied.
 *
 * @throws {ShapeError} When U and V have not as many columns, or there is a diagonal and m, n and its length differ.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A diagonal and a rank-one matrix
 * ```ts
 * import { lowRankOperator, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const u = matrix([[1], [2]]), A = lowRankOperator(u, u, Float64Array.of(10, 20)), out = new Float64Array(2);
 * A.apply(Float64Array.of(1, 1), out);
 * assertEquals([...out], [13, 26]);
 * ```
 */
export function lowRankOperator(U: Matrix, V: Matrix, diagonal?: Vector): LinearOperator {
  const verb = "make an operator of low rank", { rows: m, columns: k } = U, n = V.rows;
  checkFinite(verb, U);
  checkFinite(verb, V);
  if (V.columns !== k) {
    throw new ShapeError(`Cannot ${verb}: expected factors of as many columns, got ${shapeOf(U)} and ${shapeOf(V)}`);
  }
  if (diagonal) {
    checkLength(verb, "a diagonal", diagonal, m);
    checkLength(verb, "a diagonal", diagonal, n);
    checkFiniteEntries(verb, diagonal);
  }
  const inner = new Float64Array(k);
  const multiply = (left: Matrix, right: Matrix, x: Vector, out: Vector): void => {
    if (diagonal) { for (let i = 0; i < out.length; i++) out[i] = diagonal[i] * x[i]; }
    else out.fill(0);
    inner.fill(0);
    addTransposedProduct(right.rows, k, right.data, 0, k, x, 0, inner, 0);
    addProduct(left.rows, k, left.data, 0, k, inner, 0, out, 0);
  };
  return {
    rows: m,
    columns: n,
    apply: (x, out) => multiply(U, V, x, out),
    applyTranspose: (y, out) => multiply(V, U, y, out),
  };
}
