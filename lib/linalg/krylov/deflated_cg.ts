/**
 * Conjugate gradients that leave a subspace, such as that of the smallest eigenvalues, to a direct solve.
 *
 * ```
 * Q = W E⁻¹ Wᵀ, E = WᵀA W,   x₀ ← x₀ + Q (b - A x₀)
 * CG with the preconditioner  (I - Q A) M + Q
 * ```
 *
 * From this start it makes the iterates of deflated CG, whose rate is that of the spectrum without W when W holds
 * eigenvectors; unlike that it does not mind rounding, nor an E⁻¹ that is not exact.
 *
 * Source: Nicolaides, Deflation of conjugate gradients with applications to boundary value problems (1987); Saad,
 * Yeung, Erhel and Guyomarc'h, A deflated version of the conjugate gradient algorithm (2000); Tang, Nabben, Vuik and
 * Erlangga, Comparison of two-level preconditioners derived from deflation, domain decomposition and multigrid methods
 * (2009), method A-DEF2.
 *
 * @module
 */
import { dot, type LinearOperator, type Matrix, ShapeError, type Vector } from "../../core/mod.ts";
import { checkFinite, shapeOf } from "../matrices/checks.ts";
import { cholesky } from "../factorizations/cholesky.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import { addProduct, addTransposedProduct } from "../matrices/vector_products.ts";
import { iterateCg } from "./cg.ts";
import { cgWorkspace } from "./conjugate_gradients.ts";
import { checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/**
 * Solves `A x = b`, A symmetric positive definite, by conjugate gradients without the span of the columns of W, n x k;
 * at most 10 n iterations by default. It takes k products more at the start, and keeps W and `A W`.
 *
 * @throws {ShapeError} When A is not square, or W, b, the start or the preconditioner does not fit.
 * @throws {DomainError} When W, b or the start is not finite, or an option is out of range.
 * @throws {NotPositiveDefiniteError} When `WᵀA W` is not positive definite: columns of W depend on each other, or A is
 * not definite.
 *
 * @example Without the one small eigenvalue
 * ```ts
 * import { deflatedCg, diagonalOperator, matrix } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = diagonalOperator(Float64Array.of(1e-6, 1, 1, 1)), W = matrix([[1], [0], [0], [0]]);
 * const { status, iterations } = deflatedCg(A, Float64Array.of(1, 1, 2, 3), W);
 * assertEquals(status, "converged");
 * assert(iterations <= 1);
 * ```
 */
export function deflatedCg(A: LinearOperator, b: Vector, W: Matrix, options: IterativeOptions = {}): IterativeSolution {
  const verb = "solve by deflated conjugate gradients", n = b.length, k = W.columns;
  checkSquareOperator(verb, "an operator", A, n);
  checkFinite(verb, W);
  if (W.rows !== n) throw new ShapeError(`Cannot ${verb}: expected a basis of ${n} rows, got ${shapeOf(W)}`);
  const run = new Iteration(verb, A, b, options, 10 * n), w = cgWorkspace(n, true, run.r), M = run.preconditioner;
  const rows = transpose(W).data, images = new Float64Array(k * n), E = matrix(k, k), c = new Float64Array(k);
  const row = (data: Vector, j: number): Vector => data.subarray(j * n, (j + 1) * n);
  for (let j = 0; j < k; j++) run.apply(row(rows, j), row(images, j));
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) E.data[i * k + j] = E.data[j * k + i] = dot(row(rows, i), row(images, j));
  }
  const factors = cholesky(E);
  /** `out ← out + sign W E⁻¹ Xᵀ y` for the rows of X. */
  const correct = (sign: number, x: Vector, y: Vector, out: Vector): void => {
    c.fill(0);
    addProduct(k, n, x, 0, n, y, 0, c, 0);
    factors.solve(c, c);
    for (let j = 0; j < k; j++) c[j] *= sign;
    addTransposedProduct(k, n, rows, 0, n, c, 0, out, 0);
  };
  const coarse = {
    apply: (r: Vector, z: Vector): void => {
      if (M) M.apply(r, z);
      else z.set(r);
      correct(-1, images, z, z);
      correct(1, rows, r, z);
    },
  };
  if (run.begins()) {
    correct(1, rows, run.r, run.x);
    run.moved();
  }
  while (run.begins()) iterateCg(run, w, coarse);
  return run.solution();
}
