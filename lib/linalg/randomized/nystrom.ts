/**
 * The Nyström approximation of a positive semidefinite matrix, and the preconditioner that it makes.
 *
 * ```
 * Ω orthonormal n x l, random:   A ≈ (A Ω) (Ωᵀ A Ω)⁺ (A Ω)ᵀ = U Λ Uᵀ
 * stably:  ν = √n ε |A Ω|_F,  Y = A Ω + ν Ω,  ΩᵀY = C Cᵀ,  Y C⁻ᵀ = U Σ Wᵀ,  Λ = max(0, Σ² - ν)
 * preconditioner of A + μ I:   P⁻¹ = (λ_l + μ) U (Λ + μ)⁻¹ Uᵀ + (I - U Uᵀ)
 * ```
 *
 * The approximation is never larger than A. With `l = 2 ⌈1.5 d⌉ + 1`, d = tr A (A + μ)⁻¹ the effective dimension, the
 * condition of `P^(-1/2) (A + μ) P^(-1/2)` is below 28 in the mean.
 *
 * Source: Tropp, Yurtsever, Udell and Cevher, Fixed-rank approximation of a positive-semidefinite matrix from streaming
 * data (2017), arXiv 1706.05736, algorithm 3; Frangella, Tropp and Udell, Randomized Nyström preconditioning (2021),
 * arXiv 2110.02820, algorithm 2.1, equation (5.3) and theorem 5.1.
 *
 * @module
 */
import { DomainError, type LinearOperator, norm2, NotPositiveDefiniteError, rng } from "../../core/mod.ts";
import { checkCount } from "../krylov/iteration.ts";
import { add, scale } from "../matrices/arithmetic.ts";
import { type Cholesky, cholesky } from "../factorizations/cholesky.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import { lowRankOperator } from "../operators/mod.ts";
import { qr } from "../factorizations/qr.ts";
import { svd } from "../eigen/svd.ts";
import { solveTriangular } from "../matrices/triangular.ts";
import { checkMultipliable, gaussianMatrix, inner, type Multipliable, multiply } from "./block_products.ts";
import { checkSquareShape } from "../matrices/checks.ts";
import type { LowRankEigen, LowRankOptions } from "./randomized_svd.ts";
import { leading } from "./range_finder.ts";

/** Options of `nystrom`. */
export type NystromEigenOptions = Pick<LowRankOptions, "oversampling" | "generator">;

/**
 * The dominant eigenvalues and vectors of a positive semidefinite matrix, approximately, from k + p products:
 * `A ≈ U Λ Uᵀ` of rank k.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When k is no integer in 1 … n, p no whole number, or an entry not finite.
 * @throws {NotPositiveDefiniteError} When A is seen to have a negative eigenvalue.
 *
 * @example A matrix of rank one, exactly
 * ```ts
 * import { matrix, nystrom } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(nystrom(matrix([[1, 2, 3], [2, 4, 6], [3, 6, 9]]), 1).values[0], 14, 1e-10);
 * ```
 */
export function nystrom(A: Multipliable, k: number, options: NystromEigenOptions = {}): LowRankEigen {
  const verb = "approximate a matrix", { oversampling = 10, generator = rng(0) } = options, n = A.rows;
  checkSquareShape(verb, A);
  checkMultipliable(verb, A, k);
  checkCount(verb, "of columns of oversampling", oversampling);
  const Omega = qr(gaussianMatrix(n, Math.min(k + oversampling, n), generator)).Q, AOmega = multiply(A, Omega);
  const smallest = Math.sqrt(n) * Number.EPSILON * norm2(AOmega.data);
  if (!Number.isFinite(smallest)) throw new DomainError(`Cannot ${verb}: expected finite products, got ${smallest}`);
  if (smallest === 0) return { values: new Float64Array(k), vectors: leading(Omega, k) };
  for (let shift = smallest;; shift *= 10) {
    const Y = add(AOmega, scale(Omega, shift)), factor = factored(inner(Omega, Y));
    if (factor) {
      const { S, V } = svd(solveTriangular(factor.L, transpose(Y), { lower: true })); // C⁻¹Yᵀ = W Σ Uᵀ
      return { values: S.slice(0, k).map((sigma) => Math.max(0, sigma * sigma - shift)), vectors: leading(V, k) };
    }
    if (shift > 1e3 * smallest) {
      throw new NotPositiveDefiniteError(
        `Cannot ${verb}: expected it to be positive semidefinite, got a negative Rayleigh quotient`,
        1,
      );
    }
  }
}

/** The Cholesky factorization of the symmetric part, if there is one. */
function factored(G: ReturnType<typeof matrix>): Cholesky | undefined {
  try {
    return cholesky(scale(add(G, transpose(G)), 0.5));
  } catch (error) {
    if (error instanceof NotPositiveDefiniteError) return undefined;
    throw error;
  }
}

/** Options of `nystromPreconditioner`. */
export interface NystromPreconditionerOptions extends Pick<LowRankOptions, "generator"> {
  /** l, the number of products with A. Default min(n, 50). */
  readonly rank?: number;
}

/**
 * A preconditioner for `(A + μ I) x = b` with a positive semidefinite A whose eigenvalues fall: `apply` is the product
 * with P⁻¹, which is symmetric positive definite, at the cost of 4 l n operations.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When μ is not positive, or the rank not in 1 … n.
 * @throws {NotPositiveDefiniteError} When A is seen to have a negative eigenvalue.
 *
 * @example Ridge regression in few steps
 * ```ts
 * import { cg, diagonal, nystromPreconditioner, operatorOf } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const values = Array.from({ length: 100 }, (_, i) => 10 ** (4 - i)), mu = 1e-3;
 * const shifted = operatorOf(diagonal(values.map((value) => value + mu))), b = new Float64Array(100).fill(1);
 * const preconditioner = nystromPreconditioner(diagonal(values), mu, { rank: 20 });
 * assert(cg(shifted, b, { preconditioner }).iterations < cg(shifted, b).iterations);
 * ```
 */
export function nystromPreconditioner(
  A: Multipliable,
  mu: number,
  options: NystromPreconditionerOptions = {},
): LinearOperator {
  const { rank = Math.min(A.rows, 50), generator = rng(0) } = options;
  if (!(mu > 0 && mu < Infinity)) {
    throw new DomainError(`Cannot make a preconditioner: expected a positive μ, got ${mu}`);
  }
  const { values, vectors: U } = nystrom(A, rank, { oversampling: 0, generator }),
    last = values[rank - 1] + mu,
    scaled = matrix(U);
  for (let i = 0; i < U.rows; i++) {
    for (let j = 0; j < rank; j++) scaled.data[i * rank + j] *= last / (values[j] + mu) - 1;
  }
  return lowRankOperator(scaled, U, new Float64Array(A.rows).fill(1));
}
