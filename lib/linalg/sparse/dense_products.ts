/**
 * Products of sparse with dense matrices.
 *
 * @module
 */
import { type Matrix, ShapeError, type SparseEntries } from "../../core/mod.ts";
import { checkShape, shapeOf, target } from "../matrices/checks.ts";

/**
 * The product `A X`, A m x n sparse and X n x k dense, into `out` if given.
 *
 * @throws {ShapeError} When the shapes do not fit, or `out` shares memory with X.
 *
 * @example Two columns at once
 * ```ts
 * import { gridLaplacian, matrix, multiplySparseDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(multiplySparseDense(gridLaplacian(2), matrix([[1, 2], [0, 3]])), matrix([[2, 1], [-1, 4]]));
 * ```
 */
export function multiplySparseDense(A: SparseEntries, X: Matrix, out?: Matrix): Matrix {
  const { rows: m, columns: n, rowStarts, columnIndices, values } = A, k = X.columns, x = X.data;
  const Y = checked(n, m, X, out), y = Y.data;
  for (let i = 0; i < m; i++) {
    const begin = rowStarts[i], end = rowStarts[i + 1];
    let c = 0;
    for (; c + 3 < k; c += 4) { // four columns at once read the entries once
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let e = begin; e < end; e++) {
        const a = values[e], p = columnIndices[e] * k + c;
        s0 += a * x[p];
        s1 += a * x[p + 1];
        s2 += a * x[p + 2];
        s3 += a * x[p + 3];
      }
      const q = i * k + c;
      y[q] = s0;
      y[q + 1] = s1;
      y[q + 2] = s2;
      y[q + 3] = s3;
    }
    for (; c < k; c++) {
      let s = 0;
      for (let e = begin; e < end; e++) s += values[e] * x[columnIndices[e] * k + c];
      y[i * k + c] = s;
    }
  }
  return Y;
}

/**
 * The product `Aᵀ Y`, A m x n sparse and Y m x k dense, into `out` if given.
 *
 * @throws {ShapeError} When the shapes do not fit, or `out` shares memory with Y.
 */
export function multiplySparseTransposeDense(A: SparseEntries, Y: Matrix, out?: Matrix): Matrix {
  const { rows: m, columns: n, rowStarts, columnIndices, values } = A, k = Y.columns, y = Y.data;
  const X = checked(m, n, Y, out), x = X.data;
  x.fill(0);
  for (let i = 0; i < m; i++) {
    for (let e = rowStarts[i]; e < rowStarts[i + 1]; e++) {
      const a = values[e];
      for (let p = columnIndices[e] * k, q = i * k, stop = q + k; q < stop; p++, q++) x[p] += a * y[q];
    }
  }
  return X;
}

function checked(inner: number, rows: number, X: Matrix, out?: Matrix): Matrix {
  const verb = "multiply a sparse and a dense matrix";
  checkShape(verb, X);
  if (X.rows !== inner) throw new ShapeError(`Cannot ${verb}: expected a factor of ${inner} rows, got ${shapeOf(X)}`);
  return target(verb, rows, X.columns, out, X);
}
