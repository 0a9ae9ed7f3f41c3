/**
 * Curves through data: nonlinear regression with what statistics say of its parameters.
 *
 * ```
 * minimize ½ Σ ((model(xᵢ, b) - yᵢ)/σᵢ)²
 * s² = Σ rᵢ²/(m - n),   C = s² (JᵀJ)⁻¹   (without s² where the σᵢ are absolute),   sd(bⱼ) = √Cⱼⱼ
 * confidence interval of bⱼ at level p:  bⱼ ± t((1+p)/2; m-n) sd(bⱼ)
 * ```
 *
 * Source: Bates and Watts, Nonlinear regression analysis and its applications (1988), sections 2.1 and 2.3.
 *
 * @module
 */
import {
  DomainError,
  iterations,
  type LeastSquares,
  type Matrix,
  measureBelow,
  type Result,
  ShapeError,
  solve,
  type Vector,
  vector,
  writeJacobian,
} from "../../core/mod.ts";
import { lstsq, pivotedQr, studentQuantile } from "../../linalg/mod.ts";
import { levenbergMarquardt } from "./levenberg_marquardt.ts";
import { type RobustLoss, withLoss } from "./loss.ts";
import { columnNorms, linearModelOf, scaled, withJacobian } from "./model.ts";

/** The value of a curve at x for parameters b: x is a number, or a row of several. */
export type CurveModel<X extends number | Vector> = (x: X, b: Vector) => number;

