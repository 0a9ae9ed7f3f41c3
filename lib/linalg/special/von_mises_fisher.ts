/**
 * The von Mises-Fisher distribution on the unit sphere in p dimensions, with the density
 *
 * ```
 * f(x) = C(κ) e^{κ μ·x},   log C(κ) = (p/2 - 1) log κ - (p/2) log 2π - log I_{p/2-1}(κ),   |μ| = 1, κ >= 0
 * ```
 *
 * Fit: μ is the direction of the mean x̄ of the samples, κ solves `A(κ) = R`, where `A = I_{p/2} / I_{p/2-1}` and
 * `R = |x̄|`, by Newton's method from `κ = R (p - R²) / (1 - R²)` with `A' = 1 - A² - (p-1) A/κ`.
 *
 * Sources: Banerjee, Dhillon, Ghosh and Sra, Clustering on the unit hypersphere using von Mises-Fisher distributions
 * (2005); Hornik and Grün, On maximum likelihood estimation of the concentration parameter (2014); Wood, Simulation of
 * the von Mises Fisher distribution (1994); the function of Bessel as in arXiv 2409.08729.
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  fillNormal,
  fillSphere,
  type Matrix,
  norm2,
  type Rng,
  scale,
  uniform,
  type Vector,
} from "../../core/mod.ts";
import { checkFinite, checkFiniteEntries, checkLength } from "../matrices/checks.ts";
import { besselRatio, logScaledBesselI } from "./log_bessel.ts";
import { logGamma } from "./log_gamma.ts";
import { matrix } from "../matrices/matrix.ts";

/** A concentration κ that maximizes the likelihood. */
export interface VmfConcentration {
  /** κ. */
  readonly kappa: number;
  /** Steps of Newton's method. */
  readonly iterations: number;
}

/** A distribution fitted to samples. */
export interface VmfFit extends VmfConcentration {
  /** The direction μ. */
  readonly mean: Vector;
  /** `R`, the length of the mean of the samples. */
  readonly resultant: number;
}

/**
 * The direction and the concentration that make the rows of X, N x p, unit vectors, most likely.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When p < 2, a row has not length 1, or R is not in (0, 1): rows that cancel, or are all the
 * same.
 *
 * @example Three directions in the plane
 * ```ts
 * import { matrix, vmfFit } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { mean, kappa } = vmfFit(matrix([[1, 0], [0.6, 0.8], [0.6, -0.8]]));
 * assertAlmostEquals(mean[0], 1);
 * assertAlmostEquals(kappa, 2.238756, 1e-6); // I₁(κ) / I₀(κ) = 2.2/3
 * ```
 */
export function vmfFit(X: Matrix): VmfFit {
  checkFinite(FIT, X);
  const { rows: N, columns: p, data } = X, mean = new Float64Array(p);
  for (let i = 0; i < N; i++) {
    const x = data.subarray(i * p, (i + 1) * p);
    checkUnit(FIT, x);
    axpy(1 / N, x, mean);
  }
  const resultant = norm2(mean);
  const { kappa, iterations } = vmfConcentration(p, resultant);
  scale(1 / resultant, mean);
  return { mean, resultant, kappa, iterations };
}

const FIT = "fit a von Mises-Fisher distribution";

/**
 * The concentration κ in p dimensions at which the mean has length R: `I_{p/2}(κ) / I_{p/2-1}(κ) = R`. It lies between
 * `R (p-1) / (1 - R²)` and `R p / (1 - R²)`.
 *
 * @throws {DomainError} When p is no whole number from 2 on, or R not in (0, 1).
 */
export function vmfConcentration(p: number, R: number): VmfConcentration {
  checkDimension(FIT, p);
  if (!(R > 0 && R < 1)) throw new DomainError(`Cannot ${FIT}: expected a mean of a length in (0, 1), got ${R}`);
  const v = p / 2 - 1, rest = (1 - R) * (1 + R), least = R * (p - 1) / rest, most = R * p / rest;
  let kappa = R * (p - R * R) / rest, previous = Infinity, iterations = 0;
  while (true) {
    const A = besselRatio(v, kappa), slope = slopeOf(p, kappa, A);
    const next = Math.min(most, Math.max(least, kappa - (A - R) / slope)), length = Math.abs(next - kappa);
    if (!(length < previous / 2)) return { kappa, iterations }; // rounding is all that moves it
    kappa = next;
    previous = length;
    iterations++;
    if (length <= 1e-9 * kappa) return { kappa, iterations }; // the step was quadratic
  }
}

