/**
 * The largest of N convex losses, smoothed, and gradients of it from samples within a ball.
 *
 * ```
 * F(x) = ε' log Σᵢ exp(fᵢ(x)/ε'),   ε' = ε / (2 log N):   max fᵢ <= F <= max fᵢ + ε/2
 * p(x) = softmax(f(x)/ε')
 * G(x) = Σᵢ pᵢ(x̄) ε' exp((fᵢ(x) - fᵢ(x̄) + λ/2 |x - x̄|²)/ε'),   with the minimizer of  F + λ/2 |· - x̄|²
 * ∇G(x) = E exp((fᵢ(x) - fᵢ(x̄) + λ/2 |x - x̄|²)/ε') (∇fᵢ(x) + λ (x - x̄)),   i drawn by p(x̄)
 * ```
 *
 * In a ball of radius `r = ε'/L` around x̄ the weights p change by a constant factor, so that a sample drawn by p(x̄)
 * is good for all of it and a gradient costs one loss, not N. The quantum method of the source finds such a sample with
 * fewer calls; that speed is not here.
 *
 * Source: Carmon, Jambulapati, Jin and Sidford, Thinking inside the ball: near-optimal minimization of the maximal loss
 * (2021); Wang, Zhang and Li, Near-optimal quantum algorithm for minimizing the maximal loss (2024), arXiv 2402.12745.
 *
 * @module
 */
