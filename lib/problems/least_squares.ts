/**
 * Linear least squares on data.
 *
 * @module
 */
import type { BlockSmooth, Instance, TwiceSmooth } from "../core/mod.ts";
import type { Dataset } from "./dataset.ts";
import { withLinearBlocks } from "./linear_blocks.ts";
import { linearModel, type LinearModelOptions, type Loss } from "./linear_model.ts";

/**
 * Linear least squares, ridge regression with `λ > 0`: minimize `f(w) = (1/2N)|A w - y|² + (λ/2)|w|²` from `w = 0`,
 * with the features `A` and the targets `y`. `λ` is 0 by default.
 *
 * With an intercept `w` has one more entry, the constant term, which is not regularized. The constants are
 * `L = λmax(AᵀA)/N + λ`, from above by power iteration, and `μ = λ` (0 with an intercept), which is exact only
 * where the columns depend on each other.
 *
 * Source: Björck, Numerical Methods for Least Squares Problems (1996), section 1.1.
 *
 * @throws {DomainError} When the regularization is negative.
 *
 * @example A line through three points
 * ```ts
 * import { dataset, leastSquares } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = dataset({ columns: 1, features: Float64Array.of(0, 1, 2), targets: Float64Array.of(1, 3, 5) });
 * const { problem } = leastSquares(data, { intercept: true });
 * assertAlmostEquals(problem.value(Float64Array.of(2, 1)), 0);
 * ```
 */
export function leastSquares(data: Dataset, options: LinearModelOptions = {}): Instance<TwiceSmooth> {
  return linearModel("least squares", data, squaredLoss(data), options, 0);
}

/**
 * The same problem, which shows its blocks: the residual is kept, and a step in a block reads and changes columns of
 * the data alone.
 *
 * @throws {DomainError} When the regularization is negative.
 *
 * @example One coordinate at a time
 * ```ts
 * import { blockLeastSquares, dataset } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const data = dataset({ columns: 1, features: Float64Array.of(1, 2), targets: Float64Array.of(3, 6) });
 * const { blocks } = blockLeastSquares(data).problem;
 * const x = Float64Array.of(0), block = Uint32Array.of(0), out = Float64Array.of(0);
 * const memory = new Float64Array(blocks.memoryLength);
 * blocks.remember(x, memory);
 * blocks.gradient(x, block, memory, out);
 * blocks.move(x, block, memory, Float64Array.of(-out[0] / blocks.lipschitz[0]));
 * assertEquals([x[0], blocks.value(x, memory)], [3, 0]);
 * ```
 */
export function blockLeastSquares(
  data: Dataset,
  options: LinearModelOptions = {},
): Instance<TwiceSmooth & BlockSmooth> {
  const { regularization = 0, intercept = false } = options;
  return withLinearBlocks(leastSquares(data, options), data, squaredLoss(data), regularization, intercept);
}

function squaredLoss(data: Dataset): Loss {
  const { rows, targets } = data;
  return {
    outputs: 1,
    curvature: 1,
    value: (z) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const r = z[i] - targets[i];
        sum += r * r;
      }
      return sum / 2;
    },
    slopes: (z) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const r = z[i] - targets[i];
        sum += r * r;
        z[i] = r;
      }
      return sum / 2;
    },
    weigh: () => {},
    curve: () => {},
  };
}
