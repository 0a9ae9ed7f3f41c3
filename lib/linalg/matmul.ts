/**
 * Products of matrices with matrices and vectors.
 *
 * @module
 */
import { type Matrix, ShapeError, type Vector } from "../core/mod.ts";
import { checkLength, checkShape, shapeOf, target } from "./checks.ts";
import { gemm } from "./level3.ts";

/**
 * The product `A B`, into `out` if given.
 *
 * @throws {ShapeError} When `A` has not as many columns as `B` has rows, or `out` does not fit or shares memory.
 *
 * @example A product
 * ```ts
 * import { matmul, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(matmul(matrix([[1, 2], [3, 4]]), matrix([[0, 1], [1, 0]])), matrix([[2, 1], [4, 3]]));
 * ```
 */
export function matmul(A: Matrix, B: Matrix, out?: Matrix): Matrix {
  checkShape("multiply matrices", A);
  checkShape("multiply matrices", B);
  if (A.columns !== B.rows) {
    throw new ShapeError(
      `Cannot multiply matrices: expected as many columns as rows, got ${shapeOf(A)} times ${shapeOf(B)}`,
    );
  }
  const { rows: m, columns: k } = A, n = B.columns, C = target("multiply matrices", m, n, out, A, B);
  gemm(false, false, m, n, k, 1, A.data, 0, k, B.data, 0, n, 0, C.data, 0, n);
  return C;
}

/**
 * The product `A x`, into `out` if given.
 *
 * @throws {ShapeError} When the lengths do not fit, or `out` is `x`.
 */
export function matvec(A: Matrix, x: Vector, out: Vector = new Float64Array(A.rows)): Vector {
  const verb = "multiply a matrix and a vector", { rows: m, columns: n, data: a } = A;
  checkShape(verb, A);
  checkLength(verb, "a vector", x, n);
  checkLength(verb, "an out", out, m);
  if (out === x) throw new ShapeError(`Cannot ${verb}: expected an out that is not the vector`);
  for (let i = 0; i < m; i++) {
    const from = i * n, even = n - (n & 3);
    let p = 0, q = 0, r = 0, s = 0, j = 0;
    for (; j < even; j += 4) {
      p += a[from + j] * x[j];
      q += a[from + j + 1] * x[j + 1];
      r += a[from + j + 2] * x[j + 2];
      s += a[from + j + 3] * x[j + 3];
    }
    for (; j < n; j++) p += a[from + j] * x[j];
    out[i] = (p + q) + (r + s);
  }
  return out;
}
