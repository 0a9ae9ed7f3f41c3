/**
 * Positive semidefinite Hessians from first derivatives: Gauss and Newton's of sums of squares, Fisher's of
 * likelihoods.
 *
 * ```
 * f = ½ |r(x)|²:                H = JᵀJ                     the Hessian but for Σ rᵢ ∇²rᵢ, none where r = 0 or r is linear
 * f = -log p(data | z(x)):      H = Jᵀ M(z) J,  J = z'(x)    the Hessian's mean over data drawn from the model at x
 *                               M(z) = E[∇(log p)∇(log p)ᵀ]  the information of the data on the outputs z
 * ```
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), section 10.3; Martens, New insights and perspectives on
 * the natural gradient method (2020), arXiv 1412.1193, sections 6 and 9.
 *
 * @module
 */
import {
  type LeastSquares,
  ShapeError,
  type Smooth,
  smoothOf,
  type TwiceSmooth,
  type Vector,
  type VectorFunction,
} from "../../core/mod.ts";

/**
 * A least-squares problem as a smooth one whose Hessian is `JᵀJ`. Newton's methods converge quadratically on it where
 * residuals vanish, and linearly, at a rate of `|Σ rᵢ ∇²rᵢ|` against `JᵀJ`, where they do not.
 *
 * @throws {MissingOracleError} When the problem lacks an oracle that its kind requires.
 *
 * @example Steps of Gauss and Newton in a trust region
 * ```ts
 * import { type LeastSquares, solve } from "@gradus/gradus/core";
 * import { gaussNewton, trustRegion } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const root: LeastSquares = { // the residual x² - 2
 *   kind: "least-squares",
 *   dimension: 1,
 *   residual: {
 *     components: 1,
 *     value: (x, out) => void (out[0] = x[0] ** 2 - 2),
 *     jacobianVector: (x, v, out) => void (out[0] = 2 * x[0] * v[0]),
 *     jacobianTransposeVector: (x, w, out) => void (out[0] = 2 * x[0] * w[0]),
 *   },
 * };
 * assertAlmostEquals(solve(gaussNewton(root), trustRegion(), { start: [1] }).x[0], Math.SQRT2, 1e-9);
 * ```
 */
export function gaussNewton(problem: LeastSquares): TwiceSmooth {
  const { residual } = problem;
  return { ...smoothOf(problem), hessianVector: pulledBack(residual, new Float64Array(residual.components)) };
}

/** How a likelihood depends on variables: through outputs, on which its information is known. */
export interface FisherModel {
  /** `z(x)`: the parameters of the distributions, as the means or the logits of all observations. */
  readonly outputs: VectorFunction;
  /** Writes `M(z) w` into `out`, which may be w itself. */
  readonly information: (z: Vector, w: Vector, out: Vector) => void;
}

/**
 * A smooth problem with Fisher's information matrix in place of its Hessian: trust regions and Newton-CG then take
 * natural gradients.
 *
 * @param problem A negative log-likelihood, and perhaps more, of which `information` speaks.
 * @param information Writes the product `F(x) v` into `out`; or a model of outputs, whose information is `JᵀMJ`.
 * @throws {ShapeError} When the model's outputs are not a positive number.
 *
 * @example The mean and the logarithm of the deviation of a normal distribution
 * ```ts
 * import { type Smooth, solve } from "@gradus/gradus/core";
 * import { fisher, trustRegion } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = [1, 2, 3, 6], mean = 3, variance = 3.5;
 * const value = ([m, s]: Float64Array) => s + (variance + (mean - m) ** 2) / (2 * Math.exp(2 * s));
 * const likelihood: Smooth = { // -log p, a mean over the data
 *   kind: "smooth",
 *   dimension: 2,
 *   value,
 *   gradient: (x, out) => {
 *     const precision = Math.exp(-2 * x[1]), d = x[0] - mean;
 *     out.set([precision * d, 1 - precision * (variance + d * d)]);
 *     return value(x);
 *   },
 * };
 * const natural = fisher(likelihood, ([, s], v, out) => out.set([Math.exp(-2 * s) * v[0], 2 * v[1]]));
 * const { x } = solve(natural, trustRegion(), { start: [0, 0] });
 * assertAlmostEquals(x[0], data.reduce((sum, d) => sum + d) / 4, 1e-8);
 * assertAlmostEquals(Math.exp(2 * x[1]), variance, 1e-8);
 * ```
 */
export function fisher(
  problem: Smooth,
  information: FisherModel | ((x: Vector, v: Vector, out: Vector) => void),
): TwiceSmooth {
  if (typeof information === "function") return { ...problem, hessianVector: information };
  const { outputs, information: weigh } = information, m = outputs.components;
  if (!(Number.isSafeInteger(m) && m > 0)) {
    throw new ShapeError(`Cannot take the information of a model: expected a positive number of outputs, got ${m}`);
  }
  const z = new Float64Array(m);
  return {
    ...problem,
    hessianVector: pulledBack(outputs, new Float64Array(m), (x, w) => {
      outputs.value(x, z);
      weigh(z, w, w);
    }),
  };
}

/** Products with `Jᵀ M J`, M = I where it is left out. */
function pulledBack(
  f: VectorFunction,
  room: Vector,
  weigh?: (x: Vector, w: Vector) => void,
): TwiceSmooth["hessianVector"] {
  return (x, v, out) => {
    f.jacobianVector(x, v, room);
    weigh?.(x, room);
    f.jacobianTransposeVector(x, room, out);
  };
}
