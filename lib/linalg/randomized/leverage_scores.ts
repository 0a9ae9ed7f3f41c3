/**
 * Leverage scores: how much each row of a matrix matters for its column space.
 *
 * ```
 * ℓᵢ = |eᵢᵀU|² = aᵢᵀ(AᵀA)⁺aᵢ,  U an orthonormal basis of the column space;   0 <= ℓᵢ <= 1,  Σ ℓᵢ = rank A
 * approximately:  S A = Q R,   ℓᵢ ≈ |eᵢᵀA R⁻¹ G|²,  S a sketch, G Gaussian d x r with E GGᵀ = I
 * ```
 *
 * Source: Drineas, Magdon-Ismail, Mahoney and Woodruff, Fast approximation of matrix coherence and statistical leverage
 * (2012), arXiv 1109.3843, algorithm 1.
 *
 * @module
 */
import {
  dot,
  type Matrix,
  type Rng,
  rng,
  scale,
  ShapeError,
  SingularMatrixError,
  type Vector,
} from "../../core/mod.ts";
import { shapeOf } from "../matrices/checks.ts";
import { checkCount } from "../krylov/iteration.ts";
import { matmul } from "../matrices/matmul.ts";
import { row } from "../matrices/matrix.ts";
import { qr } from "../factorizations/qr.ts";
import { countAbove, type RankOptions, rankTolerance } from "../systems/rank.ts";
import { svd } from "../eigen/svd.ts";
import { solveTriangular } from "../matrices/triangular.ts";
import { gaussianMatrix } from "./block_products.ts";
import { leading } from "./range_finder.ts";
import { type SketchMaker, sketchRows } from "./sketch.ts";
import { sparseSign } from "./sparse_sketch.ts";

/**
 * The leverage scores of the rows of a matrix of any shape and rank, by singular values.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 *
 * @example The row that stands alone has the score 1
 * ```ts
 * import { leverageScores, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const scores = leverageScores(matrix([[1, 0], [1, 0], [0, 3]]));
 * assertAlmostEquals(scores[0], 0.5);
 * assertAlmostEquals(scores[2], 1);
 * ```
 */
export function leverageScores(A: Matrix, options: RankOptions = {}): Vector {
  const tolerance = rankTolerance(A, options), { U, S } = svd(A), rank = countAbove(S, tolerance);
  return squaredRows(leading(U, rank));
}

/** Options of `approximateLeverageScores`. */
export interface LeverageOptions {
  /** Which sketch. Default `sparseSign`. */
  readonly sketch?: SketchMaker;
  /** Its rows. Default 4d + 20, at most n. */
  readonly sketchSize?: number;
  /** r, the columns of G: the scores have a relative standard deviation of √(2/r). Default 40. */
  readonly projections?: number;
  /** Draws the sketch and G. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/**
 * Approximate leverage scores of a tall matrix of full rank, n x d, for `2 n d r` operations and a factorization of the
 * sketch.
 *
 * @throws {ShapeError} When A has fewer rows than columns.
 * @throws {DomainError} When the size of the sketch or r is no positive integer, or an entry is not finite.
 * @throws {SingularMatrixError} When the sketch has a smaller rank than d.
 *
 * @example The row that matters most
 * ```ts
 * import { approximateLeverageScores, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = matrix(200, 2, Array.from({ length: 400 }, (_, k) => k === 101 ? 50 : k % 2 === 0 ? 1 : Math.sin(k)));
 * const scores = approximateLeverageScores(A);
 * assertEquals(scores.indexOf(Math.max(...scores)), 50);
 * ```
 */
export function approximateLeverageScores(A: Matrix, options: LeverageOptions = {}): Vector {
  const verb = "estimate leverage scores", { rows: n, columns: d } = A;
  if (n < d) throw new ShapeError(`Cannot ${verb}: expected at least as many rows as columns, got ${shapeOf(A)}`);
  const { sketch = sparseSign, sketchSize = Math.min(n, 4 * d + 20), projections = 40, generator = rng(0) } = options;
  checkCount(verb, "of projections", projections, 1);
  const factors = qr(sketchRows(sketch(sketchSize, n, generator), A));
  if (sketchSize < d || factors.reciprocalCondition() < Number.EPSILON) {
    throw new SingularMatrixError(`Cannot ${verb}: expected a sketch of rank ${d}`, d - 1);
  }
  const G = gaussianMatrix(d, projections, generator);
  scale(1 / Math.sqrt(projections), G.data);
  return squaredRows(matmul(A, solveTriangular(factors.R, G)));
}

function squaredRows(A: Matrix): Vector {
  return Float64Array.from({ length: A.rows }, (_, i) => dot(row(A, i), row(A, i)));
}
