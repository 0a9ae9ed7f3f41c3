/**
 * Inverse p-th roots of symmetric positive definite matrices.
 *
 * Source: Guo and Higham, A Schur-Newton method for the matrix pth root and its inverse (2006), equation 3.3 and
 * theorem 3.2.
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { combination } from "../matrices/combination.ts";
import { matmul } from "../matrices/matmul.ts";
import { identity } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import { checkSymmetric } from "../matrices/symmetric.ts";

const EPSILON = 2 ** -52, MOST_STEPS = 200;

/**
 * The inverse root `A^(-1/p)` of a symmetric positive definite matrix by products of matrices alone: the coupled Newton
 * iteration `X ← X N`, `M ← N^p M` with `N = ((p + 1) I - M)/p`, from `X = I/c`, `M = A/c^p`. It converges
 * quadratically to `M = I`; before, each step makes the smallest eigenvalue of M about e times larger, so that the
 * number of steps grows with the logarithm of the condition.
 *
 * @param A The matrix.
 * @param p The root, a whole number from 1 on.
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, `A` is not symmetric or not positive definite, or p is no such
 * number.
 *
 * @example The inverse fourth root, as Shampoo takes it
 * ```ts
 * import { inverseRoot, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const X = inverseRoot(matrix([[16, 0], [0, 81]]), 4);
 * assertAlmostEquals(X.data[0], 1 / 2);
 * assertAlmostEquals(X.data[3], 1 / 3);
 * ```
 */
export function inverseRoot(A: Matrix, p: number): Matrix {
  const verb = "take an inverse root", n = A.rows;
  checkSymmetric(verb, A);
  if (!Number.isSafeInteger(p) || p < 1) {
    throw new DomainError(`Cannot ${verb}: expected a whole p from 1 on, got ${p}`);
  }
  if (n === 0) return A;
  // all eigenvalues of M within (0, (p + 1)/2]
  const c = (2 * Math.min(norm(A, 1), norm(A)) / (p + 1)) ** (1 / p);
  let X = combination(1 / c, [0, A]), M = combination(0, [c ** -p, A]);
  for (let step = 0, before = Infinity; step < MOST_STEPS; step++) {
    const distance = norm(combination(-1, [1, M]), 1);
    if (distance <= n * EPSILON || distance < 1e-3 && distance >= before / 2) return symmetric(X);
    before = distance;
    const N = combination((p + 1) / p, [-1 / p, M]);
    X = matmul(X, N);
    M = symmetric(matmul(power(N, p), M));
  }
  throw new DomainError(`Cannot ${verb}: expected a positive definite matrix, got no convergence`);
}

/** `A^p` by repeated squaring. */
function power(A: Matrix, p: number): Matrix {
  let product = p % 2 === 1 ? A : identity(A.rows), square = A;
  for (let k = p >> 1; k > 0; k >>= 1) {
    square = matmul(square, square);
    if (k % 2 === 1) product = matmul(product, square);
  }
  return product;
}

/** The symmetric part. */
function symmetric(A: Matrix): Matrix {
  const n = A.rows, data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) data[i * n + j] = (A.data[i * n + j] + A.data[j * n + i]) / 2;
  return { rows: n, columns: n, data };
}
