/**
 * Functions of symmetric matrices.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";
import { checkRange } from "../matrices/checks.ts";
import { eigh } from "../eigen/eigh.ts";
import { backend } from "../kernels/mod.ts";

/**
 * The function `f(A) = V f(Λ) Vᵀ` of a symmetric matrix `A = V Λ Vᵀ`; exactly symmetric.
 *
 * @param A The matrix.
 * @param f What becomes of each eigenvalue; called in ascending order.
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or `A` is not symmetric up to `1e-8 max |aᵢⱼ|`.
 *
 * @example The absolute value of a matrix
 * ```ts
 * import { matrix, symmetricFunction } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = symmetricFunction(matrix([[0, 1], [1, 0]]), Math.abs); // of eigenvalues -1 and 1
 * assertAlmostEquals(A.data[0], 1);
 * assertAlmostEquals(A.data[1], 0, 1e-15);
 * ```
 */
export function symmetricFunction(A: Matrix, f: (eigenvalue: number) => number): Matrix {
  const { values, vectors: { data: v } } = eigh(A), n = values.length, d = values.map((value) => f(value));
  const scaled = new Float64Array(n * n), data = new Float64Array(n * n);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) scaled[at] = v[at] * d[j];
  backend().gemmLower(false, true, n, n, 1, scaled, 0, n, v, 0, n, 0, data, 0, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[j * n + i] = data[i * n + j];
  checkRange("take a function of a symmetric matrix", data);
  return { rows: n, columns: n, data };
}
