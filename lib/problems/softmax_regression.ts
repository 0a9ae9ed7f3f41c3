/**
 * Softmax regression for several classes.
 *
 * @module
 */
import { DomainError, type Instance, type TwiceSmooth, type Vector } from "../core/mod.ts";
import { type Dataset, distinctTargets } from "./dataset.ts";
import { linearModel, type LinearModelOptions, type Loss } from "./linear_model.ts";

/**
 * Regularized softmax (multinomial logistic) regression: minimize
 * `f(W) = (1/N) Σᵢ [log Σₖ exp(aᵢᵀwₖ) - aᵢᵀw_{yᵢ}] + (λ/2)|W|²` from `W = 0`. The variables are the weights of the
 * first class, then of the second, and so on; the classes are the distinct targets in increasing order. `λ` is `1/N` by
 * default.
 *
 * With an intercept each class has one more weight at its end, which is not regularized. The constants are
 * `L = λmax(AᵀA)/(2N) + λ`, from above by power iteration, and `μ = λ` (0 with an intercept). No value overflows.
 *
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; Böhning, Multinomial logistic
 * regression algorithm (1992) for the bound of the curvature.
 *
 * @throws {DomainError} When the targets are all equal, or the regularization is negative.
 *
 * @example Three classes on a line
 * ```ts
 * import { dataset, softmaxRegression } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = dataset({ columns: 1, features: Float64Array.of(-1, 0, 1), targets: Float64Array.of(1, 2, 3) });
 * const { problem, start } = softmaxRegression(data, { intercept: true });
 * assertAlmostEquals(problem.value(start), Math.log(3));
 * ```
 */
export function softmaxRegression(data: Dataset, options: LinearModelOptions = {}): Instance<TwiceSmooth> {
  const labels = distinctTargets(data), rows = data.rows, classes = labels.length;
  if (classes < 2) {
    throw new DomainError(`Cannot make a softmax problem of ${data.name}: expected at least two classes, got one`);
  }
  const position = new Map(labels.map((label, k) => [label, k]));
  const own = Uint32Array.from(data.targets, (target, i) => i * classes + position.get(target)!);

  /** Replaces the scores by probabilities and returns the sum of losses. */
  const normalize = (z: Vector): number => {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const begin = i * classes, end = begin + classes;
      let top = z[begin], total = 0;
      for (let k = begin + 1; k < end; k++) if (z[k] > top) top = z[k];
      sum += top - z[own[i]];
      for (let k = begin; k < end; k++) total += z[k] = Math.exp(z[k] - top);
      sum += Math.log(total);
      for (let k = begin; k < end; k++) z[k] /= total;
    }
    return sum;
  };
  const loss: Loss = {
    outputs: classes,
    curvature: 1 / 2,
    value: normalize,
    slopes: (z) => {
      const sum = normalize(z);
      for (let i = 0; i < rows; i++) z[own[i]] -= 1;
      return sum;
    },
    weigh: normalize,
    curve: (p, d) => { // (diag(p) - p pᵀ) d
      for (let i = 0; i < rows; i++) {
        const begin = i * classes, end = begin + classes;
        let mean = 0;
        for (let k = begin; k < end; k++) mean += p[k] * d[k];
        for (let k = begin; k < end; k++) d[k] = p[k] * (d[k] - mean);
      }
    },
  };
  return linearModel("softmax", data, loss, options, 1 / rows);
}
