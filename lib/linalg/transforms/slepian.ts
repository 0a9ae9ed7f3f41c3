/**
 * How long a stationary Gaussian process keeps its sign, by the independent interval approximation of its Slepian
 * model.
 *
 * The process has the covariance r, `r(0) = 1`, and mean zero; E is the mean sign a time t after an up-crossing of
 * zero. A switching process with independent intervals of density ψ and with the same E is put in its place:
 *
 * ```
 * E(t) = -r′(t) / (√(-r″(0)) √(1 - r(t)²)),   E(0) = 1
 * Ê(s) = (1/s) (1 - ψ̂(s))/(1 + ψ̂(s)),   so   E(t) = H(t) - ∫₀ᵗ ψ(u) E(t-u) du,   H(t) = ∫ₜ^∞ ψ
 * H(t) ~ e^{-θt}:   θ ∫₀^∞ e^{θt} E(t) dt = 1
 * ```
 *
 * The renewal equation is solved for the increments of 1 - H with E at the midpoints, to second order in the step; it
 * asks for E at real times alone, where a Laplace transform of E would have to be known left of its abscissa of
 * convergence.
 *
 * Source: Bengtsson and Podgórski, The Slepian model based independent interval approximation of persistency and
 * zero-level exceedance distributions (2024), arXiv 2401.01805.
 *
 * @module
 */
import { DomainError, type Vector } from "../../core/mod.ts";

/** A covariance function that is twice differentiable at 0. */
export interface SmoothCovariance {
  /** `r(t)`, with `r(0) = 1`. */
  readonly value: (t: number) => number;
  /** `r′(t)`. */
  readonly derivative: (t: number) => number;
  /** `-r″(0)`. */
  readonly curvature: number;
}

/** How long intervals are, for large lengths and in the mean. */
export interface Persistency {
  /** θ, NaN where there is none. */
  readonly exponent: number;
  /** The mean length of an interval, `π/√(-r″(0))`. */
  readonly meanInterval: number;
  /**
   * `not-monotone` when r rises somewhere: the approximation is then no probability law. `no-root` when E falls so
   * slowly that the equation has no solution.
   */
  readonly status: "converged" | "not-monotone" | "no-root";
}

/** The law of intervals on a grid. */
export interface IntervalLaw {
  /** Times 0, h, 2h, …, the horizon. */
  readonly times: Vector;
  /** H at these times: `P(interval > t)`. */
  readonly survival: Vector;
  /** ψ at the midpoints, one number less. */
  readonly density: Vector;
  /** `not-a-density` when the density is negative somewhere. */
  readonly status: "completed" | "not-a-density";
}

/**
 * E, the mean sign a time t after an up-crossing.
 *
 * @throws {DomainError} When `r(0)` is not 1, or `-r″(0)` is not positive and finite.
 *
 * @example The covariance sech(t/2)
 * ```ts
 * import { slepianMean } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const mean = slepianMean({
 *   value: (t) => 1 / Math.cosh(t / 2),
 *   derivative: (t) => -Math.tanh(t / 2) / Math.cosh(t / 2) / 2,
 *   curvature: 1 / 4,
 * });
 * assertAlmostEquals(mean(3), 1 / Math.cosh(1.5), 1e-15); // of this one E is r itself
 * ```
 */
export function slepianMean({ value, derivative, curvature }: SmoothCovariance): (t: number) => number {
  if (!(curvature > 0 && curvature < Infinity) || !(Math.abs(value(0) - 1) <= 1e-12)) {
    throw new DomainError(
      `Cannot use a covariance: expected r(0) = 1 and a positive -r″(0), got ${value(0)} and ${curvature}`,
    );
  }
  const rate = Math.sqrt(curvature);
  return (t) => {
    const r = value(t);
    return t * rate < 1e-5 ? 1 : -derivative(t) / (rate * Math.sqrt((1 - r) * (1 + r)));
  };
}

