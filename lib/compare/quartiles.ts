/**
 * Medians and quartiles over seeds.
 *
 * @module
 */

/** The median of some numbers between their quartiles. */
export interface Quartiles {
  /** The lower quartile. */
  readonly low: number;
  /** The median. */
  readonly median: number;
  /** The upper quartile. */
  readonly high: number;
}

/**
 * The quartiles of numbers, of which some may be infinite (a cost that was never paid): linear interpolation between
 * order statistics, Hyndman and Fan, Sample quantiles in statistical packages (1996), definition 7. NaN for no numbers,
 * or where one is NaN.
 */
export function quartiles(values: readonly number[]): Quartiles {
  if (values.some(Number.isNaN)) return { low: NaN, median: NaN, high: NaN };
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
}

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return NaN;
  const at = share * (sorted.length - 1), below = Math.floor(at), t = at - below;
  const a = sorted[below], b = sorted[Math.min(below + 1, sorted.length - 1)];
  return t === 0 || a === b ? a : a + t * (b - a); // ∞ - ∞ would be NaN
}
