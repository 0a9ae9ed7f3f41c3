/**
 * The lasso and the elastic net along a path of weights, by coordinate descent with screening.
 *
 * ```
 * minimize (1/2n) |y - β₀ - Xβ|² + λ (a |β|₁ + (1 - a)/2 |β|²)      for λ₁ > λ₂ > …
 * βⱼ ← S(xⱼᵀr/n + cⱼ βⱼ, λ a)/(cⱼ + λ (1 - a)),   r = y - β₀ - Xβ,  cⱼ = |xⱼ|²/n,  S soft thresholding
 * ```
 *
 * Each λ starts from the solution of the last one. Sweeps over the coordinates that are not 0 alternate with sweeps
 * over all candidates, until the duality gap is small. Candidates are
 *
 * ```
 * strong    j with |xⱼᵀr(λ₋)|/n >= a (2λ - λ₋),  and those that violate the optimality conditions in the end
 * gap-safe  all but j with |xⱼᵀθ| + |xⱼ| √(2 gap)/λ < 1, for a feasible θ of the dual problem: never a wrong one
 * ```
 *
 * An elastic net is a lasso of the columns `(xⱼ, √(n λ (1 - a)) eⱼ)`, for gap and screening.
 *
 * Sources: Friedman, Hastie and Tibshirani, Regularization paths for generalized linear models via coordinate descent
 * (2010), section 2; Tibshirani and others, Strong rules for discarding predictors in lasso-type problems (2012),
 * equation 8; Ndiaye, Fercoq, Gramfort and Salmon, Gap safe screening rules for sparsity enforcing penalties (2017),
 * theorem 6.
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError, type SparseMatrix, type Vector, vector } from "../core/mod.ts";
import { matrix, sortSparse, toColumns, toSparse } from "../linalg/mod.ts";
import { softThreshold } from "../proximal/mod.ts";
import { checkLassoOptions, type LassoPathOptions, pathOf } from "./lasso_options.ts";

/** A path of solutions. */
export interface LassoPath {
  /** The weights λ. */
  readonly lambdas: Vector;
  /** β, a row for each weight. */
  readonly coefficients: Matrix;
  /** β₀ for each weight. */
  readonly intercepts: Vector;
  /** The duality gaps reached, of `½|r|² + …`; above the tolerance where the sweeps did not suffice. */
  readonly gaps: Vector;
  /** How many coordinates were left out in the end, for each weight. */
  readonly discarded: Uint32Array;
  /** How many times a coordinate was looked at, in all. */
  readonly visits: number;
}

/**
 * The path of the lasso or elastic net.
 *
 * @param features X, n x p.
 * @param targets y.
 *
 * @throws {ShapeError} When y has not n entries.
 * @throws {DomainError} On options out of range, features that are all constant, or numbers that are not finite.
 *
 * @example Orthogonal columns
 * ```ts
 * import { matrix } from "@gradus/gradus/linalg";
 * import { lassoPath } from "@gradus/gradus/splitting";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const X = matrix([[1, 1], [1, -1], [-1, 1], [-1, -1]]), y = [5, 1, -1, -5]; // 3 and 2
 * const { coefficients } = lassoPath(X, y, { lambdas: [2.5, 1] });
 * [0.5, 0, 2, 1].forEach((b, k) => assertAlmostEquals(coefficients.data[k], b));
 * ```
 */