import {
  axpy,
  checkPositive,
  DomainError,
  dot,
  drawIndex,
  type Rng,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";

/** N convex losses. */
export interface Losses {
  /** The number of variables. */
  readonly dimension: number;
  /** `N`. */
  readonly count: number;
  /** `fᵢ(x)`. */
  readonly value: (x: Vector, i: number) => number;
  /** Writes `∇fᵢ(x)`, and returns `fᵢ(x)`. */
  readonly gradient: (x: Vector, i: number, out: Vector) => number;
  /** Writes `∇²fᵢ(x) v`. Left out for affine losses. */
  readonly hessianVector?: (x: Vector, i: number, v: Vector, out: Vector) => void;
}

/**
 * `ε' = ε / (2 log N)`.
 *
 * @throws {DomainError} When ε is not positive, or there are not two losses.
 */
export function smoothingFor(count: number, epsilon: number): number {
  checkPositive("smooth losses", "ε", epsilon);
  if (!(Number.isSafeInteger(count) && count >= 2)) {
    throw new DomainError(`Cannot smooth losses: expected two or more, got ${count}`);
  }
  return epsilon / (2 * Math.log(count));
}

/**
 * The smooth problem `F`, at most ε/2 above the largest loss.
 *
 * @throws {DomainError} When ε is not positive, or there are not two losses.
 *
 * @example |x| as the larger of x and -x
 * ```ts
 * import { softmaxSmoothing } from "@gradus/gradus/smooth";
 * import { assert } from "@std/assert";
 *
 * const F = softmaxSmoothing({
 *   dimension: 1,
 *   count: 2,
 *   value: ([x], i) => i === 0 ? x : -x,
 *   gradient: ([x], i, out) => {
 *     out[0] = i === 0 ? 1 : -1;
 *     return i === 0 ? x : -x;
 *   },
 * }, 0.1);
 * const above = F.value(Float64Array.of(0.01)) - 0.01;
 * assert(above > 0 && above <= 0.05);
 * ```
 */
export function softmaxSmoothing(losses: Losses, epsilon: number): TwiceSmooth {
  const { dimension: n, count } = losses, mu = smoothingFor(count, epsilon);
  const p = new Float64Array(count), g = new Float64Array(n), mean = new Float64Array(n), curved = new Float64Array(n);
  return {
    kind: "smooth",
    name: `the largest of ${count} losses, smoothed`,
    dimension: n,
    value: (x) => softmax(losses, mu, x, p),
    gradient: (x, out) => {
      const value = softmax(losses, mu, x, p);
      out.fill(0);
      for (let i = 0; i < count; i++) {
        losses.gradient(x, i, g);
        axpy(p[i], g, out);
      }
      return value;
    },
    hessianVector: (x, v, out) => { // Σ pᵢ (∇²fᵢ + gᵢgᵢᵀ/ε') v - ḡ ḡᵀv/ε'
      softmax(losses, mu, x, p);
      out.fill(0);
      mean.fill(0);
      for (let i = 0; i < count; i++) {
        if (p[i] === 0) continue;
        losses.gradient(x, i, g);
        axpy(p[i], g, mean);
        axpy(p[i] * dot(g, v) / mu, g, out);
        if (!losses.hessianVector) continue;
        losses.hessianVector(x, i, v, curved);
        axpy(p[i], curved, out);
      }
      axpy(-dot(mean, v) / mu, mean, out);
    },
  };
}

/** Writes p(x), and returns F(x). */
function softmax({ count, value }: Pick<Losses, "count" | "value">, mu: number, x: Vector, p: Vector): number {
  let most = -Infinity, sum = 0;
  for (let i = 0; i < count; i++) most = Math.max(most, p[i] = value(x, i) / mu);
  for (let i = 0; i < count; i++) sum += p[i] = Math.exp(p[i] - most);
  for (let i = 0; i < count; i++) p[i] /= sum;
  return mu * (most + Math.log(sum));
}

/** Options of `stochasticBallOracle`. */
export interface BallOracleOptions {
  /** `x̄`. */
  readonly center: Vector;
  /** `r`. */
  readonly radius: number;
  /** `λ`. */
  readonly lambda: number;
  /** `ε`. */
  readonly epsilon: number;
  /** Steps: each costs two losses and a gradient. */
  readonly steps: number;
  /** The generator, which advances. */
  readonly random: Rng;
}

/** Unbiased gradients of G, one sample each. */
export interface SampledModel {
  /** `p(x̄)`. */
  readonly weights: Vector;
  /** Writes a sample of `∇G(x)`. */
  readonly sample: (x: Vector, random: Rng, out: Vector) => void;
  /** Writes `∇G(x)` at the cost of N losses. */
  readonly gradient: (x: Vector, out: Vector) => void;
}

/**
 * The model G around a center: N losses once, then one for each sample.
 *
 * @throws {DomainError} When ε is not positive, λ negative, or there are not two losses.
 */
export function exponentiatedModel(
  losses: Losses,
  { center, lambda, epsilon }: Pick<BallOracleOptions, "center" | "lambda" | "epsilon">,
): SampledModel {
  const { count } = losses, mu = smoothingFor(count, epsilon), at = center.slice(), p = new Float64Array(count);
  if (!(lambda >= 0)) throw new DomainError(`Cannot model losses in a ball: expected λ >= 0, got ${lambda}`);
  const base = Float64Array.from(p, (_, i) => losses.value(at, i));
  softmax({ count, value: (_, i) => base[i] }, mu, at, p);
  const cumulative = p.slice();
  for (let i = 1; i < count; i++) cumulative[i] += cumulative[i - 1];
  /** Writes the term of i. */
  const term = (x: Vector, i: number, out: Vector): void => {
    const value = losses.gradient(x, i, out);
    let square = 0;
    for (let j = 0; j < x.length; j++) square += (x[j] - at[j]) ** 2;
    const scale = Math.exp((value - base[i] + lambda / 2 * square) / mu);
    for (let j = 0; j < x.length; j++) out[j] = scale * (out[j] + lambda * (x[j] - at[j]));
  };
  const room = new Float64Array(losses.dimension);
  return {
    weights: p,
    sample: (x, random, out) => term(x, drawIndex(cumulative, random), out),
    gradient: (x, out) => {
      out.fill(0);
      for (let i = 0; i < count; i++) {
        term(x, i, room);
        axpy(p[i], room, out);
      }
    },
  };
}

/**
 * An approximate minimizer of `F + λ/2 |· - x̄|²` in a ball around x̄, by projected stochastic gradients of G with the
 * steps `2/(λ(t + 1))` and the average weighted by t.
 *
 * @throws {DomainError} When r, λ or ε is not positive, or there is no step or not two losses.
 */
export function stochasticBallOracle(losses: Losses, options: BallOracleOptions): Vector {
  const { center, radius, lambda, steps, random } = options,
    n = center.length,
    model = exponentiatedModel(losses, options);
  if (!(radius > 0 && lambda > 0 && Number.isSafeInteger(steps) && steps >= 1)) {
    throw new DomainError(
      `Cannot minimize in a ball: expected r > 0, λ > 0 and some steps, got ${radius}, ${lambda} and ${steps}`,
    );
  }
  const x = center.slice(), g = new Float64Array(n), average = new Float64Array(n);
  for (let t = 1; t <= steps; t++) {
    model.sample(x, random, g);
    axpy(-2 / (lambda * (t + 1)), g, x);
    let square = 0;
    for (let j = 0; j < n; j++) square += (x[j] - center[j]) ** 2;
    const shrink = Math.min(1, radius / Math.sqrt(square)), share = 2 / (t + 1); // of the weighted average
    for (let j = 0; j < n; j++) {
      if (shrink < 1) x[j] = center[j] + shrink * (x[j] - center[j]);
      average[j] += share * (x[j] - average[j]);
    }
  }
  return average;
}
