/**
 * How negative a symmetric matrix can be: its smallest eigenvalue between two bounds.
 *
 * ```
 * θ = vᵀA v, |v| = 1:   λ_min <= θ                                        (always)
 * after j steps of Lanczos from a random vector, ε = (ln(2·1.648 √n / p) / (2 j - 1))²:
 * λ_min >= θ_min - ε/(1 - 2ε) (θ_max - θ_min)                            (with probability 1 - p)
 * ```
 *
 * Where the steps go on until the bounds are near enough, they are compared after every fifth one, the k-th time with
 * `p/(k (k + 1))` in place of p: these sum up to p, so that the bound holds wherever the steps end.
 *
 * Source: Kuczyński and Woźniakowski, Estimating the largest eigenvalue by the power and Lanczos algorithms with a
 * random start (1992), theorem 4.2: `λ_max - θ_max <= ε (λ_max - λ_min)` but with probability
 * `1.648 √n exp(-√ε (2j - 1))`; here for both ends at once.
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  type LinearOperator,
  type Matrix,
  norm2,
  type Rng,
  rng,
  scale,
  type Vector,
} from "../../core/mod.ts";
import { eigh } from "../eigen/eigh.ts";
import { Basis } from "../krylov/basis.ts";
import { checkCount, checkSquareOperator } from "../krylov/iteration.ts";
import { column, matrix } from "../matrices/matrix.ts";

/** After so many steps each the bounds are compared. */
const LOOK = 5;

/** Options of `smallestCurvature`. */
export interface CurvatureOptions {
  /** j, the most steps of Lanczos; n make the bounds equal. Default 30; n with a tolerance. */
  readonly steps?: number;
  /** The steps end when the bounds are no further apart than this. Default 0. */
  readonly tolerance?: number;
  /** p, the probability with which the lower bound may fail. Default 0.01. */
  readonly failure?: number;
  /** For the vector to begin with. Default `rng(0)`. */
  readonly random?: Rng;
}

/** What is known of the smallest eigenvalue. */
export interface Curvature {
  /** θ, the curvature along `direction`: the smallest eigenvalue is not above it. */
  readonly upper: number;
  /** But for the probability p the smallest eigenvalue is not below this. Without enough steps it is -∞. */
  readonly lower: number;
  /** θ_max, a curvature along another direction: the largest eigenvalue is not below this. */
  readonly largest: number;
  /** `|A v - θ v|`: within this distance of θ there is an eigenvalue. */
  readonly residual: number;
  /** v, of length 1. */
  readonly direction: Vector;
  /** Products with A. */
  readonly products: number;
}

/**
 * Bounds of the smallest eigenvalue of a symmetric operator of order n, and a direction of that curvature. `upper` and
 * `residual` are computed from the direction at the end, and so are certain up to rounding; `lower` holds with
 * probability 1 - p.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When the steps are no positive whole number, p is not within (0, 1), the tolerance is negative,
 * or a product is not finite.
 *
 * @example A saddle
 * ```ts
 * import { diagonalOperator, smallestCurvature } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { upper, lower } = smallestCurvature(diagonalOperator(Float64Array.of(1, 2, -0.5, 3)));
 * assertAlmostEquals(upper, -0.5);
 * assertAlmostEquals(lower, -0.5);
 * ```
 */
export function smallestCurvature(A: LinearOperator, options: CurvatureOptions = {}): Curvature {
  const verb = "bound the smallest eigenvalue", n = A.rows;
  const { tolerance = 0, steps = tolerance > 0 ? n : 30, failure = 0.01, random = rng(0) } = options;
  checkSquareOperator(verb, "an operator", A, n);
  if (!(tolerance >= 0)) throw new DomainError(`Cannot ${verb}: expected a tolerance >= 0, got ${tolerance}`);
  checkCount(verb, "steps", steps, 1);
  if (!(failure > 0 && failure < 1)) {
    throw new DomainError(`Cannot ${verb}: expected a probability within (0, 1), got ${failure}`);
  }
  const m = Math.min(n, steps), basis = new Basis(n, m + 1), T = matrix(m, m), h = new Float64Array(m);
  const w = new Float64Array(n);
  basis.putRandom(0, random, w);
  let count = 0, next = Infinity, look = 1, p = tolerance > 0 ? failure / 2 : failure;
  while (count < m && next > 0) {
    if (tolerance > 0 && count % LOOK === 0 && count > 0) {
      const { values } = eigh(leading(T, count));
      if (values[0] - lowerBound(values, n, p) <= tolerance) break;
      look++;
      p = failure / (look * (look + 1));
    }
    A.apply(basis.row(count), w);
    next = basis.orthogonalize(count + 1, w, h);
    if (!(next < Infinity)) throw new DomainError(`Cannot ${verb}: expected finite products, got another`);
    for (let i = 0; i <= count; i++) T.data[i * m + count] = T.data[count * m + i] = h[i];
    count++;
    if (next > 0) basis.put(count, w, next);
  }
  const { values, vectors } = eigh(leading(T, count)), direction = new Float64Array(n);
  basis.addCombination(count, column(vectors, 0), direction);
  scale(1 / norm2(direction), direction);
  A.apply(direction, w);
  const upper = dot(direction, w), largest = values[count - 1];
  axpy(-upper, direction, w);
  const lower = next === 0 ? values[0] : lowerBound(values, n, p); // 0: a random vector has parts of all eigenspaces
  return { upper, lower: Math.min(lower, upper), largest, residual: norm2(w), direction, products: count + 1 };
}

/** The first rows and columns. */
function leading({ columns: m, data }: Matrix, count: number): Matrix {
  const T = matrix(count, count);
  for (let i = 0; i < count; i++) T.data.set(data.subarray(i * m, i * m + count), i * count);
  return T;
}

/** What λ_min is not below, but for a probability p, when these are the eigenvalues of the projection. */
function lowerBound(values: Vector, n: number, p: number): number {
  const j = values.length, epsilon = (Math.log(2 * 1.648 * Math.sqrt(n) / p) / (2 * j - 1)) ** 2;
  return epsilon < 0.5 ? values[0] - epsilon / (1 - 2 * epsilon) * (values[j - 1] - values[0]) : -Infinity;
}