/** Points of Simpson's rule, and the share of E(0) at which the rest is taken for exponential. */
const POINTS = 20_000, REST = 1e-12;

/**
 * The exponent θ of `H(t) ~ e^{-θt}`.
 *
 * @throws {DomainError} As `slepianMean`.
 */
export function iiaPersistency(covariance: SmoothCovariance): Persistency {
  const mean = slepianMean(covariance), meanInterval = Math.PI / Math.sqrt(covariance.curvature);
  const failed = (status: Persistency["status"]): Persistency => ({ exponent: NaN, meanInterval, status });
  // double the horizon until E is negligible there
  let horizon = meanInterval;
  while (mean(horizon) > REST) {
    if ((horizon *= 2) > 1e5 * meanInterval) return failed("no-root");
  }
  const h = horizon / POINTS, E = Float64Array.from({ length: POINTS + 1 }, (_, k) => mean(k * h));
  if (E.some((value) => !(value >= 0))) return failed("not-monotone");
  // beyond the last point where E is not all rounding it falls like e^{-κt}
  let last = POINTS;
  while (E[last] < REST) last -= 2;
  const back = Math.min(last, Math.round(meanInterval / h)), decay = Math.log(E[last - back] / E[last]) / (back * h);
  const excess = (theta: number): number => {
    let sum = 0;
    for (let k = 0; k <= last; k++) {
      const weight = k === 0 || k === last ? 1 : k % 2 ? 4 : 2;
      sum += weight * Math.exp(theta * k * h) * E[k];
    }
    return theta * (sum * h / 3 + Math.exp(theta * last * h) * E[last] / (decay - theta)) - 1;
  };
  let low = 0, high = decay * (1 - 1e-9);
  if (!(decay > 0) || !(excess(high) > 0)) return failed("no-root");
  while (high - low > 1e-14 * high) { // the excess grows with θ
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (excess(middle) > 0) high = middle;
    else low = middle;
  }
  return { exponent: (low + high) / 2, meanInterval, status: "converged" };
}

/** The grid of a law. */
export interface IntervalLawOptions {
  /** The last time. Default ten mean intervals. */
  readonly horizon?: number;
  /** Steps up to there. Default 1000; the work grows with their square. */
  readonly steps?: number;
}

/**
 * The law of interval lengths.
 *
 * @throws {DomainError} As `slepianMean`, and when the horizon or the number of steps is not positive.
 */
export function iiaDensity(covariance: SmoothCovariance, options: IntervalLawOptions = {}): IntervalLaw {
  const mean = slepianMean(covariance);
  const { horizon = 10 * Math.PI / Math.sqrt(covariance.curvature), steps = 1000 } = options;
  if (!(horizon > 0 && horizon < Infinity) || !(Number.isSafeInteger(steps) && steps > 0)) {
    throw new DomainError(`Cannot find intervals: expected a positive horizon and steps, got ${horizon} and ${steps}`);
  }
  const h = horizon / steps, times = Float64Array.from({ length: steps + 1 }, (_, k) => k * h);
  const E = times.map(mean), middle = Float64Array.from({ length: steps }, (_, k) => mean((k + 0.5) * h));
  const survival = new Float64Array(steps + 1), mass = new Float64Array(steps);
  survival[0] = 1;
  for (let k = 1; k <= steps; k++) {
    let later = 0; // Σ mass[j] E((k - j - ½) h) over intervals that ended in earlier steps
    for (let j = 0; j < k - 1; j++) later += mass[j] * middle[k - 1 - j];
    mass[k - 1] = (survival[k - 1] - E[k] - later) / (1 + middle[0]);
    survival[k] = survival[k - 1] - mass[k - 1];
  }
  const negative = mass.some((value) => !(value >= -1e-12));
  return { times, survival, density: mass.map((value) => value / h), status: negative ? "not-a-density" : "completed" };
}
