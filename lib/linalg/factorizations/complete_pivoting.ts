/**
 * Gaussian elimination with complete pivoting, `P A Q = L U`: the pivot is the largest entry that is left.
 *
 * Source: Wilkinson, Error analysis of direct methods of matrix inversion (1961), section 15.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import type { Elimination } from "./elimination.ts";
import { exchange } from "../matrices/permutation.ts";

/** Eliminates with complete pivoting, in place. */
export function eliminateCompletely(n: number, a: Vector): Elimination {
  const swaps = new Int32Array(n), columnSwaps = new Int32Array(n);
  let zeroPivot = -1;
  for (let k = 0; k < n; k++) {
    let largest = 0, p = k, q = k;
    for (let i = k; i < n; i++) {
      for (let j = k; j < n; j++) {
        const size = Math.abs(a[i * n + j]);
        if (size > largest) {
          largest = size;
          p = i;
          q = j;
        }
      }
    }
    swaps[k] = p;
    columnSwaps[k] = q;
    if (largest === 0) {
      if (zeroPivot < 0) zeroPivot = k;
      continue;
    }
    if (p !== k) exchange(a, k * n, p * n, n);
    if (q !== k) { for (let i = 0; i < n; i++) exchange(a, i * n + k, i * n + q, 1); }
    const pivot = a[k * (n + 1)];
    for (let i = k + 1; i < n; i++) {
      const l = a[i * n + k] / pivot;
      a[i * n + k] = l;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= l * a[k * n + j];
    }
  }
  return { factors: a, swaps, columnSwaps, zeroPivot };
}
