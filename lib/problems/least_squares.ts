/**
 * Linear least squares on data.
 *
 * @module
 */
import type { Instance, TwiceSmooth } from "../core/mod.ts";
import type { Dataset } from "./dataset.ts";
import { linearModel, type LinearModelOptions, type Loss } from "./linear_model.ts";

/**
 * Linear least squares, ridge regression with `λ > 0`: minimize `f(w) = (1/2N)|A w - y|² + (λ/2)|w|²` from `w = 0`, with
 * the features `A` and the targets `y`. `λ` is 0 by default.
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
  const { rows, targets } = data;
  const loss: Loss = {
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
  return linearModel("least squares", data, loss, options, 0);
}
