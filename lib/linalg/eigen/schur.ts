/**
 * The real Schur form, `A = Q T Qᵀ`.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 7.4 and 7.5.
 *
 * @module
 */
import { type Matrix, normInf, scale, type Vector } from "../../core/mod.ts";
import { checkSquare } from "../matrices/checks.ts";
import { iterateFrancis } from "./francis.ts";
import { driver } from "../kernels/mod.ts";
import { reduceToHessenberg } from "./hessenberg.ts";
import type { ComplexVector } from "../matrices/complex.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import { formReflectors } from "../factorizations/reflectors.ts";
import { safeFactor, scaled } from "../matrices/scaling.ts";

/** The factors of `A = Q T Qᵀ`. */
export interface Schur {
  /** Upper triangular but for 2 x 2 blocks on the diagonal, one for each pair of complex eigenvalues. */
  readonly T: Matrix;
  /** Orthogonal. */
  readonly Q: Matrix;
  /** The eigenvalues, in the order of the diagonal of T. */
  readonly values: ComplexVector;
}

/**
 * The real Schur form of a square matrix: `A = Q T Qᵀ`, Q orthogonal, T upper triangular but for a 2 x 2 block
 * `[[a, b], [c, a]]` with `b c < 0` for each pair of complex eigenvalues `a ± i √(-b c)`.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example Eigenvalues on the diagonal
 * ```ts
 * import { matrix, schur } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { T, values } = schur(matrix([[4, 1], [2, 3]]));
 * assertAlmostEquals(T.data[0], 5);
 * assertAlmostEquals(T.data[3], 2);
 * assertEquals([...values.real], [T.data[0], T.data[3]]);
 * ```
 */
export function schur(A: Matrix): Schur {
  checkSquare("find the Schur form", A);
  const n = A.rows, factor = safeFactor(normInf(A.data)), h = scaled(A.data, factor);
  const real = new Float64Array(n), imaginary = new Float64Array(n), Q = matrix(n, n);
  (driver("schur", n) ?? francis)(n, h, Q.data, real, imaginary);
  for (const x of [h, real, imaginary]) scale(1 / factor, x);
  return { T: { rows: n, columns: n, data: h }, Q, values: { real, imaginary } };
}

function francis(n: number, h: Vector, q: Vector, real: Vector, imaginary: Vector): void {
  const rows = transpose({ rows: n, columns: n, data: formReflectors(reduceToHessenberg(n, h)) });
  iterateFrancis({ size: n, h, pitch: n, rows: rows.data, real, imaginary });
  transpose(rows, { rows: n, columns: n, data: q });
}