export function lassoPath(
  features: Matrix | SparseMatrix,
  targets: ArrayLike<number>,
  options: LassoPathOptions = {},
): LassoPath {
  const { mix = 1, intercept = true, screening = "strong", tolerance = 1e-10, maxSweeps = 10_000 } = options;
  checkLassoOptions(options);
  const n = features.rows, p = features.columns, y = vector(targets, targets.length, "targets");
  if (y.length !== n) throw new ShapeError(`Cannot fit a path: expected ${n} targets, got ${y.length}`);
  const fit = begin(features, y, mix, intercept), { beta, correlations } = fit;
  correlate(fit, undefined);
  const lambdas = pathOf(options, correlations.reduce((most, c) => Math.max(most, Math.abs(c)), 0) / (n * mix), n, p);
  const path = {
    lambdas,
    coefficients: matrix(lambdas.length, p),
    intercepts: new Float64Array(lambdas.length),
    gaps: new Float64Array(lambdas.length),
    discarded: new Uint32Array(lambdas.length),
  };
  const candidate = new Uint8Array(p), enough = tolerance * fit.square;
  for (let k = 0; k < lambdas.length; k++) {
    const lambda = lambdas[k], bar = n * mix * (2 * lambda - (k > 0 ? lambdas[k - 1] : lambda));
    for (let j = 0; j < p; j++) {
      const keeps = screening !== "strong" || beta[j] !== 0 || Math.abs(correlations[j]) >= bar;
      candidate[j] = keeps && fit.curvature[j] > 0 ? 1 : 0;
    }
    path.gaps[k] = minimize(fit, lambda, candidate, screening, enough, maxSweeps);
    path.coefficients.data.set(beta, k * p);
    path.intercepts[k] = intercept ? fit.mean - beta.reduce((sum, b, j) => sum + b * fit.means[j], 0) : 0;
    path.discarded[k] = candidate.reduce((left, c) => left - c, p);
  }
  return { ...path, visits: fit.visits };
}

/**
 * Data by columns, and where the coordinates are. The residual is `raw + shift`, with mean 0 where there is an
 * intercept.
 */
interface Fit {
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly values: Vector;
  /** The means of columns; 0 without an intercept. */
  readonly means: Vector;
  /** `Σᵢ xᵢⱼ`. */
  readonly sums: Vector;
  /** `|xⱼ|²`, of centred columns with an intercept. */
  readonly curvature: Vector;
  readonly mean: number;
  /** `|y|²`, centred. */
  readonly square: number;
  readonly mix: number;
  /** y, centred. */
  readonly y: Vector;
  readonly beta: Vector;
  readonly raw: Vector;
  shift: number;
  /** `xⱼᵀr`, for all j where they were last computed. */
  readonly correlations: Vector;
  visits: number;
}

function begin(features: Matrix | SparseMatrix, targets: Vector, mix: number, intercept: boolean): Fit {
  const n = features.rows, p = features.columns;
  const { columnStarts: starts, rowIndices: rows, values } = toColumns(
    "data" in features ? toSparse(features) : sortSparse(features),
  );
  const sums = new Float64Array(p), means = new Float64Array(p), curvature = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let square = 0;
    for (let k = starts[j]; k < starts[j + 1]; k++) sums[j] += values[k];
    if (intercept) means[j] = sums[j] / n;
    for (let k = starts[j]; k < starts[j + 1]; k++) square += (values[k] - means[j]) ** 2;
    curvature[j] = square + (n - (starts[j + 1] - starts[j])) * means[j] ** 2;
    if (curvature[j] <= 1e-28 * n * means[j] ** 2) curvature[j] = 0; // constant
  }
  if (!curvature.some((c) => c > 0)) throw new DomainError("Cannot fit a path: expected features that vary, got none");
  const mean = intercept ? targets.reduce((s, v) => s + v, 0) / n : 0, y = targets.map((v) => v - mean);
  return {
    starts,
    rows,
    values,
    means,
    sums,
    curvature,
    mean,
    square: y.reduce((s, v) => s + v * v, 0),
    mix,
    y,
    beta: new Float64Array(p),
    raw: y.slice(),
    shift: 0,
    correlations: new Float64Array(p),
    visits: 0,
  };
}

/** `xⱼᵀr`. */
function correlation({ starts, rows, values, raw, sums, shift }: Fit, j: number): number {
  let s = shift * sums[j];
  for (let k = starts[j]; k < starts[j + 1]; k++) s += values[k] * raw[rows[k]];
  return s;
}

/** Adds d to `βⱼ`. */
function change(fit: Fit, j: number, d: number): void {
  const { starts, rows, values, raw } = fit;
  fit.beta[j] += d;
  fit.shift += d * fit.means[j];
  for (let k = starts[j]; k < starts[j + 1]; k++) raw[rows[k]] -= d * values[k];
}

