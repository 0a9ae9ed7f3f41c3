/**
 * Systems with a triangular matrix.
 *
 * @module
 */
import { type Matrix, SingularMatrixError, type Vector } from "../../core/mod.ts";
import { checkRange, checkSquare, type RightHandSide, rightHandSide } from "./checks.ts";
import { solveFromLeft } from "./level3.ts";
import { substitute } from "./substitution.ts";

/** Which triangle, and what of it. */
export interface TriangularOptions {
  /** Whether the lower triangle counts and not the upper one. By default false. */
  readonly lower?: boolean;
  /** Whether to solve with the transpose. By default false. */
  readonly transpose?: boolean;
  /** Whether the diagonal counts as ones, whatever it holds. By default false. */
  readonly unit?: boolean;
}

/**
 * The solution of `T x = b` with the upper triangle of a matrix (or the lower one); what is on the other side of the
 * diagonal is not read. For a matrix `B` the columns are right-hand sides.
 *
 * Each computed x solves a system with `|ΔT| <= n ε |T|` entry by entry, so triangular systems are often solved far
 * better than their condition says.
 *
 * Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem 8.5.
 *
 * @throws {ShapeError} When `T` is not square, or `b` does not fit.
 * @throws {DomainError} When an entry is not finite.
 * @throws {SingularMatrixError} When an entry on the diagonal is zero.
 *
 * @example A lower triangle
 * ```ts
 * import { matrix, solveTriangular } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const x = solveTriangular(matrix([[2, 0], [1, 4]]), Float64Array.of(2, 9), { lower: true });
 * assertEquals(x, Float64Array.of(1, 2));
 * ```
 */
export function solveTriangular(T: Matrix, b: Vector, options?: TriangularOptions): Vector;
/** The solution `X` of `T X = B`. */
export function solveTriangular(T: Matrix, B: Matrix, options?: TriangularOptions): Matrix;
export function solveTriangular(T: Matrix, b: Vector | Matrix, options: TriangularOptions = {}): Vector | Matrix {
  checkSquare("solve a triangular system", T);
  const right = rightHandSide("solve a triangular system", b, T.rows);
  const x = { ...right, data: right.data.slice() };
  substituteAll(T, x, options);
  checkRange("solve a triangular system", x.data);
  return b instanceof Float64Array ? x.data : { rows: T.rows, columns: x.columns, data: x.data };
}

/** The same in place, for checked input but for the diagonal. */
export function substituteAll(T: Matrix, { data, columns }: RightHandSide, options: TriangularOptions): void {
  const { lower = false, transpose = false, unit = false } = options, n = T.rows;
  for (let k = 0; k < n && !unit; k++) {
    if (T.data[k * (n + 1)] !== 0) continue;
    throw new SingularMatrixError(`Cannot solve: expected a matrix of full rank, got a zero pivot at index ${k}`, k);
  }
  if (columns === 1) substitute(lower, transpose, unit, n, T.data, 0, n, data, 0);
  else solveFromLeft(lower, transpose, unit, n, columns, T.data, 0, n, data, 0, columns);
}