/** A'; where that has lost its digits, the slope of the bound `A > κ / (m + √(m² + κ²))`, m = p/2, which is near it. */
function slopeOf(p: number, kappa: number, A: number): number {
  const m = p / 2, root = Math.hypot(m, kappa), bound = m / (root * (m + root));
  const slope = 1 - A * A - (p - 1) * A / kappa;
  return slope > bound / 2 && slope < 2 * bound ? slope : bound;
}

/**
 * The logarithm of the density at x, a unit vector, for the direction `mean` and the concentration `kappa`.
 *
 * @throws {ShapeError} When x and the mean differ in length.
 * @throws {DomainError} When p < 2, a vector has not length 1, or κ is negative or not finite.
 *
 * @example Uniform on the sphere, whose area is 4π
 * ```ts
 * import { vmfLogPdf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(vmfLogPdf(Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0), 0), -Math.log(4 * Math.PI));
 * ```
 */
export function vmfLogPdf(x: Vector, mean: Vector, kappa: number): number {
  const verb = "evaluate a von Mises-Fisher density", p = mean.length, v = p / 2 - 1;
  checkParameters(verb, mean, kappa);
  checkLength(verb, "a point", x, p);
  checkUnit(verb, x);
  // κ^v / I_v(κ) goes to 2^v Γ(v+1) as κ goes to 0
  const quotient = kappa < 1e-8 // of which e^κ has been taken out
    ? kappa + v * Math.LN2 + logGamma(v + 1)
    : v * Math.log(kappa) - logScaledBesselI(v, kappa);
  let squares = 0;
  for (let i = 0; i < p; i++) squares += (x[i] - mean[i]) ** 2;
  return -kappa * squares / 2 + quotient - (v + 1) * Math.log(2 * Math.PI); // μ·x - 1 = -|x - μ|²/2
}

/**
 * So many samples, in rows, by Wood's rejection: `w = μ·x` by a proposal from the symmetric beta distribution, of which
 * about two in three or more pass, and around μ a uniform direction.
 *
 * @throws {DomainError} When p < 2, the mean has not length 1, or κ is negative or not finite.
 *
 * @example Concentrated at a pole
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { vmfSample } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const { data } = vmfSample(Float64Array.of(0, 1), 1e6, 1, rng(1));
 * assert(data[1] > 0.9999);
 * ```
 */
export function vmfSample(mean: Vector, kappa: number, count: number, random: Rng): Matrix {
  checkParameters("sample a von Mises-Fisher distribution", mean, kappa);
  const p = mean.length, X = matrix(count, p), b = (p - 1) / (2 * kappa + Math.hypot(2 * kappa, p - 1));
  const sphere = new Float64Array(p);
  for (let i = 0; i < count; i++) {
    const x = X.data.subarray(i * p, (i + 1) * p);
    const fall = drawFall(kappa, b, sphere, random), w = 1 - fall; // 1 - w, which may be much smaller than 1
    fillNormal(random, x);
    axpy(-dot(mean, x), mean, x);
    axpy(-dot(mean, x), mean, x); // the first projection leaves rounding of the component along μ
    scale(Math.sqrt(fall * (2 - fall)) / norm2(x), x);
    axpy(w, mean, x);
  }
  return X;
}

/** `1 - w`, where `w = (1 - (1+b) z) / (1 - (1-b) z)` and z comes from the beta distribution of (p-1)/2 and (p-1)/2. */
function drawFall(kappa: number, b: number, sphere: Vector, random: Rng): number {
  const p = sphere.length, fall0 = 2 * b / (1 + b); // of x₀ = (1-b)/(1+b)
  while (true) {
    const z = (1 + fillSphere(random, sphere)[0]) / 2, fall = 2 * b * z / (1 - (1 - b) * z);
    // κ w + (p-1) log(1 - x₀ w), less the same at w = x₀
    const advantage = kappa * (fall0 - fall) +
      (p - 1) * Math.log((fall0 + (1 - fall0) * fall) / (fall0 * (2 - fall0)));
    if (advantage >= Math.log(uniform(random))) return fall;
  }
}

function checkDimension(verb: string, p: number): void {
  if (!(Number.isSafeInteger(p) && p >= 2)) {
    throw new DomainError(`Cannot ${verb}: expected 2 or more dimensions, got ${p}`);
  }
}

function checkParameters(verb: string, mean: Vector, kappa: number): void {
  checkDimension(verb, mean.length);
  checkUnit(verb, mean);
  if (!(kappa >= 0 && kappa < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected a finite concentration >= 0, got ${kappa}`);
  }
}

function checkUnit(verb: string, x: Vector): void {
  checkFiniteEntries(verb, x);
  const length = norm2(x);
  if (!(Math.abs(length - 1) <= 1e-6)) {
    throw new DomainError(`Cannot ${verb}: expected unit vectors, got length ${length}`);
  }
}
