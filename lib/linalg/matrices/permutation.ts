/**
 * Permutations, as arrays that say where each place's entry comes from, and exchanges.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** The rows `p[0], p[1], …` of a row-major array (`gather`), or the array of which these are the rows. */
export function permuted(x: Vector, columns: number, p: Int32Array, gather: boolean): Vector {
  const y = new Float64Array(p.length * columns);
  for (let i = 0; i < p.length; i++) {
    const from = (gather ? p[i] : i) * columns, to = (gather ? i : p[i]) * columns;
    for (let j = 0; j < columns; j++) y[to + j] = x[from + j];
  }
  return y;
}

/** 1 for an even permutation, -1 for an odd one. */
export function signOf(p: Int32Array): number {
  const seen = new Uint8Array(p.length);
  let sign = 1;
  for (let i = 0; i < p.length; i++) {
    if (seen[i]) continue;
    for (let j = p[i]; j !== i; j = p[j]) { // a cycle of length k is k - 1 exchanges
      seen[j] = 1;
      sign = -sign;
    }
  }
  return sign;
}

/** The permutation that exchanges of place k with place `swaps[k]`, k = 0, 1, …, make of n places. */
export function permutationOf(n: number, swaps: Int32Array | undefined): Int32Array {
  const p = Int32Array.from({ length: n }, (_, i) => i);
  swaps?.forEach((q, k) => [p[k], p[q]] = [p[q], p[k]]);
  return p;
}

/** Exchanges `count` entries from `i` on with those from `j` on. */
export function exchange(a: Vector, i: number, j: number, count: number): void {
  for (let c = 0; c < count; c++, i++, j++) {
    const t = a[i];
    a[i] = a[j];
    a[j] = t;
  }
}
