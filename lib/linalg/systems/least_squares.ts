/**
 * Linear least squares of any shape and rank.
 *
 * Of full rank, beyond doubt, a QR factorization solves: of A when it is tall, of Aᵀ when it is wide. Else the singular
 * value decomposition `A = U Σ Vᵀ` does, by `x = V Σ⁺ Uᵀ b`.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 5.3 and 5.5.
 *
 * @module
 */
import { type Matrix, norm2, ShapeError, type Vector } from "../../core/mod.ts";
import { subtract } from "../matrices/arithmetic.ts";
import { checkFinite, checkRange, shapeOf } from "../matrices/checks.ts";
import { matmul } from "../matrices/matmul.ts";
import { driver } from "../kernels/mod.ts";
import { column, identity, matrix, transpose } from "../matrices/matrix.ts";
import { qr } from "../factorizations/qr.ts";
import { countAbove, type RankOptions, rankTolerance } from "./rank.ts";
import { svd } from "../eigen/svd.ts";

/** The result of `lstsq`. */
export interface LeastSquares<T extends Vector | Matrix> {
  /** Of all x that minimize `|A x - b|₂`, the shortest. */
  readonly x: T;
  /** The rank of A. */
  readonly rank: number;
  /** `|A x - b|₂`, for each column of b. */
  readonly residualNorms: Vector;
}

/**
 * Minimizes `|A x - b|₂`; of several minimizers it takes the shortest. The columns of a matrix `B` are right-hand
 * sides.
 *
 * @throws {ShapeError} When `b` has not as many entries (or rows) as A has rows.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 *
 * @example A line through three points; the shortest solution of one equation
 * ```ts
 * import { lstsq, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x, residualNorms } = lstsq(matrix([[1, 0], [1, 1], [1, 2]]), Float64Array.of(1, 2, 6));
 * assertAlmostEquals(x[1], 2.5);
 * assertAlmostEquals(residualNorms[0], Math.sqrt(1.5));
 * assertAlmostEquals(lstsq(matrix([[3, 4]]), Float64Array.of(25)).x[1], 4);
 * ```
 */
export function lstsq(A: Matrix, b: Vector, options?: RankOptions): LeastSquares<Vector>;
/** Minimizes `|A X - B|₂` column by column. */
export function lstsq(A: Matrix, B: Matrix, options?: RankOptions): LeastSquares<Matrix>;
export function lstsq(A: Matrix, b: Vector | Matrix, options: RankOptions = {}): LeastSquares<Vector | Matrix> {
  const verb = "solve a least-squares problem", single = b instanceof Float64Array;
  const B = single ? { rows: b.length, columns: 1, data: b } : b;
  checkFinite(verb, A);
  checkFinite(verb, B);
  if (B.rows !== A.rows) {
    throw new ShapeError(`Cannot ${verb}: expected a right-hand side of ${A.rows} rows, got ${shapeOf(B)}`);
  }
  const { X, rank } = shortest(A, B, options), R = subtract(matmul(A, X), B);
  const residualNorms = Float64Array.from({ length: R.columns }, (_, j) => norm2(column(R, j)));
  return { x: single ? X.data : X, rank, residualNorms };
}

function shortest(A: Matrix, B: Matrix, options: RankOptions): { X: Matrix; rank: number } {
  const tolerance = rankTolerance(A, options), wide = A.rows < A.columns;
  const factors = qr(wide ? transpose(A) : A), n = factors.columns;
  // the condition in the 2-norm is at most n times that in the 1-norm, which is estimated up to a factor of three
  if (factors.reciprocalCondition() > 3 * n * tolerance) {
    return { X: wide ? factors.solveTranspose(B) : factors.solve(B), rank: n };
  }
  const own = driver("lstsq", n);
  if (own) {
    const X = matrix(A.columns, B.columns);
    return { X, rank: own(A.rows, A.columns, B.columns, A.data, B.data, tolerance, X.data) };
  }
  const { U, S, V } = svd(A), rank = countAbove(S, tolerance), C = matmul(transpose(U), B), k = C.columns;
  for (let i = 0; i < S.length; i++) {
    for (let j = 0; j < k; j++) C.data[i * k + j] = i < rank ? C.data[i * k + j] / S[i] : 0;
  }
  const X = matmul(V, C);
  checkRange("solve a least-squares problem", X.data);
  return { X, rank };
}

/**
 * The Moore-Penrose inverse `A⁺`, n x m. To solve least-squares problems use `lstsq`: it costs less and errs less.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 *
 * @example Of a column
 * ```ts
 * import { matrix, norm, pinv, subtract } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * assert(norm(subtract(pinv(matrix([[3], [4]])), matrix([[0.12, 0.16]]))) < 1e-16);
 * ```
 */
export function pinv(A: Matrix, options: RankOptions = {}): Matrix {
  checkFinite("take a pseudoinverse", A);
  return shortest(A, identity(A.rows), options).X;
}
