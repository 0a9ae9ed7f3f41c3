/**
 * Orthonormal functions `φ = (φ₁, …, φ_m)` in L²(μ), μ a probability measure, from which points can be drawn.
 *
 * ```
 * ∫ φᵢ φⱼ dμ = δᵢⱼ,   ∫ |φ|² dμ = m
 * ```
 *
 * @module
 */
import {
  DomainError,
  dot,
  drawIndex,
  type Matrix,
  type Rng,
  ShapeError,
  uniform,
  type Vector,
} from "../../core/mod.ts";
import { addOuter } from "../matrices/arithmetic.ts";
import { checkFinite, checkLength, shapeOf } from "../matrices/checks.ts";
import { checkCount } from "../krylov/iteration.ts";
import { matrix } from "../matrices/matrix.ts";
import { cumulative } from "./categorical.ts";

/** Functions that are orthonormal with respect to a probability measure. */
export interface OrthonormalBasis {
  /** m, how many functions. */
  readonly size: number;
  /** The number of coordinates of a point. */
  readonly dimension: number;
  /** Writes `φ(x)` into `out`. */
  readonly evaluate: (x: Vector, out: Vector) => void;
  /** Draws x with a density proportional to some `e(x) >= |φ(x)|²` with respect to μ, and returns e(x). */
  readonly propose: (random: Rng, x: Vector) => number;
}

/**
 * The Legendre polynomials `√(2j+1) P_j`, j < m, on [-1, 1] with μ the uniform distribution. Points are proposed with
 * the arcsine law: by Bernstein's inequality `√(1-x²) P_j² <= 4/(π (2j+1))`, so half of the proposals are Christoffel
 * samples.
 *
 * @throws {DomainError} When m is no positive integer.
 *
 * @example 1 and √3 x
 * ```ts
 * import { legendreBasis } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const values = new Float64Array(2);
 * legendreBasis(2).evaluate(Float64Array.of(0.5), values);
 * assertEquals([...values], [1, Math.sqrt(3) / 2]);
 * ```
 */
export function legendreBasis(m: number): OrthonormalBasis {
  checkCount("make a Legendre basis", "of functions", m, 1);
  const scales = Float64Array.from({ length: m }, (_, j) => Math.sqrt(2 * j + 1));
  return {
    size: m,
    dimension: 1,
    evaluate: ([x], out) => {
      for (let j = 0, before = 0, p = 1; j < m; j++) {
        out[j] = scales[j] * p;
        const next = ((2 * j + 1) * x * p - j * before) / (j + 1);
        before = p;
        p = next;
      }
    },
    propose: (random, x) => {
      const angle = Math.PI * (uniform(random) + 2 ** -54); // not a multiple of π
      x[0] = Math.cos(angle);
      return 4 * m / (Math.PI * Math.sin(angle));
    },
  };
}

/**
 * Functions given on finitely many points: point i has the mass wᵢ, row i of Φ holds `φ(i)`; as x stands the index i.
 *
 * @throws {ShapeError} When there are not as many weights as rows.
 * @throws {DomainError} When an entry is not finite, a weight negative, or the functions not orthonormal up to 1e-8.
 */
export function discreteBasis(Phi: Matrix, weights: Vector): OrthonormalBasis {
  const verb = "make a basis", { rows: n, columns: m, data } = Phi, squares = new Float64Array(n);
  checkFinite(verb, Phi);
  checkLength(verb, "weights", weights, n);
  const row = (i: number): Vector => data.subarray(i * m, (i + 1) * m), points = matrix(n, 1);
  for (let i = 0; i < n; i++) {
    squares[i] = dot(row(i), row(i));
    points.data[i] = i;
  }
  const sums = cumulative(verb, squares.map((square, i) => square * weights[i]));
  const basis: OrthonormalBasis = {
    size: m,
    dimension: 1,
    evaluate: ([i], out) => out.set(row(i)),
    propose: (random, x) => squares[x[0] = drawIndex(sums, random)],
  };
  checkOrthonormal(basis, points, weights);
  return basis;
}

/**
 * Refuses functions whose Gram matrix `Σ wₖ φ(xₖ) φ(xₖ)ᵀ` by a quadrature rule, points in the rows of a matrix, differs
 * from the identity by more than the tolerance.
 *
 * @throws {ShapeError} When the points have another dimension, or there are not as many weights.
 * @throws {DomainError} When the functions are not orthonormal; the message names two of them.
 */
export function checkOrthonormal(basis: OrthonormalBasis, points: Matrix, weights: Vector, tolerance = 1e-8): void {
  const verb = "use a basis", { size: m, dimension } = basis, gram = matrix(m, m), phi = new Float64Array(m);
  checkLength(verb, "weights", weights, points.rows);
  if (points.columns !== dimension) {
    throw new ShapeError(`Cannot ${verb}: expected points of ${dimension} coordinates, got ${shapeOf(points)}`);
  }
  for (let k = 0; k < points.rows; k++) {
    basis.evaluate(points.data.subarray(k * dimension, (k + 1) * dimension), phi);
    addOuter(weights[k], phi, gram);
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const product = gram.data[i * m + j];
      if (Math.abs(product - +(i === j)) <= tolerance) continue;
      throw new DomainError(
        `Cannot ${verb}: expected orthonormal functions, got the product ${product} of numbers ${i} and ${j}`,
      );
    }
  }
}
