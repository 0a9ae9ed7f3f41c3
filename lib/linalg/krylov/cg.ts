/**
 * Conjugate gradients for `A x = b`, A symmetric positive definite.
 *
 * ```
 * xₖ minimizes (x - x*)ᵀA (x - x*) over x₀ + span(M r₀, …, (M A)ᵏ⁻¹ M r₀),   M ≈ A⁻¹ symmetric positive definite
 * |xₖ - x*|_A <= 2 ((√κ - 1)/(√κ + 1))ᵏ |x₀ - x*|_A,   κ the condition of M A
 * ```
 *
 * Source: Hestenes and Stiefel, Methods of conjugate gradients for solving linear systems (1952); the bound: Saad,
 * Iterative methods for sparse linear systems (2nd edition, 2003), equation (6.128).
 *
 * @module
 */
import type { LinearOperator, Vector } from "../../core/mod.ts";
import {
  cgCurvature,
  cgDirection,
  cgStart,
  cgStep,
  cgTurn,
  type CgWorkspace,
  cgWorkspace,
} from "./conjugate_gradients.ts";
import { checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/**
 * Solves `A x = b` by conjugate gradients, at most 10 n iterations by default. A and the preconditioner have to be
 * symmetric and positive definite; a direction of no positive curvature in either ends the solve as `indefinite`, or,
 * where it is zero up to rounding, as `breakdown`. Symmetry is not checked.
 *
 * @throws {ShapeError} When A is not square, or b, the start or the preconditioner does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example A tridiagonal system
 * ```ts
 * import { sparseMatrix } from "@gradus/gradus/core";
 * import { cg } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const A = sparseMatrix({ // [[2, -1, 0], [-1, 2, -1], [0, -1, 2]]
 *   rows: 3,
 *   columns: 3,
 *   rowStarts: Uint32Array.of(0, 2, 5, 7),
 *   columnIndices: Uint32Array.of(0, 1, 0, 1, 2, 1, 2),
 *   values: Float64Array.of(2, -1, -1, 2, -1, -1, 2),
 * });
 * const { x, status } = cg(A, Float64Array.of(1, 0, 1));
 * assertEquals(status, "converged");
 * x.forEach((entry) => assertAlmostEquals(entry, 1));
 * ```
 */
export function cg(A: LinearOperator, b: Vector, options: IterativeOptions = {}): IterativeSolution {
  const verb = "solve by conjugate gradients", n = b.length;
  checkSquareOperator(verb, "an operator", A, n);
  const run = new Iteration(verb, A, b, options, 10 * n), M = run.preconditioner;
  const w = cgWorkspace(n, M !== undefined, run.r);
  while (run.begins()) iterateCg(run, w, M);
  return run.solution();
}

/** Steps from the residual at hand until the recursion has seen enough. */
export function iterateCg(run: Iteration, w: CgWorkspace, M: Pick<LinearOperator, "apply"> | undefined): void {
  for (let rho = cgStart(w, M);;) {
    if (!(rho > 0)) return run.failPreconditioner(rho);
    cgDirection(w);
    run.apply(w.direction, w.product);
    const curvature = cgCurvature(w);
    if (!(curvature > w.flat)) return run.failCurvature(curvature, w.flat, "p");
    const squared = cgStep(run.x, w);
    if (!run.follows(Math.sqrt(squared))) return;
    rho = cgTurn(w, squared, M);
  }
}
