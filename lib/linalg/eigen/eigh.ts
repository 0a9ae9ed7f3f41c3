/**
 * Eigenvalues and eigenvectors of symmetric matrices, `A V = V Λ`, and of symmetric pairs, `A V = B V Λ`.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 8.3, 8.4.3 and 8.7.2.
 *
 * @module
 */
import { type Matrix, normInf, scale, ShapeError, type Vector } from "../../core/mod.ts";
import { shapeOf } from "../matrices/checks.ts";
import { cholesky } from "../factorizations/cholesky.ts";
import { backend, driver } from "../kernels/mod.ts";
import { transpose } from "../matrices/matrix.ts";
import { safeFactor, scaled } from "../matrices/scaling.ts";
import { checkSymmetric } from "../matrices/symmetric.ts";
import { transformBack, tridiagonalize } from "./tridiagonal.ts";
import { divideAndConquer } from "./tridiagonal_divide.ts";
import { iterateQl } from "./tridiagonal_ql.ts";

/** Eigenvalues and eigenvectors of a symmetric matrix or pair. */
export interface SymmetricEigen {
  /** The eigenvalues, ascending. */
  readonly values: Vector;
  /** In column j an eigenvector for `values[j]`. */
  readonly vectors: Matrix;
}

/**
 * The eigenvalues and an orthonormal basis of eigenvectors of a symmetric matrix: `A V = V Λ`, `VᵀV = I`. With a
 * positive definite `B`, those of the pair: `A V = B V Λ`, `VᵀB V = I`.
 *
 * Matrices that are symmetric up to `1e-8 max |aᵢⱼ|` pass; of these the lower triangle counts.
 *
 * @throws {ShapeError} When a matrix is not square, or A and B differ in order.
 * @throws {DomainError} When an entry is not finite, or a matrix not symmetric.
 * @throws {NotPositiveDefiniteError} When B is not positive definite.
 *
 * @example Eigenvalues and eigenvectors
 * ```ts
 * import { eigh, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { values, vectors } = eigh(matrix([[2, 1], [1, 2]]));
 * assertAlmostEquals(values[0], 1);
 * assertAlmostEquals(values[1], 3);
 * assertAlmostEquals(Math.abs(vectors.data[1]), Math.SQRT1_2); // the second column is ±(1, 1)/√2
 * ```
 */
export function eigh(A: Matrix, B?: Matrix): SymmetricEigen {
  const n = A.rows, problem = standardForm(A, B), { values, data } = decompose(n, problem.a);
  if (problem.l) {
    backend().solveFromLeft(true, true, false, n, n, problem.l, 0, n, data, 0, n);
    scale(problem.lengths, data);
  }
  scale(problem.factor, values);
  return { values, vectors: { rows: n, columns: n, data } };
}

/**
 * The eigenvalues of a symmetric matrix, or of a symmetric pair with B positive definite, ascending: those of `eigh`,
 * for less.
 *
 * @throws {ShapeError} When a matrix is not square, or A and B differ in order.
 * @throws {DomainError} When an entry is not finite, or a matrix not symmetric.
 * @throws {NotPositiveDefiniteError} When B is not positive definite.
 *
 * @example The eigenvalues of a cycle graph
 * ```ts
 * import { eigvalsh, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = eigvalsh(matrix([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]]));
 * [-2, 0, 0, 2].forEach((value, j) => assertAlmostEquals(values[j], value, 1e-15));
 * ```
 */
export function eigvalsh(A: Matrix, B?: Matrix): Vector {
  const n = A.rows, { a, factor } = standardForm(A, B), values = valuesOf(n, a);
  scale(factor, values);
  return values;
}

/** The eigenvalues of a matrix, ascending, and its eigenvectors, column by column. */
function decompose(n: number, a: Vector): { values: Vector; data: Vector } {
  const own = driver("eigh", n);
  if (own) {
    const values = new Float64Array(n);
    own(true, n, a, values);
    return { values, data: transpose({ rows: n, columns: n, data: a }).data };
  }
  const tridiagonal = tridiagonalize(n, a), values = tridiagonal.diagonal;
  const rows = divideAndConquer(n, values, tridiagonal.offDiagonal);
  return { values, data: transformBack(tridiagonal, n, rows) };
}

/** The eigenvalues alone. */
function valuesOf(n: number, a: Vector): Vector {
  const own = driver("eigh", n);
  if (own) {
    const values = new Float64Array(n);
    own(false, n, a, values);
    return values;
  }
  const { diagonal, offDiagonal } = tridiagonalize(n, a);
  iterateQl(n, diagonal, offDiagonal, 0);
  return diagonal.sort();
}

/** A symmetric problem without B. */
interface StandardForm {
  /** The matrix, or `L⁻¹ A L⁻ᵀ` with `B = L Lᵀ`; far from overflow and underflow. */
  readonly a: Vector;
  /** What its eigenvalues have to be multiplied by. */
  readonly factor: number;
  /** L, if there is a B. */
  readonly l?: Vector;
  /** What the vectors `L⁻ᵀ y` have to be multiplied by. */
  readonly lengths: number;
}

function standardForm(A: Matrix, B?: Matrix): StandardForm {
  const verb = "find eigenvalues of a symmetric matrix", n = A.rows;
  checkSymmetric(verb, A);
  const down = safeFactor(normInf(A.data)), a = scaled(A.data, down);
  if (!B) return { a, factor: 1 / down, lengths: 1 };
  checkSymmetric(verb, B);
  if (B.rows !== n) throw new ShapeError(`Cannot ${verb}: expected B of ${shapeOf(A)}, got ${shapeOf(B)}`);
  const up = safeFactor(normInf(B.data)), l = cholesky({ rows: n, columns: n, data: scaled(B.data, up) }).L.data;
  mirror(n, a);
  const { solveFromLeft, solveFromRight } = backend();
  solveFromLeft(true, false, false, n, n, l, 0, n, a, 0, n);
  solveFromRight(true, true, false, n, n, l, 0, n, a, 0, n);
  return { a, factor: up / down, l, lengths: Math.sqrt(up) };
}

/** Copies what is below the diagonal above it. */
function mirror(n: number, a: Vector): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
}
