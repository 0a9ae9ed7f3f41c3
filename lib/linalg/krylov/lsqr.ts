/**
 * LSQR for `min |A x - b|`, A of any shape and rank.
 *
 * ```
 * x_k minimizes |A x - b| over x₀ + span(v₁, …, v_k), the vectors of Golub and Kahan's bidiagonalization
 * ρ = √(ρ̄² + β²), c = ρ̄/ρ, s = β/ρ,   θ = s α, ρ̄ ← -c α, φ = c φ̄, φ̄ ← s φ̄
 * x ← x + (φ/ρ) w,   w ← v - (θ/ρ) w;   |r| = φ̄, |Aᵀr| = φ̄ α |c|
 * ```
 *
 * Analytically it is conjugate gradients on `AᵀA x = Aᵀb`; the residual never grows.
 *
 * Source: Paige and Saunders, LSQR: an algorithm for sparse linear equations and sparse least squares (1982).
 *
 * @module
 */
import { axpy, type LinearOperator, type Vector } from "../../core/mod.ts";
import { hypotenuse } from "../factorizations/rotation.ts";
import { LeastSquaresIteration, type LeastSquaresSolution } from "./bidiagonalization.ts";
import type { IterativeOptions } from "./solution.ts";

/**
 * Minimizes `|A x - b|` by LSQR, at most 10 max(m, n) iterations of two products by default. Converged when `|b - A x|`
 * is as small as asked, or x is a minimizer: `|Aᵀ(b - A x)| <= tolerance |A| |b - A x|`, with a lower bound of `|A|₂`.
 * Of several minimizers it finds that nearest to the start if there is no preconditioner.
 *
 * The preconditioner N, n x n, is no approximation of A⁻¹ here but makes `A N` well conditioned, as the inverse of the
 * triangle of a QR factorization of a matrix like A does; both its products are used.
 *
 * @throws {ShapeError} When b, the start or the preconditioner does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example A line through three points
 * ```ts
 * import { lsqr, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status, residual } = lsqr(operatorOf(matrix([[1, 0], [1, 1], [1, 2]])), Float64Array.of(1, 2, 6));
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[1], 2.5, 1e-7);
 * assertAlmostEquals(residual, Math.sqrt(1.5), 1e-7);
 * ```
 */
export function lsqr(A: LinearOperator, b: Vector, options: IterativeOptions = {}): LeastSquaresSolution {
  const run = new LeastSquaresIteration("minimize by LSQR", A, b, options), { x, direction } = run;
  const w = new Float64Array(x.length);
  while (run.begins()) {
    w.set(direction);
    let rhoBar = run.alpha, phiBar = run.beta;
    while (run.extend()) {
      const rho = hypotenuse(rhoBar, run.beta), c = rhoBar / rho, s = run.beta / rho, theta = s * run.alpha;
      rhoBar = -c * run.alpha;
      axpy(c * phiBar / rho, w, x);
      phiBar *= s;
      for (let i = 0; i < w.length; i++) w[i] = direction[i] - theta / rho * w[i];
      if (!run.followsBoth(phiBar, phiBar * run.alpha * Math.abs(c))) break;
    }
  }
  return run.solution();
}
