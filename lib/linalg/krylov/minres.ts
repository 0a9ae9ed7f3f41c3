/**
 * MINRES for `A x = b`, A symmetric, definite or not, singular or not.
 *
 * ```
 * A V_k = V_{k+1} T_k, T_k tridiagonal (Lanczos),   y minimizes |β₁ e₁ - T_k y| = |b - A (x₀ + V_k y)|
 * Q T_k = R by rotations (c, s),   w_k = (v_k - ε w_{k-2} - δ w_{k-1}) / γ,   x_k = x_{k-1} + c φ_{k-1} w_k
 * φ_k = -s φ_{k-1},   r_k = s² r_{k-1} + c φ_k v_{k+1}
 * ```
 *
 * With a preconditioner, which has to be positive definite, the residual is minimized in its norm `√rᵀM r`; the
 * recursion for r gives the norm of the residual of the system as given.
 *
 * Source: Paige and Saunders, Solution of sparse indefinite systems of linear equations (1975); Choi, Paige and
 * Saunders, MINRES-QLP: a Krylov subspace method for indefinite or singular symmetric systems (2011), equation (3.9)
 * and section 6.
 *
 * @module
 */
import { axpy, dot, type LinearOperator, type Vector } from "../../core/mod.ts";
import { hypotenuse } from "../factorizations/rotation.ts";
import { checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/**
 * Where `|A r| <= SMALL |A| |r|` the residual may be that of least squares. It is when it gets down to LEAST, or when
 * it rises again by so much before the residual has become less: without a solution, rounding then carries x away.
 */
const SMALL = 1e-7, LEAST = 1e-13, RISE = 100;

/**
 * Solves `A x = b` for a symmetric A by MINRES, at most 10 n iterations by default. On a singular system that has a
 * solution it finds one (from the start 0, without a preconditioner, the shortest one); when there is none it ends as
 * `stagnated` near a minimizer of `|b - A x|`, and the message says so. A preconditioner that is not positive definite
 * is `indefinite`. Symmetry is not checked.
 *
 * @throws {ShapeError} When A is not square, or b, the start or the preconditioner does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example An indefinite system
 * ```ts
 * import { matrix, minres, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = minres(operatorOf(matrix([[0, 1], [1, 0]])), Float64Array.of(3, 4));
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 4);
 * assertAlmostEquals(x[1], 3);
 * ```
 */
export function minres(A: LinearOperator, b: Vector, options: IterativeOptions = {}): IterativeSolution {
  const verb = "solve by MINRES", n = b.length;
  checkSquareOperator(verb, "an operator", A, n);
  const run = new Iteration(verb, A, b, options, 10 * n),
    vectors = Array.from({ length: 9 }, () => new Float64Array(n));
  while (run.begins()) iterate(run, vectors);
  return run.solution();
}

/** Lanczos from the residual at hand until the recursion has seen enough. */
function iterate(run: Iteration, vectors: Vector[]): void {
  const { x, r, preconditioner: M } = run, v = vectors[0];
  // u is v before its division by β, and before its product with M, which is z
  let [, saved, z, uOld, u, q, wOlder, wOld, w] = vectors;
  u.set(r);
  uOld.fill(0);
  wOlder.fill(0);
  wOld.fill(0);
  let square = precondition(M, u, z), beta = Math.sqrt(square), betaOld = 0, phi = beta, largest = 0;
  let cos = 1, sin = 0, cosOld = 1, sinOld = 0, norm = run.reference, best = Infinity, bestNorm = norm;
  if (!(square > 0)) return run.failPreconditioner(square);
  for (;;) {
    const alpha = lanczos(run, M ? z : u, beta, v, q, betaOld === 0 ? 0 : beta / betaOld, uOld, u);
    [uOld, u, q] = [u, q, uOld];
    square = precondition(M, u, z);
    if (!(square >= 0 && square < Infinity)) return run.failPreconditioner(square);
    const next = Math.sqrt(square);
    // column k of T is (β_k, α, β_{k+1}), the first one (α, β₂); of β_k the rotations before make (ε, passed)
    const above = betaOld === 0 ? 0 : beta, epsilon = sinOld * above, passed = cosOld * above;
    const delta = cos * passed + sin * alpha, left = cos * alpha - sin * passed;
    largest = Math.max(largest, above + Math.abs(alpha) + next);
    const ratio = largest === 0 ? 0 : hypotenuse(left, cos * next) / largest; // |A r| / |A| |r| of the iterate at hand
    if (ratio < best) {
      best = ratio;
      bestNorm = norm;
      if (ratio <= SMALL) saved.set(x);
    }
    if (best <= SMALL && (ratio <= LEAST || ratio > RISE * best && norm > bestNorm / 2)) {
      x.set(saved);
      return run.end(
        "stagnated",
        "A is singular up to rounding, and x is near a minimizer of |b - A x|, which is not 0",
      );
    }
    const gamma = hypotenuse(left, next);
    [cosOld, sinOld] = [cos, sin];
    cos = left / gamma;
    sin = next / gamma;
    const step = cos * phi;
    phi *= -sin;
    direct(v, epsilon, wOlder, delta, wOld, gamma, w);
    norm = move(step, w, x, sin * sin, next === 0 ? 0 : cos * phi / next, u, r);
    [wOlder, wOld, w] = [wOld, w, wOlder];
    [betaOld, beta] = [beta, next];
    if (!run.follows(norm)) return;
  }
}

/** `z ← M u`; returns `uᵀM u`. */
function precondition(M: LinearOperator | undefined, u: Vector, z: Vector): number {
  if (!M) return dot(u, u);
  M.apply(u, z);
  return dot(u, z);
}

/** `v = z / β`, `q = A v - ratio uOld - (α/β) u`; returns `α = vᵀ(A v - ratio uOld)`. */
function lanczos(
  run: Iteration,
  z: Vector,
  beta: number,
  v: Vector,
  q: Vector,
  ratio: number,
  uOld: Vector,
  u: Vector,
): number {
  const n = v.length;
  for (let i = 0; i < n; i++) v[i] = z[i] / beta;
  run.apply(v, q);
  axpy(-ratio, uOld, q);
  const alpha = dot(v, q);
  axpy(-alpha / beta, u, q);
  return alpha;
}

/** `w = (v - ε wOlder - δ wOld) / γ`. */
function direct(
  v: Vector,
  epsilon: number,
  wOlder: Vector,
  delta: number,
  wOld: Vector,
  gamma: number,
  w: Vector,
): void {
  const n = v.length;
  for (let i = 0; i < n; i++) w[i] = (v[i] - epsilon * wOlder[i] - delta * wOld[i]) / gamma;
}

/** `x ← x + step w`, `r ← kept r + share u`; returns `|r|`. */
function move(step: number, w: Vector, x: Vector, kept: number, share: number, u: Vector, r: Vector): number {
  const n = x.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    x[i] += step * w[i];
    const ri = kept * r[i] + share * u[i];
    r[i] = ri;
    sum += ri * ri;
  }
  return Math.sqrt(sum);
}