/** Options of `curveFit`. */
export interface CurveFitOptions {
  /** Where to start: one number for each parameter. */
  readonly start: ArrayLike<number>;
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

/** A fit. */
export interface CurveFit {
  /** `b`. */
  readonly parameters: Vector;
  /** The estimated standard deviation of each parameter; infinite where the data do not determine it. */
  readonly standardDeviations: Vector;
  /** `C`, n x n. */
  readonly covariance: Matrix;
  /** `Σ rᵢ²`. */
  readonly residualSumOfSquares: number;
  /** `s`. */
  readonly residualStandardDeviation: number;
  /** `m - n`. */
  readonly degreesOfFreedom: number;
  /** By how much, relative to their size, a last step would change the parameters. */
  readonly relativeStep: number;
  /** `converged` when that is below 1e-6, else how the run ended. */
  readonly status: Result["status"];
  /** The run. */
  readonly result: Result;
  /** The interval of each parameter at a level such as 0.95, as pairs. */
  confidence(level?: number): [number, number][];
}

/**
 * Fits a curve by the method of Levenberg and Marquardt, until rounding forbids more. Derivatives are differences of fourth
 * order. A run that ends where the data do not determine a parameter, or not at all, is followed by one with other steps,
 * and the better one counts.
 *
 * With a robust loss the r are the residuals that `withLoss` makes, in the statistics, too, which are approximate then.
 *
 * @throws {ShapeError} When x, y and sigma differ in length, or there are fewer observations than parameters.
 * @throws {DomainError} When a number is not finite, a sigma is not positive, or the model is not finite at the start; or as `withLoss`.
 *
 * @example An exponential decay
 * ```ts
 * import { curveFit } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = [0, 1, 2, 3, 4, 5], y = x.map((t) => 5 * Math.exp(-0.5 * t));
 * const { parameters } = curveFit((t: number, [a, k]) => a * Math.exp(-k * t), x, y, { start: [1, 1] });
 * assertAlmostEquals(parameters[0], 5, 1e-9);
 * assertAlmostEquals(parameters[1], 0.5, 1e-9);
 * ```
 */
export function curveFit<X extends number | Vector>(
  model: CurveModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: CurveFitOptions,
): CurveFit {
  const { sigma, absoluteSigma = false, loss, lossScale, maxIterations = 2000 } = options,
    m = y.length,
    n = options.start.length;
  const start = vector(options.start, n, "start"), observed = vector(y, m, "observations");
  const weights = sigma ? vector(sigma, m, "standard deviations").map((s) => 1 / s) : new Float64Array(m).fill(1);
  if (x.length !== m || m < n) {
    throw new ShapeError(
      `Cannot fit a curve: expected as many x as y, at least ${n} for ${n} parameters, got ${x.length} and ${m}`,
    );
  }
  if (!weights.every((w) => w > 0 && w < Infinity)) {
    throw new DomainError("Cannot fit a curve: expected standard deviations > 0");
  }
  const squares = regression(model, x, observed, weights, start);
  const problem = loss === undefined ? squares : withLoss(squares, loss, lossScale);
  const atStart = new Float64Array(m);
  problem.residual.value(start, atStart);
  const wrong = atStart.findIndex((r) => !Number.isFinite(r));
  if (wrong >= 0) {
    throw new DomainError(
      `Cannot fit a curve: expected a finite model at the start, got ${atStart[wrong]} at point ${wrong}`,
    );
  }
  const stop = [measureBelow("gradientNorm", { absolute: 0 }), iterations(maxIterations)];
  const first = statistics(problem, solve(problem, levenbergMarquardt(), { start, stop }), absoluteSigma);
  if (first.status === "converged" && first.standardDeviations.every((s) => s < Infinity)) return first;
  // parameters ran off to where the data say nothing of them, or the way was too long: once more with other steps
  const other = solve(problem, levenbergMarquardt({ damping: 0.1, memory: 0.1 }), { start, stop });
  const second = statistics(problem, other, absoluteSigma);
  return second.residualSumOfSquares < first.residualSumOfSquares ? second : first;
}

/** The problem; derivatives by differences with steps of the size of the parameters. */
function regression<X extends number | Vector>(
  model: CurveModel<X>,
  x: ArrayLike<X>,
  y: Vector,
  weights: Vector,
  start: Vector,
): LeastSquares {
  const m = y.length, n = start.length, moved = new Float64Array(n);
  const jacobian = (b: Vector, { data }: Matrix): void => {
    moved.set(b);
    for (let j = 0; j < n; j++) {
      const h = 1e-3 * (Math.abs(b[j]) || Math.abs(start[j]) || 1),
        at = (step: number, i: number): number => {
          moved[j] = b[j] + step * h;
          return model(x[i], moved);
        };
      for (let i = 0; i < m; i++) {
        data[i * n + j] = weights[i] * (8 * (at(1, i) - at(-1, i)) - (at(2, i) - at(-2, i))) / (12 * h);
      }
      moved[j] = b[j];
    }
  };
  const value = (b: Vector, out: Vector): void => {
    for (let i = 0; i < m; i++) out[i] = weights[i] * (model(x[i], b) - y[i]);
  };
  return {
    kind: "least-squares",
    name: "a curve",
    dimension: n,
    costs: { "residual.jacobian": 4 * n, "residual.jacobianVector": 4 * n, "residual.jacobianTransposeVector": 4 * n },
    residual: withJacobian(m, n, value, jacobian),
  };
}

function statistics(problem: LeastSquares, result: Result, absoluteSigma: boolean): CurveFit {
  const { residual: r, jacobian: J } = linearModelOf(problem), { x: parameters } = result, { rows: m, columns: n } = J;
  problem.residual.value(parameters, r);
  writeJacobian(problem.residual, parameters, J);
  const residualSumOfSquares = r.reduce((s, e) => s + e * e, 0), freedom = m - n;
  const variance = freedom > 0 ? residualSumOfSquares / freedom : NaN, factor = absoluteSigma ? 1 : variance;
  const covariance = inverseOfSquares(J, factor), D = columnNorms(J);
  const step = lstsq(J, r.map((e) => -e)).x;
  const relativeStep = scaled(step, D) / (scaled(parameters, D) || 1);
  const standardDeviations = Float64Array.from({ length: n }, (_, j) => Math.sqrt(covariance.data[j * (n + 1)]));
  return {
    parameters,
    standardDeviations,
    covariance,
    residualSumOfSquares,
    residualStandardDeviation: Math.sqrt(variance),
    degreesOfFreedom: freedom,
    relativeStep,
    status: relativeStep <= 1e-6 && result.status !== "iteration-limit" ? "converged" : result.status,
    result,
    confidence: (level = 0.95) => {
      if (freedom < 1 && !absoluteSigma) {
        throw new DomainError("Cannot give confidence intervals: expected more observations than parameters");
      }
      const t = studentQuantile((1 + level) / 2, Math.max(freedom, 1));
      return Array.from(parameters, (b, j) => [b - t * standardDeviations[j], b + t * standardDeviations[j]]);
    },
  };
}

/** `c (JᵀJ)⁻¹` by `J = Q R` with columns scaled to length 1; infinite where J has not full rank. */
function inverseOfSquares(J: Matrix, c: number): Matrix {
  const { rows: m, columns: n } = J, D = columnNorms(J), data = J.data.map((e, k) => e / D[k % n]);
  if (D.some((d) => !(d > 0))) return { rows: n, columns: n, data: new Float64Array(n * n).fill(Infinity) };
  const factor = pivotedQr({ rows: m, columns: n, data });
  if (factor.rank < n) return { rows: n, columns: n, data: new Float64Array(n * n).fill(Infinity) };
  const inverse = new Float64Array(n * n), unit = new Float64Array(n);
  const R = factor.R.data, order = factor.permutation;
  for (let k = 0; k < n; k++) { // (RᵀR)⁻¹ column by column
    unit.fill(0);
    unit[k] = 1;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) unit[i] -= R[j * n + i] * unit[j];
      unit[i] /= R[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) unit[i] -= R[i * n + j] * unit[j];
      unit[i] /= R[i * n + i];
    }
    for (let i = 0; i < n; i++) inverse[order[i] * n + order[k]] = c * unit[i] / (D[order[i]] * D[order[k]]);
  }
  return { rows: n, columns: n, data: inverse };
}
