/**
 * Linear models on data in which missing entries are taken for zero.
 *
 * ```
 * Z = P ∘ X,  P ~ Bernoulli(ρ), one where an entry is observed
 * E z zᵀ = ρ² Σ + ρ(1-ρ) diag Σ,   E y z = ρ Σ θ*
 * θ_imp = (1/ρ) (Σ + ((1-ρ)/ρ) diag Σ)⁻¹ Σ θ*
 * ```
 *
 * So imputing zeros is ridge regression with the penalty (1-ρ)/ρ on standardized features, up to the factor 1/ρ. Points
 * to predict are imputed as well. Features are centred beforehand: a zero stands for the mean.
 *
 * Source: Ayme, Boyer, Dieuleveut and Scornet, Naive imputation implicitly regularizes high-dimensional linear models
 * (2023), arXiv 2301.13585, proposition 3.1 and section 4.
 *
 * @module
 */
import { axpy, DomainError, dot, type Matrix, type Rng, uniform, type Vector } from "../core/mod.ts";
import { checkFinite, checkLength, checkSquare, target } from "./matrices/checks.ts";
import { cholesky } from "./factorizations/cholesky.ts";
import { matvec } from "./matrices/matmul.ts";

/**
 * A copy of X, n x d, in which each entry stays with probability ρ and is zero otherwise.
 *
 * @throws {DomainError} When ρ is not in (0, 1].
 */
export function zeroImpute(X: Matrix, rho: number, random: Rng, out?: Matrix): Matrix {
  checkRate(rho);
  const Z = target("impute", X.rows, X.columns, out), { data } = Z;
  for (let i = 0; i < data.length; i++) data[i] = uniform(random) < rho ? X.data[i] : 0;
  return Z;
}

/**
 * The second moments `ρ² Σ + ρ(1-ρ) diag Σ` of imputed features with the second moments Σ, d x d.
 *
 * @throws {DomainError} When ρ is not in (0, 1].
 */
export function imputedCovariance(Sigma: Matrix, rho: number): Matrix {
  checkRate(rho);
  checkSquare("impute", Sigma);
  const d = Sigma.rows, data = Sigma.data.map((entry) => rho * rho * entry);
  for (let i = 0; i < d; i++) data[i * (d + 1)] = rho * Sigma.data[i * (d + 1)];
  return { rows: d, columns: d, data };
}

/**
 * The best coefficients for imputed features, `θ_imp`, where θ* are the best ones for complete features.
 *
 * @throws {ShapeError} When Σ is not square or θ* has another length.
 * @throws {DomainError} When ρ is not in (0, 1] or an entry is not finite.
 * @throws {NotPositiveDefiniteError} When Σ with its diagonal enlarged is not positive definite.
 *
 * @example Half of the entries missing
 * ```ts
 * import { identity, imputedOptimum } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [first, second] = imputedOptimum(identity(2), Float64Array.of(3, -1), 0.5);
 * assertAlmostEquals(first, 3, 1e-14); // independent features keep their coefficients
 * assertAlmostEquals(second, -1, 1e-14);
 * ```
 */
export function imputedOptimum(Sigma: Matrix, theta: Vector, rho: number): Vector {
  checkFinite("find the optimum for imputed data", Sigma);
  const right = matvec(Sigma, theta);
  for (let i = 0; i < right.length; i++) right[i] *= rho;
  return cholesky(imputedCovariance(Sigma, rho)).solve(right, right);
}

/** A step for averaged stochastic gradients. */
export interface ImputedSgdOptions {
  /**
   * γ. Default `1/(2R²)`, R² the mean of |zᵢ|². The paper's `1/(R² √n)` is so short that the start shows for n in the
   * hundreds.
   */
  readonly stepSize?: number;
}

/**
 * One pass of stochastic gradients over imputed rows from θ = 0, with a constant step, averaged:
 *
 * ```
 * θᵢ = θᵢ₋₁ + γ zᵢ (yᵢ - zᵢᵀ θᵢ₋₁),   returns (θ₀ + … + θₙ)/(n+1)
 * ```
 *
 * @throws {ShapeError} When y has not n entries.
 * @throws {DomainError} When Z has no rows, is zero, or holds an entry that is not finite, or the step is not positive.
 */
export function imputedAsgd(Z: Matrix, y: Vector, { stepSize }: ImputedSgdOptions = {}): Vector {
  const verb = "fit imputed data", { rows: n, columns: d, data } = Z;
  checkFinite(verb, Z);
  checkLength(verb, "y", y, n);
  const gamma = stepSize ?? n / (2 * dot(data, data));
  if (!(gamma > 0 && gamma < Infinity)) {
    throw new DomainError(
      `Cannot ${verb}: expected rows that are not all zero and a positive step, got the step ${gamma}`,
    );
  }
  const theta = new Float64Array(d), average = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const z = data.subarray(i * d, (i + 1) * d);
    axpy(gamma * (y[i] - dot(z, theta)), z, theta);
    axpy(1 / (n + 1), theta, average);
  }
  return average;
}

function checkRate(rho: number): void {
  if (!(rho > 0 && rho <= 1)) throw new DomainError(`Cannot impute: expected a rate ρ in (0, 1], got ${rho}`);
}
