/**
 * Traces and diagonals of matrices that are known by their products.
 *
 * ```
 * z random signs:  E zᵀA z = tr A,   E z ∘ A z = diag A
 * Var zᵀA z = 2 (|A|_F² - Σ aᵢᵢ²)  for symmetric A,    Var (z ∘ A z)ᵢ = Σ_{j ≠ i} aᵢⱼ²
 * ```
 *
 * Source: Hutchinson, A stochastic estimator of the trace of the influence matrix (1989); Bekas, Kokiopoulou and Saad,
 * An estimator for the diagonal of a matrix (2007).
 *
 * @module
 */
import { dot, fillRademacher, type Rng, rng, type Vector } from "../../core/mod.ts";
import { checkCount } from "../krylov/iteration.ts";
import { averaged, type Estimate, type MatrixProduct, type ProbeOptions, RunningMean } from "./trace_estimate.ts";

/**
 * The trace of a matrix of order n: the mean of `zᵀA z` over random signs z. Its relative error for semidefinite A is
 * about `√(2/probes)` or less.
 *
 * @throws {DomainError} When n, the number of products or a batch is no positive integer, the tolerance is negative, or
 * a product is not finite.
 *
 * @example The trace of a matrix that is never formed
 * ```ts
 * import { hutchinson } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const laplacian = (v: Float64Array, out: Float64Array) => {
 *   for (let i = 0; i < v.length; i++) out[i] = 2 * v[i] - (v[i - 1] ?? 0) - (v[i + 1] ?? 0);
 * };
 * const { value, standardError } = hutchinson(laplacian, 50);
 * assert(Math.abs(value - 100) < 3 * standardError);
 * ```
 */
export function hutchinson(apply: MatrixProduct, n: number, options: ProbeOptions = {}): Estimate {
  const verb = "estimate a trace", { maxProducts = 100, generator = rng(0) } = options;
  checkCount(verb, "of rows", n, 1);
  const z = new Float64Array(n), Az = new Float64Array(n);
  const { mean, standardError, count } = averaged(verb, maxProducts, options, () => {
    apply(fillRademacher(generator, z), Az);
    return dot(z, Az);
  });
  return { value: mean, standardError, products: count };
}

/** A diagonal, estimated entry by entry. */
export interface DiagonalEstimate {
  /** The estimate of each aᵢᵢ. */
  readonly diagonal: Vector;
  /** The estimated standard deviation of each. */
  readonly standardErrors: Vector;
}

/** Options of `hutchinsonDiagonal`. */
export interface DiagonalOptions {
  /** How many products with A are taken. Default 100. */
  readonly products?: number;
  /** Draws the probes. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/**
 * The diagonal of a matrix of order n: the mean of `z ∘ A z` over random signs z. A diagonal matrix is found by one
 * probe.
 *
 * @throws {DomainError} When n or the number of products is no positive integer.
 *
 * @example Products with a 2 x 2 matrix
 * ```ts
 * import { hutchinsonDiagonal, matrix, matvec } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = matrix([[5, 1], [1, -3]]);
 * const { diagonal } = hutchinsonDiagonal((v, out) => matvec(A, v, out), 2, { products: 400 });
 * assertAlmostEquals(diagonal[0], 5, 0.15);
 * assertAlmostEquals(diagonal[1], -3, 0.15);
 * ```
 */
export function hutchinsonDiagonal(apply: MatrixProduct, n: number, options: DiagonalOptions = {}): DiagonalEstimate {
  const verb = "estimate a diagonal", { products = 100, generator = rng(0) } = options;
  checkCount(verb, "of rows", n, 1);
  checkCount(verb, "of products", products, 1);
  const z = new Float64Array(n), probe = new Float64Array(n), means = Array.from(z, () => new RunningMean());
  for (let k = 0; k < products; k++) {
    diagonalProbe(apply, generator, z, probe);
    for (let i = 0; i < n; i++) means[i].add(probe[i]);
  }
  return {
    diagonal: Float64Array.from(means, ({ mean }) => mean),
    standardErrors: Float64Array.from(means, ({ standardError }) => standardError),
  };
}

/** One probe of a diagonal, for methods that average over their steps: fills z with signs, and `out ← z ∘ A z`. */
export function diagonalProbe(apply: MatrixProduct, random: Rng, z: Vector, out: Vector): void {
  apply(fillRademacher(random, z), out);
  for (let i = 0; i < z.length; i++) out[i] *= z[i];
}
