/**
 * The coarsest level, solved directly.
 *
 * @module
 */
import { type Matrix, NotPositiveDefiniteError, type Vector } from "../../../core/mod.ts";
import { Cholesky, cholesky } from "../../factorizations/cholesky.ts";
import { eigh } from "../../eigen/eigh.ts";
import { matvec } from "../../matrices/matmul.ts";
import { substitute } from "../../matrices/substitution.ts";

/**
 * Below this reciprocal condition, and for eigenvalues below this share of the largest, a matrix counts as singular.
 */
const SINGULAR = 1e-13;

/**
 * Writes `A⁻¹ b` into x, by Cholesky's method; for a matrix that is only semidefinite, as those of closed graphs and of
 * walls without outlet are, by the pseudoinverse.
 *
 * @throws {NotPositiveDefiniteError} When an eigenvalue is negative.
 */
export function coarsestSolver(A: Matrix): (b: Vector, x: Vector) => void {
  const n = A.rows, factor = attempt(A);
  if (factor instanceof Cholesky && (n === 0 || factor.reciprocalCondition() > SINGULAR)) {
    const l = factor.L.data;
    return (b, x) => {
      x.set(b);
      substitute(true, false, false, n, l, 0, n, x, 0);
      substitute(true, true, false, n, l, 0, n, x, 0);
    };
  }
  const { values, vectors } = eigh(A), zero = SINGULAR * n * Math.abs(values[n - 1]);
  if (factor instanceof Error && values[0] < -zero) throw factor;
  const inverse = pseudoinverse(n, values, vectors.data, zero);
  return (b, x) => {
    matvec(inverse, b, x);
  };
}

/** The factorization, or why there is none. */
function attempt(A: Matrix): Cholesky | NotPositiveDefiniteError {
  try {
    return cholesky(A);
  } catch (error) {
    if (error instanceof NotPositiveDefiniteError) return error;
    throw error;
  }
}

/** `Σ vₖ vₖᵀ / λₖ` over the eigenvalues that are not zero. */
function pseudoinverse(n: number, values: Vector, v: Vector, zero: number): Matrix {
  const data = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    if (values[k] <= zero) continue;
    for (let i = 0; i < n; i++) {
      const s = v[i * n + k] / values[k];
      for (let j = 0; j < n; j++) data[i * n + j] += s * v[j * n + k];
    }
  }
  return { rows: n, columns: n, data };
}
