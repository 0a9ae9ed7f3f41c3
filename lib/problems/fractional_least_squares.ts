/**
 * Least squares divided by what the coefficients should have.
 *
 * @module
 */
import { type BlockSmooth, DomainError, type Instance, type LinedDenominator, type Vector } from "../core/mod.ts";
import { type Matrix, scale } from "../linalg/mod.ts";
import { boundedL1, type BoundedL1Options } from "../proximal/mod.ts";
import { type BlockFractional, blockFractional } from "../splitting/mod.ts";
import { dataset } from "./dataset.ts";
import { blockLeastSquares } from "./least_squares.ts";

/** Options of `fractionalLeastSquares`. */
export interface FractionalLeastSquaresOptions extends Pick<BoundedL1Options, "lower" | "upper"> {
  /** λ. Default 0. */
  readonly weight?: number;
  /** γ. Default 0. */
  readonly constant?: number;
  /** A name for tables, charts and messages. */
  readonly name?: string;
}

/**
 * Minimize `(½|A x - b|² + λ|x|₁ + γ)/g(x)` between bounds, from the best single coefficients `aᵢᵀb/|aᵢ|²`. With
 * `topSum` for g this is sparse recovery, with `euclideanNorm` the ratio of norms.
 *
 * Source: Yuan, Coordinate descent methods for fractional minimization (2022), arXiv 2201.12691, the section on
 * applications.
 *
 * @throws {ShapeError} When b has not as many entries as A has rows.
 * @throws {DomainError} When an entry is not finite, λ or γ is negative, or bounds cross.
 *
 * @example The value of a fraction
 * ```ts
 * import { matrix } from "@gradus/gradus/linalg";
 * import { fractionalLeastSquares } from "@gradus/gradus/problems";
 * import { euclideanNorm } from "@gradus/gradus/splitting";
 * import { measures } from "@gradus/gradus/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = matrix([[1, 0], [0, 1]]), b = Float64Array.of(3, 4);
 * const { problem } = fractionalLeastSquares(A, b, euclideanNorm(), { weight: 1, constant: 1 });
 * assertAlmostEquals(measures(problem, { x: b }).value, (7 + 1) / 5);
 * ```
 */
export function fractionalLeastSquares(
  A: Matrix,
  b: Vector,
  denominator: LinedDenominator,
  options: FractionalLeastSquaresOptions = {},
): Instance<BlockFractional> {
  const { weight = 0, constant = 0, name = "fractional least squares", lower = -Infinity, upper = Infinity } = options;
  if (!(constant >= 0 && constant < Infinity)) {
    throw new DomainError(`Cannot state ${name}: expected a finite constant >= 0, got ${constant}`);
  }
  // least squares on data is the mean over the rows
  const root = Math.sqrt(A.rows), features = scale(A, root).data;
  const data = dataset({ name, columns: A.columns, features, targets: b.map((v) => root * v) });
  const mean = blockLeastSquares(data), regularizer = boundedL1(A.columns, { weights: weight, lower, upper });
  const { blocks } = mean.problem, n = A.columns;
  const smooth: BlockSmooth = {
    ...mean.problem,
    name,
    value: (x) => mean.problem.value(x) + constant,
    gradient: (x, out) => mean.problem.gradient(x, out) + constant,
    blocks: { ...blocks, value: (x, memory) => blocks.value(x, memory) + constant },
  };
  const start = new Float64Array(n);
  mean.problem.gradient(start, start);
  for (let i = 0; i < n; i++) {
    const best = blocks.lipschitz[i] > 0 ? -start[i] / blocks.lipschitz[i] : 0;
    start[i] = Math.min(Math.max(best, regularizer.lower[i]), regularizer.upper[i]);
  }
  return { ...mean, name, problem: blockFractional(smooth, regularizer, denominator), start, minima: [] };
}
