/**
 * What statistics say of the parameters of a fit.
 *
 * ```
 * s² = Σ rᵢ²/(m - n),   C = s² (JᵀJ)⁻¹   (without s² where the σᵢ are absolute),   sd(bⱼ) = √Cⱼⱼ
 * confidence interval of bⱼ at level p:  bⱼ ± t((1+p)/2; m-n) sd(bⱼ)
 * ```
 *
 * A parameter that a bound holds counts as known: J has no column for it, n does not count it, and its row and column
 * of C are 0.
 *
 * After Bates and Watts, Nonlinear regression analysis and its applications (1988), sections 2.1 and 2.3.
 *
 * @module
 */
import {
  type BoundedLeastSquares,
  DomainError,
  dot,
  everyBound,
  figure,
  isFiniteVector,
  type Matrix,
  Presented,
  type Result,
  type Vector,
  writeJacobian,
} from "../../core/mod.ts";
import { lstsq, pivotedQr, studentQuantile, substitute } from "../../linalg/mod.ts";
import { columnNorms, linearModelOf, scaled, writeGradient } from "./model.ts";

/** What a fit holds. */
export interface CurveFitFields {
  /** `b`; a parameter that a bound holds is at it. */
  readonly parameters: Vector;
  /** Which parameters a bound holds: the sum of squares would fall on its other side. */
  readonly atBound: readonly boolean[];
  /**
   * The estimated standard deviation of each parameter; 0 where a bound holds it, infinite where the data do not
   * determine it.
   */
  readonly standardDeviations: Vector;
  /** `C`, n x n; of the other parameters given those that bounds hold. */
  readonly covariance: Matrix;
  /** `Σ rᵢ²`. */
  readonly residualSumOfSquares: number;
  /** `s`. */
  readonly residualStandardDeviation: number;
  /** `m - n`, n without the parameters that bounds hold. */
  readonly degreesOfFreedom: number;
  /** By how much, relative to their size, a last step would change the parameters. */
  readonly relativeStep: number;
  /** `converged` when that is below 1e-6, else how the run ended. */
  readonly status: Result["status"];
  /** The run. */
  readonly result: Result;
  /** The interval of each parameter at a level such as 0.95, as pairs. */
  readonly confidence: (level?: number) => [number, number][];
}

/** A fit; its text is a table of the parameters. */
export interface CurveFit extends CurveFitFields {}
/** A fit; its text is a table of the parameters. */
export class CurveFit extends Presented {
  /** A fit of the fields. */
  constructor(fields: CurveFitFields) {
    super();
    Object.assign(this, fields);
  }

  /**
   * How it ended, then a line for each parameter: estimate, standard deviation, interval at 95 % where there is one.
   */
  toString(): string {
    const { parameters, standardDeviations: sd, atBound, degreesOfFreedom, result } = this;
    const interval = Number.isFinite(this.residualStandardDeviation) ? this.confidence(0.95) : undefined;
    const ends = (j: number): string => interval ? `[${interval[j].map((end) => end.toPrecision(6)).join(", ")}]` : "";
    const line = (j: string, b: string, sd: string, of: string): string =>
      `  ${j.padEnd(9)}  ${b.padStart(16)}  ${sd.padStart(18)}  ${of}`.trimEnd();
    return [
      `${result.problem.name}: ${this.status} after ${result.iterations} iterations of ${result.solver.name}`,
      line("parameter", "estimate", "standard deviation", interval ? "95 % confidence interval" : ""),
      ...Array.from(
        parameters,
        (b, j) => line(String(j), b.toPrecision(10), figure(sd[j]), atBound[j] ? "at a bound" : ends(j)),
      ),
      `sum of squares ${figure(this.residualSumOfSquares)}, residual standard deviation ` +
      `${figure(this.residualStandardDeviation)} with ${degreesOfFreedom} degrees of freedom`,
    ].join("\n");
  }
}

