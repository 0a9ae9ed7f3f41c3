/**
 * Preconditioning by the polynomial of Chebyshev: a fixed number of steps of Chebyshev iteration from zero.
 *
 * With all eigenvalues of A in [a, b], θ = (b + a)/2, δ = (b - a)/2 and σ = θ/δ:
 *
 * ```
 * z₀ = d₀ = r/θ,   ρ₀ = 1/σ
 * ρₖ = 1/(2σ - ρₖ₋₁),   dₖ = ρₖ ρₖ₋₁ dₖ₋₁ + (2ρₖ/δ) (r - A zₖ₋₁),   zₖ = zₖ₋₁ + dₖ
 * ```
 *
 * Then `z_m = p(A) r` with `1 - λ p(λ) = T((θ - λ)/δ) / T(σ)`, T the polynomial of Chebyshev of degree m + 1: of all
 * polynomials of that degree that are 1 at 0 the one with the smallest maximum on [a, b]. Hence `λ p(λ)` is within
 * `1 ± 1/T(σ)`.
 *
 * Source: Saad, Iterative Methods for Sparse Linear Systems (2nd edition, 2003), algorithm 12.1.
 *
 * @module
 */
import { DomainError, type LinearOperator, type Vector } from "../../core/mod.ts";
import { checkSquareShape } from "../matrices/checks.ts";
import { checkSquareOperator } from "../krylov/iteration.ts";

/** What the polynomial is of. */
export interface ChebyshevOptions {
  /** M⁻¹: the polynomial is then `p(M⁻¹ A) M⁻¹`, and the bounds are those of `M⁻¹ A`. Default none. */
  readonly preconditioner?: LinearOperator;
}

/**
 * `out = p(A) r` for the polynomial p of Chebyshev of the given degree, which is symmetric if A is (and M); the degree
 * is the number of products with A.
 *
 * @param bounds a and b with `0 < a < b`: the interval that holds the eigenvalues. In one that holds only the upper
 * part the operator damps that part, as a smoother has to, and stays positive definite.
 *
 * @throws {ShapeError} When A is not square, or the preconditioner has another shape.
 * @throws {DomainError} When the bounds are not positive and rising, or the degree is no whole number.
 *
 * @example Nearer to the identity with each degree
 * ```ts
 * import { chebyshevPreconditioner, fromTriplets } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [0, 1], [0, 1], [1, 3]), out = new Float64Array(2);
 * chebyshevPreconditioner(A, [1, 3], 2).apply(Float64Array.of(1, 3), out);
 * assertAlmostEquals(out[0], 1 - 1 / 26, 1e-15); // T₃(2) = 26
 * assertAlmostEquals(out[1], 1 + 1 / 26, 1e-15);
 * ```
 */
export function chebyshevPreconditioner(
  A: LinearOperator,
  bounds: readonly [number, number],
  degree: number,
  { preconditioner }: ChebyshevOptions = {},
): LinearOperator {
  const verb = "precondition by a polynomial of Chebyshev", n = A.rows, [a, b] = bounds;
  checkSquareShape(verb, A);
  if (preconditioner) checkSquareOperator(verb, "a preconditioner", preconditioner, n);
  if (!(a > 0 && a < b && b < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected bounds 0 < a < b, got ${a} and ${b}`);
  }
  if (!Number.isSafeInteger(degree) || degree < 0) {
    throw new DomainError(`Cannot ${verb}: expected a whole number for the degree, got ${degree}`);
  }
  const theta = (b + a) / 2, delta = (b - a) / 2, sigma = theta / delta;
  const residual = new Float64Array(n), direction = new Float64Array(n), work = new Float64Array(n);
  const operator = (name: "apply" | "applyTranspose") => (r: Vector, out: Vector): void => {
    let rho = 1 / sigma;
    residual.set(r);
    let z = residual;
    if (preconditioner) {
      preconditioner[name](residual, work);
      z = work;
    }
    for (let i = 0; i < n; i++) out[i] = direction[i] = z[i] / theta;
    for (let k = 1; k <= degree; k++) {
      A[name](direction, work);
      for (let i = 0; i < n; i++) residual[i] -= work[i];
      if (preconditioner) preconditioner[name](residual, work);
      const next = 1 / (2 * sigma - rho), old = next * rho, fresh = 2 * next / delta;
      for (let i = 0; i < n; i++) out[i] += direction[i] = old * direction[i] + fresh * z[i];
      rho = next;
    }
  };
  return { rows: n, columns: n, apply: operator("apply"), applyTranspose: operator("applyTranspose") };
}
