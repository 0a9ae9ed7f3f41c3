/**
 * The largest entries of a vector.
 *
 * @module
 */
import type { Vector } from "./vector.ts";

/**
 * Finds the k largest entries of `x`, of equal ones those with the lowest indices, where k is the length of `places`;
 * `-Infinity` is never one of them. Writes their indices into `places` and their values into `values`, in no order,
 * and returns how many there are. O(n log k) at most, O(n) where k is n.
 *
 * @example Two of four
 * ```ts
 * import { largestEntries } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * const places = new Uint32Array(2), values = new Float64Array(2);
 * assertEquals(largestEntries(Float64Array.of(1, 5, 2, 5), places, values), 2);
 * assertEquals([...places].sort(), [1, 3]);
 * ```
 */
export function largestEntries(x: Vector, places: Uint32Array, values: Vector): number {
  const n = x.length, k = places.length;
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (x[i] === -Infinity) continue;
    if (count < k) {
      values[count] = x[i];
      places[count++] = i;
      if (count === k && k < n) { for (let at = (k >> 1) - 1; at >= 0; at--) sink(at, k, places, values); }
    } else if (x[i] > values[0]) {
      values[0] = x[i];
      places[0] = i;
      sink(0, k, places, values);
    }
  }
  return count;
}

/** Restores the heap, of which the least entry is the root and, of equal ones, the one with the highest index. */
function sink(at: number, count: number, places: Uint32Array, values: Vector): void {
  const value = values[at], place = places[at];
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && isLess(values[child + 1], places[child + 1], values[child], places[child])) child++;
    if (!isLess(values[child], places[child], value, place)) break;
    values[at] = values[child];
    places[at] = places[child];
    at = child;
  }
  values[at] = value;
  places[at] = place;
}

function isLess(x: number, i: number, y: number, j: number): boolean {
  return x < y || x === y && i > j;
}
