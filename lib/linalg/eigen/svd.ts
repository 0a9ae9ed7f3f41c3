/**
 * The singular value decomposition, `A = U Σ Vᵀ`.
 *
 * A matrix that is not square is first made so by a QR factorization; a square one is reduced to bidiagonal form, of
 * which the singular vectors are found by divide and conquer.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 2.4, 5.4 and 8.6.
 *
 * @module
 */
import { type Matrix, normInf, scale, type Vector } from "../../core/mod.ts";
import { bidiagonalize } from "./bidiagonal.ts";
import { divideBidiagonal } from "./bidiagonal_divide.ts";
import { iterateQr } from "./bidiagonal_qr.ts";
import { checkFinite } from "../matrices/checks.ts";
import { backend, driver, type Drivers } from "../kernels/mod.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import { applyReflectors } from "../factorizations/reflectors.ts";
import { safeFactor, scaled } from "../matrices/scaling.ts";

/** The factors of `A = U Σ Vᵀ`, for A of m rows and n columns, k = min(m, n). */
export interface Svd {
  /** The left singular vectors, column by column: m x k, or m x m in the full form. */
  readonly U: Matrix;
  /** The k singular values, descending. */
  readonly S: Vector;
  /** The right singular vectors, column by column: n x k, or n x n in the full form. */
  readonly V: Matrix;
}

type SvdDriver = NonNullable<Drivers["svd"]>["run"];

/** How much of the factors is wanted. */
export interface SvdOptions {
  /** Square U and V, whose columns beyond k complete orthonormal bases. By default false: k columns each. */
  readonly full?: boolean;
}

/**
 * The singular value decomposition of a matrix of any shape: `A = U Σ Vᵀ` with orthonormal columns in U and V.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example The best approximation of rank one
 * ```ts
 * import { matrix, svd } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { U, S, V } = svd(matrix([[3, 0], [4, 5]]));
 * assertAlmostEquals(S[0], Math.sqrt(45));
 * assertAlmostEquals(S[1], Math.sqrt(5));
 * assertAlmostEquals(U.data[0] * S[0] * V.data[0], 1.5); // entry (0, 0) of σ₁ u₁ v₁ᵀ
 * ```
 */
export function svd(A: Matrix, { full = false }: SvdOptions = {}): Svd {
  checkFinite("find singular values", A);
  const own = driver("svd", Math.min(A.rows, A.columns));
  if (own) return decompose(own, A, full);
  if (A.rows < A.columns) {
    const { U, S, V } = svd(transpose(A), { full });
    return { U: V, S, V: U };
  }
  const { rows: m, columns: n } = A, factor = safeFactor(normInf(A.data)), a = scaled(A.data, factor);
  const k = full ? m : n, { applyQ } = backend();
  const tau = new Float64Array(n), r = m > n ? upperTriangle(m, n, a, tau) : a.slice();
  const bidiagonal = bidiagonalize(n, r), S = bidiagonal.diagonal;
  const { left, right } = divideBidiagonal(n, S, bidiagonal.offDiagonal);
  reverse(n, S, left, right);
  const u = applyReflectors(bidiagonal.left, n, left), v = applyReflectors(bidiagonal.right, n, right);
  scale(1 / factor, S);
  const V = { rows: n, columns: n, data: v };
  if (m === n) return { U: { rows: n, columns: n, data: u }, S, V };
  const U = matrix(m, k);
  for (let i = 0; i < n; i++) U.data.set(u.subarray(i * n, (i + 1) * n), i * k);
  for (let i = n; i < k; i++) U.data[i * (k + 1)] = 1;
  applyQ(true, false, m, k, n, a, 0, n, tau, U.data, 0, k);
  return { U, S, V };
}

/**
 * The singular values of a matrix of any shape, descending: those of `svd`, for less.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example Two singular values
 * ```ts
 * import { matrix, svdvals } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [first, second] = svdvals(matrix([[1, 1, 0], [0, 1, 1]]));
 * assertAlmostEquals(first, Math.sqrt(3));
 * assertAlmostEquals(second, 1);
 * ```
 */
export function svdvals(A: Matrix): Vector {
  checkFinite("find singular values", A);
  const own = driver("svd", Math.min(A.rows, A.columns));
  if (own) return valuesBy(own, A);
  if (A.rows < A.columns) return svdvals(transpose(A));
  const { rows: m, columns: n } = A, factor = safeFactor(normInf(A.data)), a = scaled(A.data, factor);
  const { diagonal, offDiagonal } = bidiagonalize(n, m > n ? upperTriangle(m, n, a, new Float64Array(n)) : a);
  iterateQr(n, diagonal, offDiagonal, 0);
  for (let i = 0; i < n; i++) diagonal[i] = Math.abs(diagonal[i]) / factor;
  return diagonal.sort().reverse();
}

/** By the backend's own method. */
function decompose(own: SvdDriver, { rows: m, columns: n, data }: Matrix, full: boolean): Svd {
  const factor = safeFactor(normInf(data)), k = Math.min(m, n), S = new Float64Array(k);
  const U = matrix(m, full ? m : k), T = matrix(full ? n : k, n);
  own(m, n, scaled(data, factor), S, full, U.data, T.data);
  scale(1 / factor, S);
  return { U, S, V: transpose(T) };
}

/** The same for values alone. */
function valuesBy(own: SvdDriver, { rows: m, columns: n, data }: Matrix): Vector {
  const factor = safeFactor(normInf(data)), S = new Float64Array(Math.min(m, n));
  own(m, n, scaled(data, factor), S, false);
  scale(1 / factor, S);
  return S;
}

/** Factors A, m x n with m > n, in place; returns R. */
function upperTriangle(m: number, n: number, a: Vector, tau: Vector): Vector {
  backend().qr(m, n, a, 0, n, tau);
  const r = new Float64Array(n * n);
  for (let i = 0; i < n; i++) r.set(a.subarray(i * (n + 1), (i + 1) * n), i * (n + 1));
  return r;
}

/** Turns ascending values, and rows that go with them, around. */
function reverse(n: number, values: Vector, ...rows: Vector[]): void {
  values.reverse();
  const copy = new Float64Array(n);
  for (const a of rows) {
    for (let i = 0, j = n - 1; i < j; i++, j--) {
      copy.set(a.subarray(i * n, (i + 1) * n));
      a.copyWithin(i * n, j * n, (j + 1) * n);
      a.set(copy, j * n);
    }
  }
}
