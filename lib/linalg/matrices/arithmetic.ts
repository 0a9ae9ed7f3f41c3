/**
 * Sums, multiples, Kronecker and outer products of matrices. Each has an `out` form, which allocates nothing.
 *
 * @module
 */
import { type Matrix, ShapeError, type Vector } from "../../core/mod.ts";
import { checkShape, checkSquareShape, shapeOf, target } from "./checks.ts";

function checkSameShape(verb: string, A: Matrix, B: Matrix): void {
  checkShape(verb, A);
  checkShape(verb, B);
  if (A.rows !== B.rows || A.columns !== B.columns) {
    throw new ShapeError(`Cannot ${verb}: expected matrices of one shape, got ${shapeOf(A)} and ${shapeOf(B)}`);
  }
}

/**
 * The sum `A + B`, into `out` if given, which may be `A` or `B`.
 *
 * @throws {ShapeError} When the shapes differ.
 *
 * @example A sum, in place
 * ```ts
 * import { add, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 2], [3, 4]]);
 * add(A, A, A);
 * assertEquals(A, matrix([[2, 4], [6, 8]]));
 * ```
 */
export function add(A: Matrix, B: Matrix, out?: Matrix): Matrix {
  checkSameShape("add matrices", A, B);
  const C = target("add matrices", A.rows, A.columns, out), a = A.data, b = B.data, c = C.data;
  for (let i = 0; i < c.length; i++) c[i] = a[i] + b[i];
  return C;
}

/**
 * The difference `A - B`, into `out` if given, which may be `A` or `B`.
 *
 * @throws {ShapeError} When the shapes differ.
 */
export function subtract(A: Matrix, B: Matrix, out?: Matrix): Matrix {
  checkSameShape("subtract matrices", A, B);
  const C = target("subtract matrices", A.rows, A.columns, out), a = A.data, b = B.data, c = C.data;
  for (let i = 0; i < c.length; i++) c[i] = a[i] - b[i];
  return C;
}

/**
 * The multiple `s A`, into `out` if given, which may be `A`.
 *
 * @throws {ShapeError} When `out` has another shape.
 */
export function scale(A: Matrix, s: number, out?: Matrix): Matrix {
  checkShape("scale a matrix", A);
  const C = target("scale a matrix", A.rows, A.columns, out), a = A.data, c = C.data;
  for (let i = 0; i < c.length; i++) c[i] = s * a[i];
  return C;
}

/**
 * The Kronecker product: the block matrix with blocks `aᵢⱼ B`, into `out` if given.
 *
 * @throws {ShapeError} When `out` has another shape, or shares memory with `A` or `B`.
 *
 * @example Two by two blocks
 * ```ts
 * import { kron, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(kron(matrix([[1, 2]]), matrix([[3], [4]])), matrix([[3, 6], [4, 8]]));
 * ```
 */
export function kron(A: Matrix, B: Matrix, out?: Matrix): Matrix {
  const verb = "form a Kronecker product";
  checkShape(verb, A);
  checkShape(verb, B);
  const C = target(verb, A.rows * B.rows, A.columns * B.columns, out, A, B);
  const { data: b, rows: p, columns: q } = B, n = C.columns;
  for (let i = 0; i < A.rows; i++) {
    for (let j = 0; j < A.columns; j++) {
      const a = A.data[i * A.columns + j];
      for (let k = 0; k < p; k++) {
        const to = (i * p + k) * n + j * q, from = k * q;
        for (let l = 0; l < q; l++) C.data[to + l] = a * b[from + l];
      }
    }
  }
  return C;
}

/**
 * The trace `Σ aᵢᵢ`.
 *
 * @throws {ShapeError} When `A` is not square.
 */
export function trace(A: Matrix): number {
  checkShape("take the trace", A);
  checkSquareShape("take the trace", A);
  let sum = 0;
  for (let k = 0; k < A.data.length; k += A.columns + 1) sum += A.data[k];
  return sum;
}

/**
 * `A ← A + a v vᵀ`, symmetric to the last bit where A is.
 *
 * @throws {ShapeError} When `A` is not square of the length of v.
 */
export function addOuter(a: number, v: Vector, A: Matrix): void {
  const { data } = A, n = v.length;
  if (A.rows !== n || A.columns !== n) {
    throw new ShapeError(`Cannot add an outer product: expected a ${n} x ${n} matrix, got ${shapeOf(A)}`);
  }
  for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < n; j++, k++) data[k] += a * (v[i] * v[j]);
}
