/**
 * Complex systems of linear equations, as real ones of twice the order: `(B + i C) (x + i y) = f + i g` says that
 * `[B -C; C B] [x; y] = [f; g]`. A small residual of one is a small residual of the other.
 *
 * @module
 */
import { type Matrix, ShapeError } from "../../core/mod.ts";
import type { ComplexMatrix, ComplexVector } from "../matrices/complex.ts";
import { matrix } from "../matrices/matrix.ts";
import { solve } from "./solve.ts";

/**
 * The solution of `A x = b` for a complex square matrix; for a matrix `B` the columns are right-hand sides.
 *
 * @throws {ShapeError} When A is not square, or `b` does not fit.
 * @throws {DomainError} When a part is not finite.
 * @throws {SingularMatrixError} When a pivot is zero.
 *
 * @example One equation: i x = 1
 * ```ts
 * import { complexMatrix, complexVector, solveComplex } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const { real, imaginary } = solveComplex(complexMatrix(1, 1, [0], [1]), complexVector([1]));
 * assertEquals([real[0], imaginary[0]], [0, -1]);
 * ```
 */
export function solveComplex(A: ComplexMatrix, b: ComplexVector): ComplexVector;
/** The solution `X` of `A X = B`. */
export function solveComplex(A: ComplexMatrix, B: ComplexMatrix): ComplexMatrix;
export function solveComplex(A: ComplexMatrix, b: ComplexVector | ComplexMatrix): ComplexVector | ComplexMatrix {
  const n = A.rows, [rows, columns] = "rows" in b ? [b.rows, b.columns] : [b.real.length, 1];
  if (A.columns !== n || rows !== n) {
    throw new ShapeError(
      `Cannot solve: expected a square matrix and as many right-hand rows, got ${n} x ${A.columns} and ${rows}`,
    );
  }
  checkParts(A, n * n);
  checkParts(b, n * columns);
  const data = new Float64Array(2 * n * columns);
  data.set(b.real);
  data.set(b.imaginary, n * columns);
  const X = solve(doubled(A), { rows: 2 * n, columns, data }).data;
  const parts = { real: X.slice(0, n * columns), imaginary: X.slice(n * columns) };
  return "rows" in b ? { rows, columns, ...parts } : parts;
}

function checkParts({ real, imaginary }: ComplexVector, count: number): void {
  if (real.length === count && imaginary.length === count) return;
  throw new ShapeError(`Cannot solve: expected parts of ${count} entries, got ${real.length} and ${imaginary.length}`);
}

/** `[B -C; C B]` for `B + i C`. */
function doubled({ rows: n, real, imaginary }: ComplexMatrix): Matrix {
  const D = matrix(2 * n, 2 * n), d = D.data;
  for (let i = 0; i < n; i++) {
    const upper = 2 * n * i, lower = 2 * n * (n + i);
    for (let j = 0; j < n; j++) {
      d[upper + j] = d[lower + n + j] = real[i * n + j];
      d[lower + j] = imaginary[i * n + j];
      d[upper + n + j] = -imaginary[i * n + j];
    }
  }
  return D;
}
