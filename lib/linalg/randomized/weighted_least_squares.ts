/**
 * Least squares in a space of functions from few, well chosen points.
 *
 * ```
 * f ≈ φᵀc:  minimize Σ w(xᵢ) (f(xᵢ) - φ(xᵢ)ᵀc)²,   w(x) = m/|φ(x)|²,  φ orthonormal in L²(μ)
 * Christoffel sample:      independent points of the density |φ|²/m dμ
 * projection DPP:          x₁ so;  x_k of the density |P_k φ|²/(m-k+1) dμ,  P_k φ the part of φ orthogonal to φ(x₁), …, φ(x_{k-1})
 * volume-rescaled sample:  m points of the DPP and n - m Christoffel points, in random order:  E c = ∫ f φ dμ
 * repeated DPP:            r independent draws of m points
 * ```
 *
 * The error is near that of the best approximation when the Gram matrix `G = (1/n) Σ w φ φᵀ` is near the identity; so a
 * sample can be drawn anew until the least eigenvalue of G is at least 1 - δ.
 *
 * Source: Nouy and Michel, Weighted least-squares approximation with determinantal point processes and generalized
 * volume sampling (2023), arXiv 2312.14057; Derezinski, Warmuth and Hsu, Unbiased estimators for random design
 * regression (2022); Haberstich, Nouy and Perrin, Boosted optimal weighted least-squares (2022).
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  type Matrix,
  permutation,
  type Rng,
  scale,
  ShapeError,
  uniform,
  type Vector,
} from "../../core/mod.ts";
import { addOuter } from "../matrices/arithmetic.ts";
import { checkFinite, checkLength, shapeOf } from "../matrices/checks.ts";
import { eigvalsh } from "../eigen/eigh.ts";
import { checkCount } from "../krylov/iteration.ts";
import { lstsq } from "../systems/least_squares.ts";
import { matrix, row } from "../matrices/matrix.ts";
import type { OrthonormalBasis } from "./orthonormal_basis.ts";

/**
 * n independent points with the density `|φ|²/m`, in the rows of a matrix.
 *
 * @throws {DomainError} When n is no positive integer, or the basis exceeds its own bound.
 */
export function christoffelSample(basis: OrthonormalBasis, n: number, random: Rng): Matrix {
  checkCount("draw a Christoffel sample", "of points", n, 1);
  const { dimension, size } = basis, points = matrix(n, dimension), phi = new Float64Array(size);
  for (let k = 0; k < n; k++) drawOutside(basis, 0, matrix(0, size), row(points, k), phi, random);
  return points;
}

/**
 * m points of the projection determinantal process of the basis, in the rows of a matrix: they repel each other, and
 * the weighted Gram matrix is never singular.
 *
 * @throws {DomainError} When the basis exceeds its own bound.
 *
 * @example Three points for three functions
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { legendreBasis, projectionDpp } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const points = projectionDpp(legendreBasis(3), rng(1));
 * assertEquals([points.rows, points.columns], [3, 1]);
 * ```
 */
export function projectionDpp(basis: OrthonormalBasis, random: Rng): Matrix {
  const { size: m, dimension } = basis,
    points = matrix(m, dimension),
    spanned = matrix(m, m),
    phi = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    drawOutside(basis, k, spanned, row(points, k), phi, random);
    scale(1 / Math.sqrt(dot(phi, phi)), phi);
    spanned.data.set(phi, k * m);
  }
  return points;
}

/**
 * Draws x with the density of the part of `φ(x)` outside the first k rows of `spanned`, which are orthonormal; leaves
 * that part in phi.
 */
function drawOutside(basis: OrthonormalBasis, k: number, spanned: Matrix, x: Vector, phi: Vector, random: Rng): void {
  for (;;) {
    const bound = basis.propose(random, x);
    basis.evaluate(x, phi);
    const whole = dot(phi, phi);
    if (!(whole <= bound * (1 + 1e-12))) {
      throw new DomainError(`Cannot draw points: expected a bound of |φ|² = ${whole} at x = ${x}, got ${bound}`);
    }
    const m = phi.length;
    for (let pass = 0; pass < 2; pass++) { // Gram-Schmidt, twice
      for (let p = 0; p < k; p++) {
        const q = spanned.data.subarray(p * m, (p + 1) * m);
        axpy(-dot(q, phi), q, phi);
      }
    }
    if (uniform(random) * bound < dot(phi, phi)) return;
  }
}

/**
 * n >= m points of the law with the density proportional to `det(Σ w φ φᵀ)` times that of a Christoffel sample; with it
 * weighted least squares are unbiased.
 *
 * @throws {DomainError} When n is no integer of m or more, or the basis exceeds its own bound.
 */
export function volumeSample(basis: OrthonormalBasis, n: number, random: Rng): Matrix {
  const { size: m, dimension } = basis, points = matrix(n, dimension);
  checkCount("draw a volume sample", "of points", n, m);
  const order = permutation(random, new Uint32Array(n)), first = projectionDpp(basis, random);
  const rest = n > m ? christoffelSample(basis, n - m, random) : matrix(0, dimension);
  order.forEach((to, k) => points.data.set(k < m ? row(first, k) : row(rest, k - m), to * dimension));
  return points;
}

