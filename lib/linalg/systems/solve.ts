/**
 * Systems of linear equations, by the method that the matrix calls for.
 *
 * @module
 */
import { isFiniteVector, type Matrix, normInf, SingularMatrixError, type Vector } from "../../core/mod.ts";
import { checkFinite, checkRange, checkShape, rightHandSide } from "../matrices/checks.ts";
import { eliminateSafely, harmlessGrowth, solveEliminated } from "../factorizations/elimination.ts";
import { backend, driver } from "../kernels/mod.ts";
import { ldlt } from "../factorizations/ldlt.ts";
import { lstsq } from "./least_squares.ts";
import { SMALL, solveSmall } from "./small_solve.ts";
import { isSymmetric } from "../matrices/symmetric.ts";
import { substituteAll } from "../matrices/triangular.ts";

/**
 * The solution of `A x = b`; for a matrix `B` the columns are right-hand sides. What the matrix is decides on the
 * method:
 *
 * - triangular: substitution;
 * - symmetric: Cholesky's method if it is positive definite, else Bunch and Kaufman's;
 * - square: Gaussian elimination;
 * - rectangular: of the x that minimize `|A x - b|` the shortest, as by `lstsq`.
 *
 * The backward error is a few rounding units; the error is that times the condition of A. To solve more systems with
 * one matrix, or to ask for its condition, keep a factorization: `lu`, `cholesky`, `ldlt`, `qr`.
 *
 * @throws {ShapeError} When `b` has not as many entries or rows as A has rows, or `out` does not fit.
 * @throws {DomainError} When an entry is not finite, or so large that elimination overflows.
 * @throws {SingularMatrixError} When a square matrix has a pivot that is zero.
 *
 * @example Two equations
 * ```ts
 * import { matrix, solve } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(solve(matrix([[1, 2], [3, 4]]), Float64Array.of(5, 11)), Float64Array.of(1, 2));
 * ```
 */
export function solve(A: Matrix, b: Vector): Vector;
/** The solution `X` of `A X = B`. */
export function solve(A: Matrix, B: Matrix): Matrix;
export function solve(A: Matrix, b: Vector | Matrix): Vector | Matrix {
  const n = A.rows, a = A.data;
  if (n === A.columns && n <= SMALL && a.length === n * n && b instanceof Float64Array && b.length === n) {
    if (a[1] !== 0 && a[n] !== 0) { // not triangular
      const x = solveSmall(n, a, b);
      if (x) return x;
    }
  }
  return solveChecked(A, b);
}

function solveChecked(A: Matrix, b: Vector | Matrix): Vector | Matrix {
  checkShape("solve", A);
  if (A.rows !== A.columns) return b instanceof Float64Array ? lstsq(A, b).x : lstsq(A, b).x;
  const largest = normInf(A.data);
  if (!(largest < Infinity)) checkFinite("solve", A);
  const { data, columns } = rightHandSide("solve", b, A.rows), x = data.slice();
  solveInPlace(A, largest, x, columns);
  checkRange("solve", x);
  return b instanceof Float64Array ? x : { rows: A.rows, columns, data: x };
}

/** `X ← A⁻¹ X` for a square matrix. */
function solveInPlace(A: Matrix, largest: number, x: Vector, columns: number): void {
  const n = A.rows, upper = isTriangular(A, false);
  if (upper || isTriangular(A, true)) return substituteAll(A, { data: x, columns }, { lower: !upper });
  if (isSymmetric(A)) return solveSymmetric(A, x, columns);
  const small = n <= SMALL && columns === 1 ? solveSmall(n, A.data, x) : undefined;
  if (small) return x.set(small);
  const own = driver("solve", n);
  if (own) {
    const a = room(n * n);
    a.set(A.data);
    if (own(n, a, columns, x, harmlessGrowth(n) * largest)) return;
  }
  const { elimination } = eliminateSafely("solve", n, A.data, largest, room(n * n)), pivot = elimination.zeroPivot;
  if (pivot < 0) return solveEliminated(n, elimination, x, columns, false);
  throw new SingularMatrixError(
    `Cannot solve: expected a matrix of full rank, got a zero pivot at index ${pivot}`,
    pivot,
  );
}

/** The most numbers kept from one solution to the next: fresh memory costs a tenth of the time of solving. */
const KEPT = 2 ** 20;

let kept = new Float64Array(0);

/** Room for so many numbers, of which the factors of the last solution may be the first. */
function room(count: number): Vector {
  if (count > KEPT) return new Float64Array(count);
  if (kept.length < count) kept = new Float64Array(count);
  return kept.subarray(0, count);
}

/** Whether all entries above the diagonal (`lower`) or below it are zero. */
function isTriangular({ rows: n, data: a }: Matrix, lower: boolean): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n, end = lower ? row + n : row + i;
    for (let k = lower ? row + i + 1 : row; k < end; k++) if (a[k] !== 0) return false;
  }
  return true;
}

function solveSymmetric(A: Matrix, x: Vector, columns: number): void {
  const n = A.rows, factor = room(n * n), X = { rows: n, columns, data: x };
  factor.set(A.data);
  if (backend().cholesky(n, factor, 0, n) < 0) {
    const L = { rows: n, columns: n, data: factor }, right = x.slice();
    substituteAll(L, X, { lower: true });
    substituteAll(L, X, { lower: true, transpose: true });
    if (isFiniteVector(x)) return;
    x.set(right); // a singular matrix may have pivots that rounding made a little positive
  }
  ldlt(A).solve(X, X);
}
