/**
 * Linear stochastic approximation with a fixed step, and its average.
 *
 * ```
 * θₙ₊₁ = θₙ - α (Aₙ θₙ - bₙ),   E Aₙ = A with -A Hurwitz,   E bₙ = A θ*
 * ```
 *
 * The last iterate stays about `√α` away from θ*; the average of the second half approaches it. Stability of the mean,
 * `|1 - α λ(A)| < 1`, is not enough for that: the second moments have to contract, too, and even then higher moments
 * are infinite for a fixed step.
 *
 * Source: Durmus, Moulines, Naumov, Samsonov, Scaman and Wai, Tight High Probability Bounds for Linear Stochastic
 * Approximation with Fixed Stepsize (2021), arXiv 2106.01257.
 *
 * @module
 */
import {
  checkPositive,
  DomainError,
  isFiniteVector,
  type Matrix,
  type Rng,
  rng,
  type Vector,
  vector,
} from "../core/mod.ts";
import { matmul, norm, scale } from "../linalg/mod.ts";

/** A system of which only samples are seen. */
export interface NoisyLinearSystem {
  /** d. */
  readonly dimension: number;
  /** Draws Aₙ, d x d row by row, and bₙ into `A` and `b`. */
  readonly sample: (random: Rng, A: Vector, b: Vector) => void;
}

/** How to run. */
export interface LinearApproximationOptions {
  /** α. */
  readonly stepSize: number;
  /** Steps to make. */
  readonly iterations: number;
  /** θ₀. Default 0. */
  readonly start?: Vector;
  /** Of the generator. Default 0. */
  readonly seed?: number;
}

/** Where the iteration ended. */
export interface LinearApproximation {
  /** The last iterate. */
  readonly x: Vector;
  /** The average of the iterates of the second half (Polyak and Ruppert). */
  readonly average: Vector;
  /** `non-finite` when an iterate was: x is then the last good one. */
  readonly status: "completed" | "non-finite";
  /** Steps made. */
  readonly iterations: number;
}

/**
 * Runs the iteration.
 *
 * @throws {ShapeError} When the start has not d entries.
 * @throws {DomainError} When the step or the number of iterations is not positive, or, for d <= 20, when second moments
 * grow: `meanSquareRadius` of 1000 samples is 1 or more.
 *
 * @example The mean of noisy numbers
 * ```ts
 * import { linearStochasticApproximation } from "@gradus/gradus/stochastic";
 * import { normal } from "@gradus/gradus/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const system = { dimension: 1, sample: (random: Uint32Array, A: Float64Array, b: Float64Array) => {
 *   A[0] = 1;
 *   b[0] = 5 + normal(random);
 * } };
 * const { average } = linearStochasticApproximation(system, { stepSize: 0.1, iterations: 20_000 });
 * assertAlmostEquals(average[0], 5, 0.05);
 * ```
 */
export function linearStochasticApproximation(
  system: NoisyLinearSystem,
  { stepSize, iterations, start, seed = 0 }: LinearApproximationOptions,
): LinearApproximation {
  const { dimension: d, sample } = system;
  checkDimension(d);
  checkPositive("approximate", "a step", stepSize);
  if (!(Number.isSafeInteger(iterations) && iterations > 0)) {
    throw new DomainError(`Cannot approximate: expected a positive whole number of iterations, got ${iterations}`);
  }
  let x = vector(start ?? new Float64Array(d), d, "start"), next: Vector = new Float64Array(d);
  if (d <= 20) {
    const radius = meanSquareRadius(system, stepSize);
    if (radius >= 1) {
      throw new DomainError(
        `Cannot approximate: expected a step for which second moments contract, with ${stepSize} they grow by ` +
          `${radius.toPrecision(4)} a step`,
      );
    }
  }
  const random = rng(seed), A = new Float64Array(d * d), b = new Float64Array(d), average = new Float64Array(d);
  const from = iterations >> 1;
  for (let n = 0; n < iterations; n++) {
    sample(random, A, b);
    for (let i = 0; i < d; i++) {
      let residual = -b[i];
      for (let j = 0; j < d; j++) residual += A[i * d + j] * x[j];
      next[i] = x[i] - stepSize * residual;
    }
    if (!isFiniteVector(next)) return { x, average, status: "non-finite", iterations: n };
    [x, next] = [next, x];
    if (n >= from) { for (let i = 0; i < d; i++) average[i] += (x[i] - average[i]) / (n - from + 1); }
  }
  return { x, average, status: "completed", iterations };
}

/** Over how many samples to take a mean. */
export interface MeanSquareOptions {
  /** Default 1000. */
  readonly samples?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * The spectral radius of `E (I - αAₙ) ⊗ (I - αAₙ)`, by which second moments of the error change per step, with the mean
 * over samples in place of the expectation. O(samples d⁴ + d⁶) operations.
 *
 * @throws {DomainError} When α or the number of samples is not positive, or a sample is not finite.
 */
export function meanSquareRadius(
  { dimension: d, sample }: NoisyLinearSystem,
  stepSize: number,
  { samples = 1000, seed = 0 }: MeanSquareOptions = {},
): number {
  checkDimension(d);
  checkPositive("approximate", "a step", stepSize);
  checkPositive("approximate", "a number of samples", samples);
  const random = rng(seed), A = new Float64Array(d * d), b = new Float64Array(d), size = d * d;
  const mean = new Float64Array(size * size);
  for (let n = 0; n < samples; n++) {
    sample(random, A, b);
    if (!isFiniteVector(A)) throw new DomainError("Cannot approximate: expected finite samples of A");
    for (let k = 0; k < size; k++) A[k] = (k % (d + 1) === 0 ? 1 : 0) - stepSize * A[k];
    for (let i = 0; i < d; i++) {
      for (let k = 0; k < d; k++) {
        for (let j = 0, at = (i * d + k) * size; j < d; j++) {
          const a = A[i * d + j] / samples;
          for (let l = 0; l < d; l++, at++) mean[at] += a * A[k * d + l];
        }
      }
    }
  }
  // Gelfand's formula with the power 2²⁰, by squaring
  let M: Matrix = { rows: size, columns: size, data: mean }, logarithm = 0;
  for (let k = 0; k < 20; k++) {
    const length = norm(M);
    if (length === 0) return 0;
    logarithm += Math.log(length) / 2 ** k;
    M = scale(M, 1 / length);
    M = matmul(M, M);
  }
  return Math.exp(logarithm);
}

function checkDimension(d: number): void {
  if (!Number.isSafeInteger(d) || d < 1) {
    throw new DomainError(`Cannot approximate: expected a positive integer for the dimension, got ${d}`);
  }
}
