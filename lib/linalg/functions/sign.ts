/**
 * The matrix sign function.
 *
 * Source: Higham, Functions of matrices (2008), sections 5.3 and 5.5; scaling after Byers, Solving the algebraic
 * Riccati equation with the matrix sign function (1987).
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { checkSquare } from "../matrices/checks.ts";
import { combination } from "../matrices/combination.ts";
import { lu } from "../factorizations/lu.ts";
import { matmul } from "../matrices/matmul.ts";
import { norm } from "../matrices/norm.ts";

const EPSILON = 2 ** -52, MOST_STEPS = 100;

/**
 * The sign of a square matrix: the S that commutes with A and has for each eigenvalue of A with positive real part the
 * eigenvalue 1, for each with negative real part -1; `S² = I`. By Newton's iteration `X ← (μ X + (μ X)⁻¹)/2` with
 * `μ = |det X|^(-1/n)`.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or an eigenvalue lies on the imaginary axis, up to rounding.
 *
 * @example Projectors on the stable and the unstable part
 * ```ts
 * import { matrix, signm } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const S = signm(matrix([[3, 1], [0, -2]]));
 * assertAlmostEquals(S.data[0], 1);
 * assertAlmostEquals(S.data[1], 0.4); // (I + S)/2 projects on (1, 0) along (1, -5)
 * assertAlmostEquals(S.data[3], -1);
 * ```
 */
export function signm(A: Matrix): Matrix {
  const verb = "take the sign of a matrix", n = A.rows;
  checkSquare(verb, A);
  let X = A;
  for (let step = 0, before = Infinity; step < MOST_STEPS; step++) {
    const factors = lu(X);
    if (factors.zeroPivot >= 0) break;
    const mu = before > 0.1 ? Math.exp(-factors.logDeterminant().logarithm / n) : 1;
    const next = combination(0, [mu / 2, X], [1 / (2 * mu), factors.inverse()]);
    const change = norm(combination(0, [1, next], [-1, X]), 1) / Math.max(norm(next, 1), Number.MIN_VALUE);
    X = next;
    // change is the error of the step before: this one has its square, or rounding errors
    if (n === 0 || change <= n * EPSILON || change < 1e-6 && change >= before / 2) return isSign(X) ? X : fail(verb);
    before = change;
  }
  return fail(verb);
}

/** Whether `X² = I`, as far as the size of X lets it. */
function isSign(X: Matrix): boolean {
  const size = norm(X, 1);
  return norm(combination(-1, [1, matmul(X, X)]), 1) <= 1e-6 * Math.max(1, size * size);
}

function fail(verb: string): never {
  throw new DomainError(`Cannot ${verb}: expected no eigenvalue on the imaginary axis, got no convergence`);
}
