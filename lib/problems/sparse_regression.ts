/**
 * Least squares whose coefficients are sparse or have bounds, with blocks that coordinate methods can use.
 *
 * @module
 */
import type { BlockSmooth, Instance, TwiceSmooth } from "../core/mod.ts";
import { boundedL1 } from "../proximal/mod.ts";
import { type BlockComposite, blockComposite } from "../splitting/mod.ts";
import type { Dataset } from "./dataset.ts";
import { blockLeastSquares } from "./least_squares.ts";

/**
 * The lasso: minimize `(1/2N)|A w - y|² + λ|w|₁` from 0. From `λ = |Aᵀy|∞/N` on its solution is 0.
 *
 * Source: Tibshirani, Regression shrinkage and selection via the lasso (1996).
 *
 * @throws {DomainError} When λ is negative or not finite.
 *
 * @example Above the largest λ nothing is selected
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { dataset, lasso } from "@gradus/gradus/problems";
 * import { fista } from "@gradus/gradus/splitting";
 * import { assertEquals } from "@std/assert";
 *
 * const data = dataset({ columns: 2, features: Float64Array.of(1, 0, 0, 1), targets: Float64Array.of(1, 3) });
 * const { problem, start } = lasso(data, 1.5);
 * assertEquals([...solve(problem, fista(), { start }).x], [0, 0]);
 * ```
 */
export function lasso(data: Dataset, lambda: number): Instance<BlockComposite<BlockSmooth & TwiceSmooth>> {
  return regression(`lasso ${data.name}, λ ${lambda}`, data, { weights: lambda });
}

/**
 * Least squares without negative coefficients: minimize `(1/2N)|A w - y|² + λ Σ wⱼ` subject to `w >= 0`, from 0. `λ` is
 * 0 by default.
 *
 * Source: Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23.
 *
 * @throws {DomainError} When λ is negative or not finite.
 */
export function nonnegativeLeastSquares(
  data: Dataset,
  lambda = 0,
): Instance<BlockComposite<BlockSmooth & TwiceSmooth>> {
  const name = `nonnegative least squares ${data.name}${lambda === 0 ? "" : `, λ ${lambda}`}`;
  return regression(name, data, { weights: lambda, lower: 0 });
}

function regression(
  name: string,
  data: Dataset,
  options: { readonly weights: number; readonly lower?: number },
): Instance<BlockComposite<BlockSmooth & TwiceSmooth>> {
  const { problem, ...instance } = blockLeastSquares(data), regularizer = boundedL1(problem.dimension, options);
  return { ...instance, name, problem: { ...blockComposite(problem, regularizer), name } };
}