/** The correlations of all columns, or of candidates. */
function correlate(fit: Fit, candidate: Uint8Array | undefined): void {
  for (let j = 0; j < fit.beta.length; j++) {
    if (candidate && candidate[j] === 0) continue;
    fit.correlations[j] = correlation(fit, j);
    fit.visits++;
  }
}

/**
 * One sweep over candidates, all or those that are not 0; returns the largest change of the objective, up to a factor.
 */
function sweep(fit: Fit, lambda: number, candidate: Uint8Array, all: boolean): number {
  const { beta, curvature, mix, y } = fit, n = y.length, l1 = n * lambda * mix, l2 = n * lambda * (1 - mix);
  let most = 0;
  for (let j = 0; j < beta.length; j++) {
    if (candidate[j] === 0 || !all && beta[j] === 0) continue;
    const c = curvature[j], b = beta[j], d = softThreshold(correlation(fit, j) + c * b, l1) / (c + l2) - b;
    fit.visits++;
    if (d === 0) continue;
    change(fit, j, d);
    most = Math.max(most, c * d * d);
  }
  return most;
}

/** Minimizes for one λ, from where the fit is; returns the duality gap. */
function minimize(
  fit: Fit,
  lambda: number,
  candidate: Uint8Array,
  screening: LassoPathOptions["screening"],
  enough: number,
  maxSweeps: number,
): number {
  const { beta, correlations, curvature, mix, y } = fit,
    n = y.length,
    l1 = n * lambda * mix,
    l2 = n * lambda * (1 - mix);
  let sweeps = 0, still = enough;
  for (;;) {
    const within = screening === "gap-safe" ? candidate : undefined; // what strong rules leave out may be wrong
    correlate(fit, within);
    const { gap, scale } = dualityGap(fit, lambda, within);
    let goesOn = false;
    for (let j = 0; j < beta.length; j++) {
      const size = Math.abs(correlations[j] - l2 * beta[j]);
      if (screening === "gap-safe" && candidate[j] === 1) {
        // |x̃ⱼᵀθ| + |x̃ⱼ| √(2 gap)/λ < 1, both sides times λ
        if (scale * size + Math.sqrt((curvature[j] + l2) * 2 * Math.max(gap, 0)) >= l1 * (1 - 1e-12)) continue;
        candidate[j] = 0;
        if (beta[j] === 0) continue;
        change(fit, j, -beta[j]);
        goesOn = true;
      } else if (screening === "strong" && candidate[j] === 0 && curvature[j] > 0 && size > l1 * (1 + 1e-12)) {
        candidate[j] = 1;
      }
    }
    if (gap <= enough && !goesOn || sweeps >= maxSweeps) return gap;
    while (sweeps++ < maxSweeps && sweep(fit, lambda, candidate, true) > still) {
      while (sweeps++ < maxSweeps && sweep(fit, lambda, candidate, false) > still);
    }
    still /= 10;
  }
}

/**
 * The gap of `½|r|² + n λ (a |β|₁ + (1 - a)/2 |β|²)` at β and the multiple of r that is feasible, for all columns or
 * some.
 */
function dualityGap(
  fit: Fit,
  lambda: number,
  within: Uint8Array | undefined,
): { readonly gap: number; readonly scale: number } {
  const { beta, correlations, raw, shift, mix, y } = fit, n = y.length;
  const l1 = n * lambda * mix, l2 = n * lambda * (1 - mix);
  let residual = 0, inner = 0, norm = 0, square = 0, most = 0;
  for (let i = 0; i < n; i++) {
    const r = raw[i] + shift;
    residual += r * r;
    inner += y[i] * r;
  }
  for (let j = 0; j < beta.length; j++) {
    if (within === undefined || within[j] === 1) most = Math.max(most, Math.abs(correlations[j] - l2 * beta[j]));
    norm += Math.abs(beta[j]);
    square += beta[j] * beta[j];
  }
  const scale = most > l1 ? l1 / most : 1, whole = residual + l2 * square;
  return { gap: whole / 2 + l1 * norm - scale * inner + scale * scale * whole / 2, scale };
}
