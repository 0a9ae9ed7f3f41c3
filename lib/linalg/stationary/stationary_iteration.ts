/**
 * Stationary iteration for `A x = b` with a splitting `A = M - N`:
 *
 * ```
 * xₖ₊₁ = xₖ + M⁻¹ (b - A xₖ),   error and residual are multiplied by  I - M⁻¹A,  I - A M⁻¹
 * ```
 *
 * It converges from every start if and only if the spectral radius of `I - M⁻¹A` is below 1, and with that rate.
 *
 * Source: Varga, Matrix Iterative Analysis (1962), chapter 3.
 *
 * @module
 */
import { isFiniteVector, type LinearOperator, norm2, type Vector } from "../../core/mod.ts";
import { checkSquareOperator, Iteration } from "../krylov/iteration.ts";
import type { IterativeOptions, IterativeSolution } from "../krylov/solution.ts";

/**
 * Solves `A x = b` by repeating `x ← x + M⁻¹ (b - A x)`, M⁻¹ the preconditioner (without one the method is
 * Richardson's), at most 10 000 times by default. When the residual grows, it ends as `stagnated`, or, if numbers
 * overflow before, as `non-finite` with the last iterate that is finite.
 *
 * @throws {ShapeError} When A is not square, or b, the start or the preconditioner does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example Multigrid as a solver of its own
 * ```ts
 * import { gridLaplacian, multigrid, stationaryIteration } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = gridLaplacian(40, 40), b = new Float64Array(1600).fill(1);
 * assertEquals(stationaryIteration(A, b, { preconditioner: multigrid(A), maxIterations: 40 }).status, "converged");
 * ```
 */
export function stationaryIteration(A: LinearOperator, b: Vector, options: IterativeOptions = {}): IterativeSolution {
  const verb = "solve by stationary iteration", n = b.length;
  checkSquareOperator(verb, "an operator", A, n);
  const run = new Iteration(verb, A, b, options, 10_000), { x, r, preconditioner } = run;
  const change = new Float64Array(n), product = new Float64Array(n);
  while (run.begins(1)) { // however slowly the residual falls
    for (;;) {
      if (preconditioner) preconditioner.apply(r, change);
      else change.set(r);
      run.apply(change, product);
      for (let i = 0; i < n; i++) product[i] = r[i] - product[i];
      const norm = norm2(product);
      if (!(norm < Infinity && isFiniteVector(change))) {
        run.end("non-finite", "the iterates grow beyond all numbers");
        break;
      }
      for (let i = 0; i < n; i++) x[i] += change[i];
      r.set(product);
      if (!run.follows(norm)) break;
    }
  }
  return run.solution();
}
