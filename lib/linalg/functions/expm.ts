/**
 * The matrix exponential by scaling and squaring with Padé approximants.
 *
 * `e^A = (e^{A/2^s})^{2^s}`, and `e^X` near `q(X)⁻¹ p(X)` with polynomials of degree 3 to 13. Degree and s follow from
 * how fast powers of A grow, not from its norm alone: so matrices that are far from normal are not scaled more than
 * they need.
 *
 * Source: Al-Mohy and Higham, A new scaling and squaring algorithm for the matrix exponential (2009), algorithm 6.1;
 * Higham, Functions of matrices (2008), section 10.3.
 *
 * @module
 */
import { DomainError, isFiniteVector, type Matrix } from "../../core/mod.ts";
import { scale } from "../matrices/arithmetic.ts";
import { checkSquare } from "../matrices/checks.ts";
import { combination } from "../matrices/combination.ts";
import { lu } from "../factorizations/lu.ts";
import { matmul, matvec } from "../matrices/matmul.ts";
import { identity, transpose } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import { estimateNorm1 } from "../matrices/norm_estimate.ts";

/** Up to these sizes of A the approximant of degree m is exact to rounding, in the sense of backward errors. */
const THETA: Readonly<Record<number, number>> = {
  3: 1.495585217958292e-2,
  5: 2.53939833006323e-1,
  7: 9.504178996162932e-1,
  9: 2.097847961257068,
  13: 4.25,
};

/**
 * The exponential `e^A = I + A + A²/2! + …` of a square matrix.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or the result overflows.
 *
 * @example A rotation
 * ```ts
 * import { expm, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const R = expm(matrix([[0, -1], [1, 0]]));
 * assertAlmostEquals(R.data[0], Math.cos(1));
 * assertAlmostEquals(R.data[2], Math.sin(1));
 * ```
 */
export function expm(A: Matrix): Matrix {
  const verb = "take the exponential of a matrix";
  checkSquare(verb, A);
  const size = norm(A, 1);
  if (size === 0) return identity(A.rows);
  if (!(size < 1e5)) throw new DomainError(`Cannot ${verb}: expected a norm below 1e5, got ${size}`);
  const A2 = matmul(A, A), A4 = matmul(A2, A2), A6 = matmul(A2, A4), { degree, squarings } = plan(A, A4, A6);
  const [X1, X2, X4, X6] = [A, A2, A4, A6].map((P, k) => scale(P, 2 ** (-squarings * [1, 2, 4, 6][k])));
  let X = pade(degree, X1, X2, X4, X6);
  for (let k = 0; k < squarings; k++) X = matmul(X, X);
  if (!isFiniteVector(X.data)) throw new DomainError(`Cannot ${verb}: expected a result within range, got overflow`);
  return X;
}

/** The degree of the approximant, and how often it is squared. */
function plan(A: Matrix, A4: Matrix, A6: Matrix): { degree: number; squarings: number } {
  const d4 = norm(A4, 1) ** (1 / 4), d6 = norm(A6, 1) ** (1 / 6), d8 = productNorm(A4, A4) ** (1 / 8);
  const d10 = productNorm(A4, A6) ** (1 / 10), first = Math.max(d4, d6), second = Math.max(d6, d8);
  for (const [degree, size] of [[3, first], [5, first], [7, second], [9, second]]) {
    if (size <= THETA[degree] && excess(A, degree, 1) === 0) return { degree, squarings: 0 };
  }
  const last = Math.min(second, Math.max(d8, d10));
  const squarings = last > 0 ? Math.max(0, Math.ceil(Math.log2(last / THETA[13]))) : 0;
  return { degree: 13, squarings: squarings + excess(A, 13, 2 ** -squarings) };
}

/** `|A B|₁`, estimated. */
function productNorm(A: Matrix, B: Matrix): number {
  const At = transpose(A), Bt = transpose(B);
  return estimateNorm1(A.rows, (x, transposed) => {
    x.set(transposed ? matvec(Bt, matvec(At, x)) : matvec(A, matvec(B, x)));
  });
}

/** How many squarings more the rounding errors of the approximant itself ask for, at the scale s. */
function excess(A: Matrix, degree: number, s: number): number {
  const n = A.rows, power = 2 * degree + 1, magnitudes = transpose({ ...A, data: A.data.map((a) => Math.abs(s * a)) });
  let x: Float64Array = new Float64Array(n).fill(1);
  for (let k = 0; k < power; k++) x = matvec(magnitudes, x); // |A|ᵀ, power times: column sums of the power
  let c = 1; // m! m! / ((2m)! (2m + 1)!)
  for (let k = 1; k <= degree; k++) c /= (degree + k) * (degree + k + 1) / k;
  for (let k = 1; k <= degree + 1; k++) c /= k;
  const alpha = c * x.reduce((most, a) => Math.max(most, a), 0) / (s * norm(A, 1));
  return alpha === 0 ? 0 : Math.max(0, Math.ceil(Math.log2(alpha * 2 ** 53) / (2 * degree)));
}

/** The approximant `q(X)⁻¹ p(X)`, `p(X) = Σ c_k X^k` and `q(X) = p(-X)`, from powers of X. */
function pade(degree: number, X: Matrix, X2: Matrix, X4: Matrix, X6: Matrix): Matrix {
  const c = new Float64Array(14);
  c[0] = 1;
  for (let k = 1; k <= degree; k++) c[k] = c[k - 1] * (degree - k + 1) / (k * (2 * degree - k + 1));
  let odd = combination(c[1], [c[3], X2], [c[5], X4], [c[7], X6]);
  let even = combination(c[0], [c[2], X2], [c[4], X4], [c[6], X6]);
  if (degree > 7) { // X⁸ to X¹², of which a degree of 9 has but the first
    odd = combination(0, [1, odd], [1, matmul(X6, combination(0, [c[9], X2], [c[11], X4], [c[13], X6]))]);
    even = combination(0, [1, even], [1, matmul(X6, combination(0, [c[8], X2], [c[10], X4], [c[12], X6]))]);
  }
  const U = matmul(X, odd);
  return lu(combination(0, [1, even], [-1, U])).solve(combination(0, [1, even], [1, U]));
}
