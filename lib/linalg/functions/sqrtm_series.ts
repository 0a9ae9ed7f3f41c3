/**
 * Fast differentiable square roots of symmetric positive definite matrices: by products of matrices alone, and with the
 * gradient by products alone. For batches of matrices of small condition; `sqrtm` is exact.
 *
 * With `N = A/|A|` in the Frobenius norm and `Z = I - N`:
 *
 * - Taylor: `A^(1/2) ≈ |A|^(1/2) (I - Σ |binom(1/2, k)| Z^k)`, k up to K;
 * - Padé: `A^(1/2) ≈ |A|^(1/2) q(Z)⁻¹ p(Z)` with the diagonal approximant p/q of degree 5 of `√(1 - z)`;
 * - Newton-Schulz: `Y ← Y (3 I - Z Y)/2`, `Z ← (3 I - Z Y) Z/2` from `Y = N`, `Z = I`, which tend to `N^(1/2)` and
 *   `N^(-1/2)`.
 *
 * The gradient: for `f(A^(1/2))` with the gradient G, that with respect to A is the X with `X A^(1/2) + A^(1/2) X = G`,
 * found by the iteration for the sign of a matrix.
 *
 * Source: Song, Sebe and Wang, Fast differentiable matrix square root (2022), sections 3 and 4, arXiv:2201.08663.
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError } from "../../core/mod.ts";
import { checkRange, shapeOf } from "../matrices/checks.ts";
import { cholesky } from "../factorizations/cholesky.ts";
import { combination } from "../matrices/combination.ts";
import { lu } from "../factorizations/lu.ts";
import { matmul } from "../matrices/matmul.ts";
import { identity } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import type { RootPair } from "./sqrtm.ts";
import { checkSymmetric } from "../matrices/symmetric.ts";

const VERB = "approximate the square root of a matrix";

/** Coefficients of p and q, `√(1 - z) = p(z)/q(z) + O(z¹¹)`. */
const NUMERATOR = [1, -11 / 4, 11 / 4, -77 / 64, 55 / 256, -11 / 1024];
const DENOMINATOR = [1, -9 / 4, 7 / 4, -35 / 64, 15 / 256, -1 / 1024];

/** `|A|` and `Z = I - A/|A|`. */
interface Normalized {
  readonly size: number;
  readonly Z: Matrix;
}

function normalized(A: Matrix): Normalized {
  cholesky(A); // throws unless positive definite
  const size = norm(A) || 1;
  checkRange(VERB, Float64Array.of(size));
  return { size, Z: combination(1, [-1 / size, A]) };
}

/** How far a series goes. */
export interface SeriesOptions {
  /** The number of terms, or steps, from 1 on. */
  readonly terms?: number;
}

function checkTerms(terms: number): void {
  if (!Number.isSafeInteger(terms) || terms < 1) {
    throw new DomainError(`Cannot ${VERB}: expected a whole number of terms from 1 on, got ${terms}`);
  }
}

/**
 * The square root by Taylor's series, with K = 10 terms by default. Its error grows with the condition of A.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, `A` is not symmetric, or the number of terms is no whole number
 * from 1 on.
 * @throws {NotPositiveDefiniteError} When `A` is not positive definite.
 *
 * @example A matrix near a multiple of the identity
 * ```ts
 * import { matrix, sqrtmTaylor } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(sqrtmTaylor(matrix([[4, 0], [0, 4.41]])).data[3], 2.1, 1e-6);
 * ```
 */
export function sqrtmTaylor(A: Matrix, { terms = 10 }: SeriesOptions = {}): Matrix {
  checkTerms(terms);
  const { size, Z } = normalized(A);
  const coefficients = [1];
  for (let k = 1, c = 0.5; k <= terms; k++, c *= (k - 1.5) / k) coefficients.push(-c);
  return combination(0, [Math.sqrt(size), polynomial(coefficients, Z)]);
}

/**
 * The square root by the Padé approximant of degree 5, at the cost of one solve more, and with a smaller error than
 * Taylor's series of ten terms.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or `A` is not symmetric.
 * @throws {NotPositiveDefiniteError} When `A` is not positive definite.
 *
 * @example Condition 4
 * ```ts
 * import { matrix, sqrtmPade } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(sqrtmPade(matrix([[4, 0], [0, 16]])).data[0], 2, 1e-3);
 * ```
 */
export function sqrtmPade(A: Matrix): Matrix {
  const { size, Z } = normalized(A);
  return combination(0, [Math.sqrt(size), lu(polynomial(DENOMINATOR, Z)).solve(polynomial(NUMERATOR, Z))]);
}

/**
 * The inverse square root by the Padé approximant of degree 5, `|A|^(-1/2) p(Z)⁻¹ q(Z)`.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or `A` is not symmetric.
 * @throws {NotPositiveDefiniteError} When `A` is not positive definite.
 */
