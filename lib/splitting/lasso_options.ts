/**
 * Options of a path of the lasso, and the weights that they say.
 *
 * @module
 */
import { DomainError, type Vector } from "../core/mod.ts";

/** Options of `lassoPath`. */
export interface LassoPathOptions {
  /** The weights, each below the one before. Default: `count` of them. */
  readonly lambdas?: ArrayLike<number>;
  /** How many weights, in a geometric sequence from the least for which β = 0. Default 100. */
  readonly count?: number;
  /** The last weight over the first. Default 1e-3; 1e-4 with more rows than columns. */
  readonly ratio?: number;
  /** a in (0, 1]. Default 1, the lasso. */
  readonly mix?: number;
  /** Whether there is a β₀, which is not penalized. Default true. */
  readonly intercept?: boolean;
  /** Which coordinates are left out. Default `strong`. */
  readonly screening?: "strong" | "gap-safe" | "none";
  /** The duality gap of `½|r|² + …`, relative to `|y|²`, at which a weight is done. Default 1e-10. */
  readonly tolerance?: number;
  /** The most sweeps for a weight. Default 10 000. */
  readonly maxSweeps?: number;
}

/** Refuses options out of range. */
export function checkLassoOptions({ count, ratio, mix, tolerance, maxSweeps }: LassoPathOptions): void {
  const check = (fits: boolean, expected: string, got: unknown): void => {
    if (!fits) throw new DomainError(`Cannot fit a path: expected ${expected}, got ${got}`);
  };
  check(count === undefined || Number.isSafeInteger(count) && count >= 1, "a positive count", count);
  check(ratio === undefined || ratio > 0 && ratio < 1, "a ratio in (0, 1)", ratio);
  check(mix === undefined || mix > 0 && mix <= 1, "a mix in (0, 1]", mix);
  check(tolerance === undefined || tolerance > 0 && tolerance < Infinity, "a tolerance > 0", tolerance);
  check(maxSweeps === undefined || Number.isSafeInteger(maxSweeps) && maxSweeps >= 1, "positive maxSweeps", maxSweeps);
}

/** The weights: those given, checked, or a geometric sequence from the largest. */
export function pathOf(
  { lambdas, count = 100, ratio }: LassoPathOptions,
  largest: number,
  n: number,
  p: number,
): Vector {
  if (lambdas === undefined) {
    const last = ratio ?? (n > p ? 1e-4 : 1e-3);
    return Float64Array.from({ length: count }, (_, k) => largest * last ** (k / Math.max(count - 1, 1)));
  }
  const given = Float64Array.from(lambdas);
  for (let k = 0; k < given.length; k++) {
    if (!(given[k] > 0 && given[k] < (k > 0 ? given[k - 1] : Infinity))) {
      throw new DomainError(`Cannot fit a path: expected positive weights that fall, got ${given[k]} at ${k}`);
    }
  }
  return given;
}
