/**
 * Principal square roots of matrices.
 *
 * Sources: Higham, Computing real square roots of a real matrix (1987); Cheng, Higham, Kenney and Laub, Approximating
 * the logarithm of a matrix to specified accuracy (2001), section 5; Higham, Functions of matrices (2008), equation
 * 6.29.
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { checkSquare } from "../matrices/checks.ts";
import { combination } from "../matrices/combination.ts";
import { lu } from "../factorizations/lu.ts";
import { matmul } from "../matrices/matmul.ts";
import { identity, transpose } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import { rootOfQuasiTriangular } from "../eigen/quasi_triangular.ts";
import { schur } from "../eigen/schur.ts";
import { isSymmetric } from "../matrices/symmetric.ts";
import { symmetricFunction } from "./symmetric_function.ts";

const EPSILON = 2 ** -52;

/**
 * The principal square root: the X with `X² = A` whose eigenvalues have positive real parts. It exists, and is real,
 * when no eigenvalue is real and negative; zero eigenvalues must not be defective. Of a symmetric matrix it is taken
 * from the eigenvalues, those that rounding made slightly negative counting as zero; of others from the real Schur
 * form.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or there is no real principal root.
 *
 * @example A rotation by a right angle, half of it
 * ```ts
 * import { matrix, sqrtm } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const R = sqrtm(matrix([[0, -1], [1, 0]]));
 * assertAlmostEquals(R.data[0], Math.SQRT1_2);
 * assertAlmostEquals(R.data[2], Math.SQRT1_2);
 * ```
 */
export function sqrtm(A: Matrix): Matrix {
  const verb = "take the square root of a matrix";
  checkSquare(verb, A);
  if (isSymmetric(A)) {
    const limit = -A.rows * EPSILON * norm(A);
    return symmetricFunction(A, (value) => {
      if (value < limit) throw new DomainError(`Cannot ${verb}: expected no negative eigenvalue, got ${value}`);
      return Math.sqrt(Math.max(0, value));
    });
  }
  const { T, Q } = schur(A), n = A.rows;
  const R = { rows: n, columns: n, data: rootOfQuasiTriangular(verb, n, T.data) };
  return matmul(matmul(Q, R), transpose(Q));
}

/** A principal square root and its inverse. */
export interface RootPair {
  /** `A^(1/2)`. */
  readonly root: Matrix;
  /** `A^(-1/2)`. */
  readonly inverseRoot: Matrix;
}

/** The iteration has converged when M differs from I by so much per row; after so many steps it has failed. */
const CLOSE = 4 * EPSILON, MOST_STEPS = 60;

/**
 * The principal square root and its inverse at once, by products and inverses of matrices alone: Denman and Beavers'
 * iteration in product form, `M ← (2 I + M + M⁻¹)/4`, `X ← X (I + M⁻¹)/2`, `Y ← Y (I + M⁻¹)/2` from `M = X = A`,
 * `Y = I`, with scaling by determinants. It converges quadratically to `M = I`, `X = A^(1/2)`, `Y = A^(-1/2)`.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or the iteration does not converge: an eigenvalue is real and not
 * positive.
 * @throws {SingularMatrixError} When a pivot is zero.
 *
 * @example A root and its inverse
 * ```ts
 * import { denmanBeavers, matmul, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { root, inverseRoot } = denmanBeavers(matrix([[4, 1], [0, 9]]));
 * assertAlmostEquals(root.data[1], 0.2); // [[2, 1/5], [0, 3]]
 * assertAlmostEquals(matmul(root, inverseRoot).data[0], 1);
 * ```
 */
export function denmanBeavers(A: Matrix): RootPair {
  const verb = "take the square root of a matrix", n = A.rows;
  checkSquare(verb, A);
  let M = A, X = A, Y: Matrix = identity(n);
  if (n === 0) return { root: A, inverseRoot: A };
  for (let step = 0, before = Infinity; step < MOST_STEPS; step++) {
    const distance = norm(combination(-1, [1, M]), 1);
    if (distance <= CLOSE * n || distance < 1e-6 && distance >= before / 2) return { root: X, inverseRoot: Y };
    before = distance;
    const factors = lu(M), inverse = factors.inverse();
    // |det M|^(-1/n), while M is far from the identity
    const mu = distance > 1e-2 ? Math.exp(-factors.logDeterminant().logarithm / n) : 1;
    M = combination(0.5, [mu / 4, M], [1 / (4 * mu), inverse]);
    const half = combination(0.5, [0.5 / mu, inverse]), root = Math.sqrt(mu);
    X = combination(0, [root, matmul(X, half)]);
    Y = combination(0, [root, matmul(Y, half)]);
  }
  throw new DomainError(`Cannot ${verb}: expected no real eigenvalue that is not positive, got no convergence`);
}