/** The fit that a run made. */
export function fitOf(problem: BoundedLeastSquares, result: Result, absoluteSigma: boolean): CurveFit {
  const model = linearModelOf(problem), { jacobian: J, gradient, residual: r } = model, n = J.columns;
  problem.residual.value(result.x, r);
  writeJacobian(problem.residual, result.x, J);
  writeGradient(J, r, gradient);
  const { parameters, atBound } = settledOn(problem, result.x, gradient, columnNorms(J));
  if (atBound.includes(true)) {
    problem.residual.value(parameters, r);
    writeJacobian(problem.residual, parameters, J);
  }
  const free = [...atBound.keys()].filter((j) => !atBound[j]), own = columnsOf(J, free), D = columnNorms(own);
  const residualSumOfSquares = dot(r, r), freedom = J.rows - free.length;
  const variance = freedom > 0 ? residualSumOfSquares / freedom : NaN;
  const inverse = inverseOfSquares(own, absoluteSigma ? 1 : variance).data, covariance = new Float64Array(n * n);
  free.forEach((j, a) => free.forEach((k, b) => covariance[j * n + k] = inverse[a * free.length + b]));
  const relativeStep = relativeStepOf(own, r, D, Float64Array.from(free, (j) => parameters[j]));
  const standardDeviations = Float64Array.from({ length: n }, (_, j) => Math.sqrt(covariance[j * (n + 1)]));
  return new CurveFit({
    parameters,
    atBound,
    standardDeviations,
    covariance: { rows: n, columns: n, data: covariance },
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
  });
}

/** Which parameters a step along the gradient, each by its own scale, would take to a bound: these are put there. */
function settledOn(
  problem: BoundedLeastSquares,
  x: Vector,
  g: Vector,
  D: Vector,
): Pick<CurveFit, "parameters" | "atBound"> {
  const [lower, upper] = everyBound(x.length, problem), r = new Float64Array(problem.residual.components);
  const bound = (j: number): number => g[j] > 0 ? lower[j] : upper[j];
  const atBound = Array.from(
    x,
    (xj, j) => lower[j] === upper[j] || Math.abs(xj - bound(j)) * D[j] ** 2 <= Math.abs(g[j]) && g[j] !== 0,
  );
  const parameters = x.map((xj, j) => atBound[j] ? bound(j) : xj);
  problem.residual.value(parameters, r);
  return { parameters: isFiniteVector(r) ? parameters : x, atBound };
}

function columnsOf({ rows, columns, data }: Matrix, chosen: readonly number[]): Matrix {
  const n = chosen.length;
  const taken = Float64Array.from({ length: rows * n }, (_, k) => data[Math.floor(k / n) * columns + chosen[k % n]]);
  return { rows, columns: n, data: taken };
}

function relativeStepOf(J: Matrix, r: Vector, D: Vector, parameters: Vector): number {
  if (J.columns === 0) return 0;
  return scaled(lstsq(J, r.map((e) => -e)).x, D) / (scaled(parameters, D) || 1);
}

/** `c (JᵀJ)⁻¹` by `J = Q R` with columns scaled to length 1; infinite where J has not full rank. */
function inverseOfSquares(J: Matrix, c: number): Matrix {
  const { rows: m, columns: n } = J, D = columnNorms(J), data = J.data.map((e, k) => e / D[k % n]);
  if (n === 0) return { rows: 0, columns: 0, data };
  if (D.some((d) => !(d > 0))) return { rows: n, columns: n, data: new Float64Array(n * n).fill(Infinity) };
  const factor = pivotedQr({ rows: m, columns: n, data });
  if (factor.rank < n) return { rows: n, columns: n, data: new Float64Array(n * n).fill(Infinity) };
  const inverse = new Float64Array(n * n), unit = new Float64Array(n);
  const R = factor.R.data, order = factor.permutation;
  for (let k = 0; k < n; k++) { // (RᵀR)⁻¹ column by column
    unit.fill(0);
    unit[k] = 1;
    substitute(false, true, false, n, R, 0, n, unit, 0);
    substitute(false, false, false, n, R, 0, n, unit, 0);
    for (let i = 0; i < n; i++) inverse[order[i] * n + order[k]] = c * unit[i] / (D[order[i]] * D[order[k]]);
  }
  return { rows: n, columns: n, data: inverse };
}
