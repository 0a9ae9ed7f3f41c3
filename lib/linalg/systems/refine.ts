/**
 * Iterative refinement with residuals in doubled precision: `r = b - A x`, `A d = r`, `x ← x + d`.
 *
 * Each step makes the error smaller by about the condition of A times the rounding unit, until x is the solution
 * rounded: accurate, not only the solution of a nearby system.
 *
 * Source: Demmel, Hida, Kahan, Li, Mukherjee and Riedy, Error bounds from extra-precise iterative refinement (2006),
 * with the sums of Ogita, Rump and Oishi, Accurate sum and dot product (2005), algorithm 5.3.
 *
 * @module
 */
import { type Matrix, normInf, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { checkFiniteEntries, checkLength, checkSquare, checkSquareShape } from "../matrices/checks.ts";
import type { Factorization } from "../factorizations/factorization.ts";

/** How a refinement ended. */
export interface Refinement {
  /** The number of corrections made. */
  readonly iterations: number;
  /**
   * `|d| / |x|` for the correction d that was computed last and not made: about the relative error of the largest
   * entry.
   */
  readonly error: number;
  /** Whether the error is no more than rounding; if not, A is too near to a singular matrix. */
  readonly converged: boolean;
}

const ROUNDING = 2 ** -53;

/**
 * Improves the solution `x` of `A x = b` in place with a factorization of A, or of a matrix near A.
 *
 * @throws {ShapeError} When the shapes do not fit.
 * @throws {DomainError} When an entry is not finite.
 * @throws {SingularMatrixError} When the factorization has a zero pivot.
 *
 * @example A Hilbert matrix of condition 1e13
 * ```ts
 * import { lu, matrix, matvec, refine } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * // with whole numbers, so that A and b are exact
 * const A = matrix(9, 9, Float64Array.from({ length: 81 }, (_, k) => 12252240 / (Math.floor(k / 9) + k % 9 + 1)));
 * const ones = new Float64Array(9).fill(1), b = matvec(A, ones), factors = lu(A), x = factors.solve(b);
 * assert(x.some((entry) => Math.abs(entry - 1) > 1e-7));
 * assert(refine(A, factors, b, x).converged);
 * assertEquals(x, ones);
 * ```
 */
export function refine(A: Matrix | SparseMatrix, factors: Factorization, b: Vector, x: Vector): Refinement {
  const verb = "refine a solution", n = A.rows, d = new Float64Array(n), sparse = "values" in A;
  if (!sparse) checkSquare(verb, A);
  else checkSquareShape(verb, A);
  for (const [what, v] of [["a right-hand side", b], ["a solution", x]] as const) {
    checkLength(verb, what, v, n);
    checkFiniteEntries(verb, v);
  }
  for (let iterations = 0, correction = Infinity;; iterations++) {
    if (sparse) sparseResidual(A, x, b, d);
    else residual(A, x, b, d);
    factors.solve(d, d);
    const size = normInf(x), change = size > 0 ? normInf(d) / size : normInf(d);
    if (change <= ROUNDING || !(change < correction / 2)) { // x is as good as it gets
      return { iterations, error: change, converged: change <= 4 * ROUNDING };
    }
    for (let i = 0; i < n; i++) x[i] += d[i];
    correction = change;
  }
}

/** `out ← b - A x`, rounded once. */
function residual(A: Matrix, x: Vector, b: Vector, out: Vector): void {
  const { rows: m, columns: n, data: a } = A, high = new Float64Array(n);
  for (let j = 0; j < n; j++) high[j] = upperHalf(x[j]);
  for (let i = 0; i < m; i++) {
    const row = i * n;
    let sum = b[i], error = 0;
    for (let j = 0; j < n; j++) {
      const y = -x[j], yh = -high[j], yl = y - yh, c = a[row + j], ch = upperHalf(c), cl = c - ch;
      const p = c * y, s = sum + p, t = s - sum;
      error += (cl * yl - (((p - ch * yh) - cl * yh) - ch * yl)) + ((sum - (s - t)) + (p - t));
      sum = s;
    }
    out[i] = sum + error;
    if (Number.isFinite(out[i])) continue;
    out[i] = b[i]; // halves overflow from 1e300 on
    for (let j = 0; j < n; j++) out[i] -= a[row + j] * x[j];
  }
}

/** `out ← b - A x`, rounded once, by the sums of `residual` over the entries there are. */
function sparseResidual(
  { rows, rowStarts, columnIndices, values }: SparseMatrix,
  x: Vector,
  b: Vector,
  out: Vector,
): void {
  for (let i = 0; i < rows; i++) {
    let sum = b[i], error = 0, plain = b[i];
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const y = -x[columnIndices[k]], yh = upperHalf(y), yl = y - yh, c = values[k], ch = upperHalf(c), cl = c - ch;
      const p = c * y, s = sum + p, t = s - sum;
      error += (cl * yl - (((p - ch * yh) - cl * yh) - ch * yl)) + ((sum - (s - t)) + (p - t));
      sum = s;
      plain += p;
    }
    out[i] = sum + error;
    if (!Number.isFinite(out[i])) out[i] = plain; // halves overflow from 1e300 on
  }
}

/** The upper 26 of the 53 digits: products of such halves are exact. */
function upperHalf(x: number): number {
  const shifted = 134217729 * x; // 2²⁷ + 1
  return shifted - (shifted - x);
}
