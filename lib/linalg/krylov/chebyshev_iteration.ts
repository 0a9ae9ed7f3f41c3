/**
 * Chebyshev iteration for `A x = b` with the eigenvalues of M A within known positive bounds `[a, b]`.
 *
 * ```
 * θ = (a+b)/2, δ = (b-a)/2,   d₀ = M r₀ / θ, ρ₀ = δ/θ
 * x ← x + d, r ← r - A d,   ρ₊ = δ / (2θ - ρ δ),   d ← ρ₊ρ d + 2/(2θ - ρ δ) M r
 * r_k = T_k((θ - A M)/δ) / T_k(θ/δ) r₀
 * ```
 *
 * It takes no inner products: that is why it serves as a smoother, a preconditioner, and on machines where sums are
 * dear.
 *
 * Source: Saad, Iterative methods for sparse linear systems (2nd edition, 2003), algorithm 12.1.
 *
 * @module
 */
import { axpy, DomainError, type LinearOperator, norm2, type Vector } from "../../core/mod.ts";
import { checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/** Options of `chebyshevIteration`. */
export interface ChebyshevIterationOptions extends IterativeOptions {
  /** `[a, b]`, `0 < a <= b`: where the eigenvalues of A, or of M A with a preconditioner M, lie. */
  readonly bounds: readonly [number, number];
}

/** With all eigenvalues within the bounds the residual of a symmetric system never grows, let alone by this factor. */
const GROWN = 1e4;

/**
 * Solves `A x = b` by Chebyshev iteration, at most 10 n + 100 iterations by default. Eigenvalues above the bounds make
 * the residual grow, which ends the solve as `stagnated`; eigenvalues below make it slow.
 *
 * @throws {ShapeError} When A is not square, or b, the start or the preconditioner does not fit.
 * @throws {DomainError} When the bounds are not `0 < a <= b`, b or the start is not finite, or an option is out of
 * range.
 *
 * @example Eigenvalues 1 and 3
 * ```ts
 * import { chebyshevIteration, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const A = operatorOf(matrix([[2, 1], [1, 2]]));
 * const { x, status } = chebyshevIteration(A, Float64Array.of(4, 5), { bounds: [1, 3], tolerance: 1e-12 });
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 1, 1e-10);
 * ```
 */
export function chebyshevIteration(
  A: LinearOperator,
  b: Vector,
  options: ChebyshevIterationOptions,
): IterativeSolution {
  const verb = "solve by Chebyshev iteration", n = b.length, [low, high] = options.bounds;
  checkSquareOperator(verb, "an operator", A, n);
  if (!(low > 0 && low <= high && high < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected bounds 0 < a <= b, got [${low}, ${high}]`);
  }
  const run = new Iteration(verb, A, b, options, 10 * n + 100), theta = (low + high) / 2, delta = (high - low) / 2;
  const { x, r, preconditioner: M } = run, d = new Float64Array(n), q = new Float64Array(n);
  const z = M ? new Float64Array(n) : r;
  while (run.begins()) {
    const grown = GROWN * run.reference;
    d.fill(0);
    for (let rho = delta / theta, keep = 0, take = 1 / theta;;) {
      if (M) M.apply(r, z);
      for (let i = 0; i < n; i++) d[i] = keep * d[i] + take * z[i];
      run.apply(d, q);
      axpy(-1, q, r);
      const norm = norm2(r);
      if (!(norm < Infinity)) {
        run.fail(NaN);
        break;
      }
      axpy(1, d, x);
      const goesOn = run.follows(norm);
      if (norm > grown) run.end("stagnated", "the residual grows: A has eigenvalues outside the bounds");
      if (!goesOn || norm > grown) break;
      const width = 2 * theta - rho * delta;
      keep = rho * delta / width;
      take = 2 / width;
      rho = delta / width;
    }
  }
  return run.solution();
}
