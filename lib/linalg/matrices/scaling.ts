/**
 * Powers of two that keep iterations away from overflow and underflow.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** Entries within these limits can be squared, multiplied and summed at will. */
const SMALL = 2 ** -100, LARGE = 2 ** 100;

/**
 * A power of two, with an exact square root, to multiply a matrix by, whose largest magnitude this is, before anything
 * is squared: 1 in almost all cases. What falls to zero then is far below the rounding unit of the rest.
 */
export function safeFactor(largest: number): number {
  if (largest === 0 || largest > SMALL && largest < LARGE) return 1;
  return 4 ** Math.max(-500, Math.min(500, -Math.round(Math.log2(largest) / 2)));
}

/** A copy of the entries, multiplied by the factor. */
export function scaled(x: Vector, factor: number): Vector {
  return factor === 1 ? x.slice() : x.map((a) => factor * a);
}
