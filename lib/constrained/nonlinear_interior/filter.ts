/**
 * The filter: pairs of violation θ and barrier value φ that a new iterate must improve on, in one of the two.
 *
 * See Wächter and Biegler, On the implementation of an interior-point filter line-search algorithm for large-scale
 * nonlinear programming (2006), section 2.3.
 *
 * @module
 */

/** The filter. */
export interface BarrierFilter {
  /** θ and φ by turns: what is not below both of a pair is refused. */
  entries: number[];
  /** No iterate may have a larger θ. */
  most: number;
  /** Where θ is above this a step is not asked to bring φ down. */
  small: number;
}

/** The shares of θ by which one of the two must be better, γ_θ and γ_φ. */
export const LESS_VIOLATION = 1e-5, LESS_VALUE = 1e-8;

/** Rounding of φ, in units of its last place. */
const ROUNDING = 10 * Number.EPSILON;

/** A filter for a problem with this θ at its start. */
export function emptyFilter(theta: number): BarrierFilter {
  return { entries: [], most: 1e4 * Math.max(1, theta), small: 1e-4 * Math.max(1, theta) };
}

/** Whether `a <= b`, but for rounding of numbers of the size of a third one. */
export function atMost(a: number, b: number, size: number): boolean {
  return a - b <= ROUNDING * Math.abs(size);
}

/** Whether a pair is acceptable to the filter. */
export function accepts({ entries, most }: BarrierFilter, theta: number, phi: number): boolean {
  if (!(theta <= most)) return false;
  for (let k = 0; k < entries.length; k += 2) {
    if (!atMost(theta, entries[k], entries[k]) && !atMost(phi, entries[k + 1], phi)) return false;
  }
  return true;
}

/** Whether a pair is sufficiently better than another one, in θ or in φ (equation 18). */
export function improves(theta: number, phi: number, before: readonly [theta: number, phi: number]): boolean {
  return atMost(theta, (1 - LESS_VIOLATION) * before[0], before[0]) ||
    atMost(phi, before[1] - LESS_VALUE * before[0], before[1]);
}

/**
 * From now on iterates must be sufficiently better than a pair; pairs that this one makes superfluous leave (equation
 * 22).
 */
export function augment(filter: BarrierFilter, theta: number, phi: number): void {
  const { entries } = filter, t = (1 - LESS_VIOLATION) * theta, p = phi - LESS_VALUE * theta, kept: number[] = [];
  for (let k = 0; k < entries.length; k += 2) {
    if (entries[k] < t || entries[k + 1] < p) kept.push(entries[k], entries[k + 1]);
  }
  kept.push(t, p);
  filter.entries = kept;
}