/**
 * The points of r independent draws of the projection process, r m in all.
 *
 * @throws {DomainError} When r is no positive integer, or the basis exceeds its own bound.
 */
export function repeatedDpp(basis: OrthonormalBasis, r: number, random: Rng): Matrix {
  const { size: m, dimension } = basis;
  checkCount("draw points", "of repetitions", r, 1);
  const points = matrix(r * m, dimension);
  for (let k = 0; k < r; k++) points.data.set(projectionDpp(basis, random).data, k * m * dimension);
  return points;
}

/** The coefficients of a weighted fit. */
export interface WeightedFit {
  /** c: the approximation is `φ(x)ᵀc`. */
  readonly coefficients: Vector;
  /** The least eigenvalue of G: the squared error is at most so many times smaller than it would be for G = I. */
  readonly stability: number;
}

/**
 * Fits values at points by weighted least squares. Of several minimizers the shortest.
 *
 * @throws {ShapeError} When the points have another dimension, or there are not as many values.
 * @throws {DomainError} When an entry is not finite, or there are fewer points than functions.
 *
 * @example A polynomial is found again
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { legendreBasis, volumeSample, weightedLsq } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const basis = legendreBasis(3), points = volumeSample(basis, 5, rng(1));
 * const { coefficients } = weightedLsq(basis, points, points.data.map((x) => 2 - x));
 * assertAlmostEquals(coefficients[0], 2, 1e-12);
 * assertAlmostEquals(coefficients[1], -1 / Math.sqrt(3), 1e-12);
 * ```
 */
export function weightedLsq(basis: OrthonormalBasis, points: Matrix, values: Vector): WeightedFit {
  const verb = "fit by weighted least squares", { size: m } = basis, n = points.rows;
  checkPoints(verb, basis, points);
  checkLength(verb, "values", values, n);
  const A = matrix(n, m), b = values.slice();
  for (let k = 0; k < n; k++) {
    const phi = row(A, k);
    basis.evaluate(row(points, k), phi);
    const root = Math.sqrt(m / dot(phi, phi));
    scale(root, phi);
    b[k] *= root;
  }
  return { coefficients: lstsq(A, b).x, stability: stabilityOf(basis, points) };
}

/**
 * The least eigenvalue of `G = (1/n) Σ w(xᵢ) φ(xᵢ) φ(xᵢ)ᵀ`, at most 1.
 *
 * @throws {ShapeError} When the points have another dimension.
 * @throws {DomainError} When a point is not finite, or there are fewer points than functions.
 */
export function stabilityOf(basis: OrthonormalBasis, points: Matrix): number {
  const { size: m } = basis, n = points.rows, G = matrix(m, m), phi = new Float64Array(m);
  checkPoints("measure the stability of points", basis, points);
  for (let k = 0; k < n; k++) {
    basis.evaluate(row(points, k), phi);
    addOuter(m / dot(phi, phi) / n, phi, G);
  }
  return Math.max(0, eigvalsh(G)[0]);
}

/** Options of `conditionedSample`. */
export interface ConditionOptions {
  /** δ in (0, 1). Default 0.9. */
  readonly delta?: number;
  /** At most so many draws. Default 1000. */
  readonly maxDraws?: number;
}

/**
 * Draws until the least eigenvalue of G is at least 1 - δ.
 *
 * @throws {DomainError} When δ is not in (0, 1), or no draw was good enough.
 *
 * @example Points that determine ten polynomials well
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { conditionedSample, legendreBasis, stabilityOf, volumeSample } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const basis = legendreBasis(10), random = rng(1);
 * const points = conditionedSample(basis, () => volumeSample(basis, 30, random), { delta: 0.8 });
 * assert(stabilityOf(basis, points) >= 0.2);
 * ```
 */
export function conditionedSample(basis: OrthonormalBasis, draw: () => Matrix, options: ConditionOptions = {}): Matrix {
  const verb = "draw a stable sample", { delta = 0.9, maxDraws = 1000 } = options;
  checkCount(verb, "of draws", maxDraws, 1);
  if (!(delta > 0 && delta < 1)) throw new DomainError(`Cannot ${verb}: expected δ in (0, 1), got ${delta}`);
  let best = 0;
  for (let k = 0; k < maxDraws; k++) {
    const points = draw(), least = stabilityOf(basis, points);
    if (least >= 1 - delta) return points;
    best = Math.max(best, least);
  }
  throw new DomainError(`Cannot ${verb}: expected an eigenvalue of ${1 - delta}, got ${best} in ${maxDraws} draws`);
}

function checkPoints(verb: string, { size, dimension }: OrthonormalBasis, points: Matrix): void {
  checkFinite(verb, points);
  if (points.columns !== dimension) {
    throw new ShapeError(`Cannot ${verb}: expected points of ${dimension} coordinates, got ${shapeOf(points)}`);
  }
  if (points.rows < size) {
    throw new DomainError(`Cannot ${verb}: expected at least ${size} points, as many as functions, got ${points.rows}`);
  }
}
