/**
 * The principal matrix logarithm by inverse scaling and squaring.
 *
 * `log T = 2^k log T^{1/2^k}` for the Schur form T; after k square roots the matrix is near I, and its logarithm is
 * `r(X) = Σ wⱼ (I + xⱼ X)⁻¹ X`, `X = T^{1/2^k} - I`, xⱼ and wⱼ the nodes and weights of Gauss on [0, 1]. Diagonal
 * blocks of X and of the result are computed from the eigenvalues, without cancellation.
 *
 * Source: Al-Mohy, Higham and Relton, Computing the Fréchet derivative of the matrix logarithm and estimating the
 * condition number (2013), section 6; Higham, Functions of matrices (2008), sections 11.4 and 11.5.
 *
 * @module
 */
import { DomainError, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { checkSquare } from "../matrices/checks.ts";
import { combination } from "../matrices/combination.ts";
import { eigh } from "../eigen/eigh.ts";
import { lu } from "../factorizations/lu.ts";
import { matmul } from "../matrices/matmul.ts";
import { transpose } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import { blockStarts, rootOfQuasiTriangular } from "../eigen/quasi_triangular.ts";
import { hypotenuse } from "../factorizations/rotation.ts";
import { safeFactor, scaled } from "../matrices/scaling.ts";
import { schur } from "../eigen/schur.ts";
import { isSymmetric } from "../matrices/symmetric.ts";
import { symmetricFunction } from "./symmetric_function.ts";

const VERB = "take the logarithm of a matrix";

/** Up to `|X|₁` of this size the quadrature of m points is exact to rounding; from m = 1 on. */
const THETA = [
  1.10e-5,
  1.82e-3,
  1.6206284795015669e-2,
  5.3873532631381268e-2,
  1.1352802267628663e-1,
  1.866286061354130e-1,
  2.642960831111435e-1,
];

/** Square roots until X is this small, at most. */
const MOST_ROOTS = 100;

/**
 * The principal logarithm: the X with `e^X = A` whose eigenvalues have imaginary parts between -π and π. It exists, and
 * is real, when no eigenvalue is real and not positive.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or an eigenvalue is real and not positive.
 *
 * @example The generator of a rotation
 * ```ts
 * import { logm, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const L = logm(matrix([[0, -1], [1, 0]]));
 * assertAlmostEquals(L.data[2], Math.PI / 2);
 * ```
 */
export function logm(A: Matrix): Matrix {
  checkSquare(VERB, A);
  if (isSymmetric(A)) {
    return symmetricFunction(A, (value) => {
      if (value <= 0) refuse(value);
      return Math.log(value);
    });
  }
  const factor = safeFactor(normInf(A.data));
  if (factor !== 1) return combination(-Math.log(factor), [1, logm({ ...A, data: scaled(A.data, factor) })]);
  const X = combination(-1, [1, A]), points = pointsFor(norm(X, 1));
  if (points <= THETA.length) return quadrature(X, points); // so near to I that nothing is lost in the Schur form
  const { T, Q, values } = schur(A);
  values.real.forEach((value, j) => {
    if (value <= 0 && values.imaginary[j] === 0) refuse(value);
  });
  return matmul(matmul(Q, logarithmOfQuasiTriangular(T)), transpose(Q));
}

function refuse(value: number): never {
  throw new DomainError(`Cannot ${VERB}: expected no real eigenvalue that is not positive, got ${value}`);
}

function logarithmOfQuasiTriangular(T: Matrix): Matrix {
  const n = T.rows, starts = blockStarts(n, T.data);
  let R = T, roots = 0, X = combination(-1, [1, T]);
  // one root more when it saves two points: sizes halve with each root
  for (; roots < MOST_ROOTS; roots++) {
    const size = norm(X, 1), points = pointsFor(size);
    if (points <= THETA.length && points - pointsFor(size / 2) < 2) break;
    R = { rows: n, columns: n, data: rootOfQuasiTriangular(VERB, n, R.data) };
    X = combination(-1, [1, R]);
    setDiagonal(n, T.data, starts, X.data, (re, im) => rootLessOne(re, im, roots + 1));
  }
  const L = combination(0, [2 ** roots, quadrature(X, Math.min(THETA.length, pointsFor(norm(X, 1))))]);
  setDiagonal(n, T.data, starts, L.data, (re, im) => [Math.log(hypotenuse(re, im)), Math.atan2(im, re)]);
  setBesideDiagonal(n, T.data, starts, L.data);
  return L;
}

/**
 * How many points of quadrature a matrix of this size takes; one more than there are sizes known when it is too large.
 */
function pointsFor(size: number): number {
  const k = THETA.findIndex((theta) => size <= theta);
  return (k < 0 ? THETA.length : k) + 1;
}

/** `Σ wⱼ (I + xⱼ X)⁻¹ X` over m nodes of Gauss, from the eigenvalues of the Jacobi matrix of Legendre's polynomials. */
function quadrature(X: Matrix, m: number): Matrix {
  const J = { rows: m, columns: m, data: new Float64Array(m * m) };
  for (let k = 1; k < m; k++) J.data[k * m + k - 1] = J.data[(k - 1) * m + k] = k / Math.sqrt(4 * k * k - 1);
  const { values, vectors } = eigh(J);
  let sum = combination(0, [0, X]);
  for (let j = 0; j < m; j++) {
    const term = lu(combination(1, [(1 + values[j]) / 2, X])).solve(X);
    sum = combination(0, [1, sum], [vectors.data[j] ** 2, term]);
  }
  return sum;
}

/** `λ^(1/2^k) - 1`, without cancellation. */
function rootLessOne(re: number, im: number, k: number): [number, number] {
  const length = Math.log(hypotenuse(re, im)) / 2 ** k, angle = Math.atan2(im, re) / 2 ** k;
  return [Math.expm1(length) * Math.cos(angle) - 2 * Math.sin(angle / 2) ** 2, Math.exp(length) * Math.sin(angle)];
}

/** Sets the diagonal blocks of F to f of those of T, by what f makes of the eigenvalues. */
function setDiagonal(
  n: number,
  t: Vector,
  starts: number[],
  f: Vector,
  of: (re: number, im: number) => [number, number],
): void {
  for (let k = 0; k + 1 < starts.length; k++) {
    const i = starts[k], d = i * (n + 1);
    if (starts[k + 1] === i + 1) {
      f[d] = of(t[d], 0)[0];
      continue;
    }
    const mu = Math.sqrt(Math.abs(t[d + 1])) * Math.sqrt(Math.abs(t[d + n])), [re, im] = of(t[d], mu);
    f[d] = f[d + n + 1] = re;
    f[d + 1] = im / mu * t[d + 1];
    f[d + n] = im / mu * t[d + n];
  }
}

/** Sets the entries between two real eigenvalues on the diagonal, `t₁₂ (log t₂ - log t₁) / (t₂ - t₁)`. */
function setBesideDiagonal(n: number, t: Vector, starts: number[], l: Vector): void {
  for (let k = 0; k + 2 < starts.length; k++) {
    const i = starts[k], d = i * (n + 1);
    if (starts[k + 1] !== i + 1 || starts[k + 2] !== i + 2) continue;
    const a = t[d], b = t[d + n + 1], difference = b - a;
    if (difference === 0) l[d + 1] = t[d + 1] / a;
    else if (Math.abs(difference) > Math.max(a, b) / 2) l[d + 1] = t[d + 1] * (Math.log(b) - Math.log(a)) / difference;
    else l[d + 1] = t[d + 1] * 2 * Math.atanh(difference / (a + b)) / difference;
  }
}
