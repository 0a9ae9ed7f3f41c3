/**
 * The entries of a plan that count: all but those that together hold little mass, or so many of the largest.
 *
 * Entries are sorted into buckets by their leading bits, eight buckets to an octave; no logarithm is taken and nothing
 * is compared.
 *
 * @module
 */
import type { Vector } from "../core/mod.ts";

/** Sign, exponent and three bits of the fraction. */
const SHIFT = 17, BUCKETS = 2 ** (32 - SHIFT - 1);

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The upper halves of the bits of numbers: the one of entry k at `2k + upper`. */
function halves(p: Vector): Uint32Array {
  return new Uint32Array(p.buffer, p.byteOffset, 2 * p.length);
}
const upper = littleEndian ? 1 : 0;

/** The least number in a bucket. */
function lowest(bucket: number): number {
  const number = new Float64Array(1);
  halves(number)[upper] = bucket << SHIFT;
  return number[0];
}

/** The mass and the number of the entries in each bucket. */
function bucketsOf(p: Vector): { readonly mass: Vector; readonly counts: Uint32Array } {
  const bits = halves(p), mass = new Float64Array(BUCKETS), counts = new Uint32Array(BUCKETS);
  for (let k = 0; k < p.length; k++) {
    const bucket = bits[2 * k + upper] >>> SHIFT;
    mass[bucket] += p[k];
    counts[bucket]++;
  }
  return { mass, counts };
}

/**
 * The largest threshold, but for the width of a bucket, for which the entries below it have no more than the given
 * mass.
 */
export function thresholdByMass(p: Vector, most: number): number {
  const { mass } = bucketsOf(p);
  let bucket = 0;
  for (let dropped = mass[0]; dropped <= most && bucket < BUCKETS - 1; dropped += mass[bucket]) bucket++;
  return Math.max(lowest(bucket), Number.MIN_VALUE);
}

/** The `count`-th largest entry, or the least positive number where there are fewer positive ones. */
export function thresholdByCount(p: Vector, count: number): number {
  const { counts } = bucketsOf(p);
  let bucket = BUCKETS - 1, above = 0;
  for (; bucket > 0 && above + counts[bucket] < count; bucket--) above += counts[bucket];
  const bits = halves(p), within: number[] = [];
  for (let k = 0; k < p.length; k++) if (bits[2 * k + upper] >>> SHIFT === bucket) within.push(p[k]);
  within.sort((x, y) => y - x);
  return Math.max(within[Math.min(count - above, within.length) - 1], Number.MIN_VALUE);
}
