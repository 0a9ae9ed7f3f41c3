/**
 * BiCGSTAB for `A x = b`, A square, in memory for eight vectors.
 *
 * ```
 * p̂ = M p, v = A p̂, α = ρ / r̂ᵀv,   x ← x + α p̂, s = r - α v
 * ŝ = M s, t = A ŝ, ω = tᵀs / tᵀt,  x ← x + ω ŝ, r = s - ω t
 * ρ₊ = r̂ᵀr, β = (ρ₊/ρ)(α/ω), p ← r + β (p - ω v),   r̂ = r₀
 * ```
 *
 * The preconditioner stands on the right, so that r is the residual of the system as given. Where ρ, r̂ᵀv or ω vanishes
 * it starts anew with the residual at hand, as long as that helps.
 *
 * Source: Van der Vorst, Bi-CGSTAB: a fast and smoothly converging variant of Bi-CG for the solution of nonsymmetric
 * linear systems (1992).
 *
 * @module
 */
import { axpy, dot, type LinearOperator, norm2, type Vector } from "../../core/mod.ts";
import { checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/** A product of vectors that is less than this share of the product of their lengths is zero. */
const ORTHOGONAL = 2 ** -50;

/**
 * Solves `A x = b` by BiCGSTAB, at most 10 n iterations of two products each by default. The residual may jump on its
 * way.
 *
 * @throws {ShapeError} When A is not square, or b, the start or the preconditioner does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example A system that is not symmetric
 * ```ts
 * import { bicgstab, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = bicgstab(operatorOf(matrix([[4, 1], [-1, 3]])), Float64Array.of(6, 5));
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 1);
 * assertAlmostEquals(x[1], 2);
 * ```
 */
export function bicgstab(A: LinearOperator, b: Vector, options: IterativeOptions = {}): IterativeSolution {
  const verb = "solve by BiCGSTAB", n = b.length;
  checkSquareOperator(verb, "an operator", A, n);
  const run = new Iteration(verb, A, b, options, 10 * n),
    vectors = Array.from({ length: 6 }, () => new Float64Array(n));
  let brokeOff: string | undefined;
  while (run.begins(undefined, brokeOff)) brokeOff = iterate(run, vectors);
  return run.solution();
}

/** Iterates from the residual at hand; returns the reason where it has to start anew. */
function iterate(run: Iteration, [shadow, p, pHat, v, sHat, t]: readonly Vector[]): string | undefined {
  const { x, r, preconditioner: M } = run, n = x.length, size = run.reference;
  const precondition = (from: Vector, to: Vector): void => M ? M.apply(from, to) : to.set(from);
  shadow.set(r);
  p.set(r);
  for (let rho = dot(r, r), norm = size;;) {
    precondition(p, pHat);
    run.apply(pHat, v);
    const projected = dot(shadow, v), alpha = rho / projected;
    if (Math.abs(projected) <= ORTHOGONAL * size * norm2(v)) return "r̂ᵀA p = 0";
    if (alpha - alpha !== 0) {
      run.fail(NaN);
      return;
    }
    axpy(alpha, pHat, x);
    axpy(-alpha, v, r);
    norm = norm2(r);
    if (norm <= run.enough) {
      run.follows(norm);
      return;
    }
    precondition(r, sHat);
    run.apply(sHat, t);
    const tt = dot(t, t), ts = dot(t, r), vanishes = Math.abs(ts) <= ORTHOGONAL * Math.sqrt(tt) * norm;
    if (tt - tt !== 0) {
      run.fail(NaN);
      return;
    }
    const omega = vanishes ? 0 : ts / tt;
    axpy(omega, sHat, x);
    axpy(-omega, t, r);
    norm = norm2(r);
    if (!run.follows(norm)) return;
    if (vanishes) return "ω = 0";
    const next = dot(shadow, r), beta = next / rho * (alpha / omega);
    if (Math.abs(next) <= ORTHOGONAL * size * norm) return "r̂ᵀr = 0";
    rho = next;
    for (let i = 0; i < n; i++) p[i] = r[i] + beta * (p[i] - omega * v[i]);
  }
}
