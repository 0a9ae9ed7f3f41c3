/**
 * Polar decompositions, `A = U H`.
 *
 * Source: Higham, Functions of matrices (2008), section 8.1 and equation 8.20.
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { checkFinite, checkRange } from "../matrices/checks.ts";
import { combination } from "../matrices/combination.ts";
import { gemm } from "../matrices/level3.ts";
import { matmul } from "../matrices/matmul.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import { svd } from "../eigen/svd.ts";

/** The factors of `A = U H`. */
export interface Polar {
  /** Of all matrices with orthonormal columns (or rows, if there are fewer) one nearest to A. */
  readonly U: Matrix;
  /** Symmetric positive semidefinite, `(AᵀA)^(1/2)`. */
  readonly H: Matrix;
}

/**
 * The polar decomposition `A = U H` of a matrix of any shape: from `A = W Σ Vᵀ`, `U = W Vᵀ` and `H = V Σ Vᵀ`.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A stretch and a turn
 * ```ts
 * import { matrix, polar } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { U, H } = polar(matrix([[0, -3], [2, 0]]));
 * assertAlmostEquals(U.data[2], 1);
 * assertAlmostEquals(H.data[0], 2);
 * assertAlmostEquals(H.data[3], 3);
 * ```
 */
export function polar(A: Matrix): Polar {
  const { U: W, S, V } = svd(A), m = A.rows, n = A.columns, k = S.length;
  const U = matrix(m, n), H = matrix(n, n), stretched = V.data.map((v, at) => v * S[at % k]);
  gemm(false, true, m, n, k, 1, W.data, 0, k, V.data, 0, k, 0, U.data, 0, n);
  gemm(false, true, n, n, k, 1, stretched, 0, k, V.data, 0, k, 0, H.data, 0, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      H.data[i * n + j] = H.data[j * n + i] = (H.data[i * n + j] + H.data[j * n + i]) / 2;
    }
  }
  checkRange("take a polar factor", H.data);
  return { U, H };
}

/** How far an iteration for the polar factor goes. */
export interface NewtonSchulzOptions {
  /** The most steps; 100 by default. */
  readonly maxIterations?: number;
  /** It ends when `|XᵀX - I|` in the Frobenius norm is at most this; `1e-14 √n` by default. */
  readonly tolerance?: number;
}

/**
 * The polar factor U of `A = U H` by products of matrices alone: Newton and Schulz' iteration `X ← X (3 I - XᵀX)/2`
 * from `X = A/|A|`. In the beginning a step makes small singular values 3/2 times larger; in the end it converges
 * quadratically. When steps run out the result is on its way: singular values of A that are equal stay so, and small
 * ones remain below 1.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or A is zero.
 *
 * @example The nearest rotation
 * ```ts
 * import { matrix, newtonSchulz } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const U = newtonSchulz(matrix([[0, -3], [2, 0]]));
 * assertAlmostEquals(U.data[1], -1);
 * assertAlmostEquals(U.data[2], 1);
 * ```
 */
export function newtonSchulz(A: Matrix, { maxIterations = 100, tolerance }: NewtonSchulzOptions = {}): Matrix {
  const verb = "take a polar factor", wide = A.rows < A.columns;
  checkFinite(verb, A);
  const size = norm(A), n = Math.min(A.rows, A.columns), limit = tolerance ?? 1e-14 * Math.sqrt(n);
  if (n > 0 && size === 0) throw new DomainError(`Cannot ${verb}: expected a matrix that is not zero`);
  let X = wide ? transpose(A) : A;
  if (n === 0) return A;
  X = { ...X, data: X.data.map((x) => x / size) };
  for (let step = 0; step < maxIterations; step++) {
    const gram = matmul(transpose(X), X);
    if (norm(combination(-1, [1, gram])) <= limit) break;
    X = matmul(X, combination(1.5, [-0.5, gram]));
  }
  return wide ? transpose(X) : X;
}
