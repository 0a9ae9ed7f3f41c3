/**
 * Curves through data: nonlinear regression with what statistics say of its parameters.
 *
 * ```
 * minimize ½ Σ ((model(xᵢ, b) - yᵢ)/σᵢ)²   subject to  lower <= b <= upper
 * ```
 *
 * Source: Bates and Watts, Nonlinear regression analysis and its applications (1988), sections 2.1 and 2.3.
 *
 * @module
 */
import { DomainError, iterations, measureBelow, ShapeError, solve, type Vector, vector } from "../../core/mod.ts";
import { type CurveFit, fitOf } from "./fit_statistics.ts";
import { levenbergMarquardt } from "./levenberg_marquardt.ts";
import { type RobustLoss, withLoss } from "./loss.ts";
import { type CurveModel, regression } from "./regression.ts";
import type { Box } from "./reflective_model.ts";
import { trustRegionReflective } from "./trust_region_reflective.ts";

/** Bounds of parameters: one number for all, or one for each. */
export interface CurveBounds {
  /** `-Infinity` for none. */
  readonly lower?: number | ArrayLike<number>;
  /** `Infinity` for none. */
  readonly upper?: number | ArrayLike<number>;
}

/** Options of `curveFit`. */
export interface CurveFitOptions {
  /** Where to start: one number for each parameter. */
  readonly start: ArrayLike<number>;
  /** Bounds of the parameters, one number for all or one for each; equal ones fix a parameter. Default: none. */
  readonly bounds?: CurveBounds;
  /** The standard deviation of each observation, up to a common factor. Default: all the same. */
  readonly sigma?: ArrayLike<number>;
  /** Whether sigma is no factor short. Default false. */
  readonly absoluteSigma?: boolean;
  /** A robust loss in place of squares. */
  readonly loss?: RobustLoss;
  /** The size of residual, in units of sigma, from which the loss differs from squares. Default 1. */
  readonly lossScale?: number;
  /** Steps at most. Default 2000. */
  readonly maxIterations?: number;
}

/**
 * Fits a curve by the method of Levenberg and Marquardt, until rounding forbids more. Derivatives are differences of
 * fourth order. A run that ends where the data do not determine a parameter, or not at all, is followed by one with
 * other steps, and the better one counts.
 *
 * With bounds the fit is that of `trustRegionReflective`, and the model is called between them only. Parameters that
 * end at a bound count as known in the statistics: standard deviation and covariance 0, those of the others given them.
 *
 * With a robust loss the r are the residuals that `withLoss` makes, in the statistics, too, which are approximate then.
 *
 * @throws {ShapeError} When x, y and sigma differ in length, or bounds and parameters; or there are fewer observations
 * than parameters that are not fixed.
 * @throws {DomainError} When a number is not finite, a sigma is not positive, a lower bound is above its upper one, the
 * start is outside the bounds, or the model is not finite there; or as `withLoss`.
 *
 * @example An exponential decay, then one that must not end below 0
 * ```ts
 * import { curveFit } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const x = [0, 1, 2, 3, 4, 5], y = x.map((t) => 5 * Math.exp(-0.5 * t));
 * const { parameters } = curveFit((t: number, [a, k]) => a * Math.exp(-k * t), x, y, { start: [1, 1] });
 * assertAlmostEquals(parameters[0], 5, 1e-9);
 * assertAlmostEquals(parameters[1], 0.5, 1e-9);
 *
 * const model = (t: number, [a, k, floor]: Float64Array) => a * Math.exp(-k * t) + floor;
 * const fit = curveFit(model, x, y.map((v) => v - 0.3), { start: [1, 1, 1], bounds: { lower: 0 } });
 * assertEquals([fit.parameters[2], fit.atBound], [0, [false, false, true]]);
 * ```
 */
export function curveFit<X extends number | Vector>(
  model: CurveModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: CurveFitOptions,
): CurveFit {
  const { sigma, absoluteSigma = false, loss, lossScale, maxIterations = 2000 } = options;
  const m = y.length, n = options.start.length, start = vector(options.start, n, "start");
  const observed = vector(y, m, "observations"), bounds = options.bounds && boundsOf(options.bounds, start);
  const weights = sigma ? vector(sigma, m, "standard deviations").map((s) => 1 / s) : new Float64Array(m).fill(1);
  const sought = start.filter((_, j) => bounds?.lower[j] !== bounds?.upper[j] || !bounds).length;
  if (x.length !== m || m < sought) {
    throw new ShapeError(
      `Cannot ${VERB}: expected as many x as y, at least ${sought} for ${sought} parameters, got ${x.length} and ${m}`,
    );
  }
  if (!weights.every((w) => w > 0 && w < Infinity)) {
    throw new DomainError(`Cannot ${VERB}: expected standard deviations > 0`);
  }
  const squares = regression({ model, x, y: observed, weights, start, ...(bounds && { bounds }) });
  const problem = loss === undefined ? squares : withLoss(squares, loss, lossScale), atStart = new Float64Array(m);
  problem.residual.value(start, atStart);
  const wrong = atStart.findIndex((r) => !Number.isFinite(r));
  if (wrong >= 0) {
    throw new DomainError(
      `Cannot ${VERB}: expected a finite model at the start, got ${atStart[wrong]} at point ${wrong}`,
    );
  }
  const run = { start, stop: [measureBelow("gradientNorm", { absolute: 0 }), iterations(maxIterations)] };
  if (bounds) {
    const bounded = { ...problem, ...bounds };
    return fitOf(bounded, solve(bounded, trustRegionReflective(), run), absoluteSigma);
  }
  const first = fitOf(problem, solve(problem, levenbergMarquardt(), run), absoluteSigma);
  if (first.status === "converged" && first.standardDeviations.every((s) => s < Infinity)) return first;
  // parameters ran off to where the data say nothing of them, or the way was too long: once more with other steps
  const other = solve(problem, levenbergMarquardt({ damping: 0.1, memory: 0.1 }), run);
  const second = fitOf(problem, other, absoluteSigma);
  return second.residualSumOfSquares < first.residualSumOfSquares ? second : first;
}

const VERB = "fit a curve";

/** The bounds of each parameter. */
function boundsOf({ lower = -Infinity, upper = Infinity }: CurveBounds, start: Vector): Box {
  const n = start.length,
    each = (bound: number | ArrayLike<number>): Vector =>
      typeof bound === "number" ? new Float64Array(n).fill(bound) : Float64Array.from(bound);
  const box = { lower: each(lower), upper: each(upper) };
  if (box.lower.length !== n || box.upper.length !== n) {
    throw new ShapeError(
      `Cannot ${VERB}: expected bounds for ${n} parameters, got ${box.lower.length} lower and ${box.upper.length} upper ones`,
    );
  }
  for (let j = 0; j < n; j++) {
    const low = box.lower[j], high = box.upper[j];
    if (!(low <= high)) {
      throw new DomainError(`Cannot ${VERB}: expected lower <= upper, got ${low} and ${high} at ${j}`);
    }
    if (start[j] >= low && start[j] <= high) continue;
    throw new DomainError(`Cannot ${VERB}: expected a start within [${low}, ${high}], got ${start[j]} at ${j}`);
  }
  return box;
}