export function invSqrtmPade(A: Matrix): Matrix {
  const { size, Z } = normalized(A);
  return combination(0, [1 / Math.sqrt(size), lu(polynomial(NUMERATOR, Z)).solve(polynomial(DENOMINATOR, Z))]);
}

/** `Σ c_k Z^k` by Horner's rule. */
function polynomial(coefficients: readonly number[], Z: Matrix): Matrix {
  let sum = combination(coefficients[coefficients.length - 1], [0, Z]);
  for (let k = coefficients.length - 2; k >= 0; k--) sum = combination(coefficients[k], [1, matmul(sum, Z)]);
  return sum;
}

/**
 * The square root and its inverse by Newton and Schulz' coupled iteration, with 5 steps by default. The error squares
 * with each step in the end, when small eigenvalues have come up.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, `A` is not symmetric, or the number of steps is no whole number
 * from 1 on.
 * @throws {NotPositiveDefiniteError} When `A` is not positive definite.
 *
 * @example Ten steps
 * ```ts
 * import { matrix, sqrtmNewtonSchulz } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { root, inverseRoot } = sqrtmNewtonSchulz(matrix([[4, 0], [0, 16]]), { terms: 10 });
 * assertAlmostEquals(root.data[0], 2);
 * assertAlmostEquals(inverseRoot.data[3], 1 / 4);
 * ```
 */
export function sqrtmNewtonSchulz(A: Matrix, { terms = 5 }: SeriesOptions = {}): RootPair {
  checkTerms(terms);
  const { size, Z: rest } = normalized(A), root = Math.sqrt(size);
  let Y = combination(1, [-1, rest]), Z: Matrix = identity(A.rows);
  for (let k = 0; k < terms; k++) {
    const factor = combination(1.5, [-0.5, matmul(Z, Y)]);
    Y = matmul(Y, factor);
    Z = matmul(factor, Z);
  }
  return { root: combination(0, [root, Y]), inverseRoot: combination(0, [1 / root, Z]) };
}

/** When the iteration for Lyapunov's equation ends. */
export interface LyapunovOptions {
  /** It ends when `|B - I|` in the Frobenius norm is at most this; `1e-12 √n` by default. */
  readonly tolerance?: number;
  /** The most steps, 100 by default. */
  readonly maxIterations?: number;
}

/**
 * The solution X of Lyapunov's equation `X B + B X = G` for a symmetric positive definite B, by products of matrices
 * alone: from `B/s` and `C = G/s`, `s = |B|`, the iteration for the sign of `[[B, C], [0, -B]]`,
 * `C ← (C (3 I - B²) - B² C + B C B)/2`, `B ← B (3 I - B²)/2`, takes C to 2 X. With `B = A^(1/2)` it is the gradient
 * with respect to A of a function of `A^(1/2)` whose gradient is G; with `B = A^(-1/2)` and `-A⁻¹ G A⁻¹` in place of G,
 * that of a function of `A^(-1/2)`.
 *
 * @throws {ShapeError} When `B` is not square, or G has another shape.
 * @throws {DomainError} When an entry is not finite, or `B` is not symmetric.
 * @throws {NotPositiveDefiniteError} When `B` is not positive definite.
 *
 * @example The gradient of the trace of a root
 * ```ts
 * import { identity, lyapunovSign, matrix, sqrtm } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const X = lyapunovSign(sqrtm(matrix([[4, 0], [0, 9]])), identity(2));
 * assertAlmostEquals(X.data[0], 1 / 4); // d √a / d a = 1 / (2 √a)
 * assertAlmostEquals(X.data[3], 1 / 6);
 * ```
 */
export function lyapunovSign(B: Matrix, G: Matrix, { tolerance, maxIterations = 100 }: LyapunovOptions = {}): Matrix {
  const verb = "solve Lyapunov's equation", n = B.rows;
  checkSymmetric(verb, B);
  cholesky(B);
  if (G.rows !== n || G.columns !== n) {
    throw new ShapeError(`Cannot ${verb}: expected a right-hand side of ${shapeOf(B)}, got ${shapeOf(G)}`);
  }
  if (n === 0) return G;
  const size = norm(B), limit = tolerance ?? 1e-12 * Math.sqrt(n);
  let S = combination(0, [1 / size, B]), C = combination(0, [1 / size, G]);
  for (let k = 0; k < maxIterations && norm(combination(-1, [1, S])) > limit; k++) {
    const square = matmul(S, S), factor = combination(1.5, [-0.5, square]);
    // C first: it needs the old B
    C = combination(0, [1, matmul(C, factor)], [-0.5, matmul(square, C)], [0.5, matmul(matmul(S, C), S)]);
    S = matmul(S, factor);
  }
  return combination(0, [0.5, C]);
}
