/**
 * Logistic regression for two classes.
 *
 * @module
 */
import { type BlockSmooth, DomainError, type Instance, type TwiceSmooth } from "../core/mod.ts";
import { type Dataset, distinctTargets } from "./dataset.ts";
import { withLinearBlocks } from "./linear_blocks.ts";
import { linearModel, type LinearModelOptions, type Loss } from "./linear_model.ts";

/**
 * Regularized logistic regression: minimize
 * `f(w) = (1/N) Σᵢ log(1 + exp(-yᵢ aᵢᵀw)) + (λ/2)|w|²` from `w = 0`, with the rows `aᵢ` of the features and the labels
 * `yᵢ = ±1`: of the two distinct targets, the smaller one counts as -1. `λ` is `1/N` by default.
 *
 * With an intercept `w` has one more entry, the constant term, which is not regularized. The constants are
 * `L = λmax(AᵀA)/(4N) + λ`, from above by power iteration, and `μ = λ` (0 with an intercept). No value overflows.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), section 7; Bishop, Pattern Recognition and Machine
 * Learning (2006), section 4.3.2.
 *
 * @throws {DomainError} When the targets are not of exactly two kinds, or the regularization is negative.
 *
 * @example Four points
 * ```ts
 * import { dataset, logisticRegression } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = dataset({
 *   columns: 1,
 *   features: Float64Array.of(-2, -1, 1, 2),
 *   targets: Float64Array.of(0, 0, 1, 1),
 * });
 * const { problem, start } = logisticRegression(data, { regularization: 0.1 });
 * assertAlmostEquals(problem.value(start), Math.LN2);
 * ```
 */
export function logisticRegression(data: Dataset, options: LinearModelOptions = {}): Instance<TwiceSmooth> {
  return linearModel("logistic", data, signLoss(data), options, 1 / data.rows);
}

/**
 * The same problem, which shows its blocks: the scores are kept, and a step in a block reads and changes columns of the
 * data alone.
 *
 * @throws {DomainError} When the targets are not of exactly two kinds, or the regularization is negative.
 */
export function blockLogisticRegression(
  data: Dataset,
  options: LinearModelOptions = {},
): Instance<TwiceSmooth & BlockSmooth> {
  const { regularization = 1 / data.rows, intercept = false } = options;
  return withLinearBlocks(logisticRegression(data, options), data, signLoss(data), regularization, intercept);
}

function signLoss(data: Dataset): Loss {
  const labels = distinctTargets(data);
  if (labels.length !== 2) {
    throw new DomainError(
      `Cannot make a logistic problem of ${data.name}: expected targets of two kinds, got ${labels.length}`,
    );
  }
  const signs = data.targets.map((target) => target === labels[0] ? -1 : 1), rows = data.rows;
  return {
    outputs: 1,
    curvature: 1 / 4,
    value: (z) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const margin = signs[i] * z[i];
        sum += Math.log1p(Math.exp(-Math.abs(margin))) - Math.min(margin, 0);
      }
      return sum;
    },
    slopes: (z) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const sign = signs[i], margin = sign * z[i], e = Math.exp(-Math.abs(margin));
        sum += Math.log1p(e) - Math.min(margin, 0);
        z[i] = -sign * (margin > 0 ? e : 1) / (1 + e);
      }
      return sum;
    },
    weigh: (z) => {
      for (let i = 0; i < rows; i++) {
        const e = Math.exp(-Math.abs(z[i]));
        z[i] = e / ((1 + e) * (1 + e));
      }
    },
    curve: (weights, d) => {
      for (let i = 0; i < rows; i++) d[i] *= weights[i];
    },
  };
}
