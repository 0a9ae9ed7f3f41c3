/**
 * Products of matrices with matrices and vectors.
 *
 * @module
 */
import { type Matrix, ShapeError, type Vector } from "../../core/mod.ts";
import { checkLength, checkShape, shapeOf, target } from "./checks.ts";
import { backend } from "../kernels/mod.ts";
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

/** A matrix of fewer entries is not worth the call of a backend. */
const FEW = 600;

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
  const { vectorProducts } = backend();
  if (vectorProducts && m * n >= FEW) {
    vectorProducts.addProduct(m, n, a, 0, n, x, 0, out.fill(0), 0);
    return out;
  }
  let i = 0;
  for (; i + 3 < m; i += 4) { // four rows at once read x once
    const p = i * n, q = p + n, r = q + n, s = r + n;
    let first = 0, second = 0, third = 0, fourth = 0;
    for (let j = 0; j < n; j++) {
      const factor = x[j];
      first += a[p + j] * factor;
      second += a[q + j] * factor;
      third += a[r + j] * factor;
      fourth += a[s + j] * factor;
    }
    out[i] = first;
    out[i + 1] = second;
    out[i + 2] = third;
    out[i + 3] = fourth;
  }
  for (; i < m; i++) {
    let sum = 0;
    for (let j = 0, k = i * n; j < n; j++, k++) sum += a[k] * x[j];
    out[i] = sum;
  }
  return out;
}
