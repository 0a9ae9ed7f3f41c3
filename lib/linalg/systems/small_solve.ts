/**
 * Gaussian elimination of small systems: one right-hand side, eliminated along with the matrix. It allocates nothing
 * but the solution and calls nothing, which is what counts at these orders.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { harmlessGrowth } from "../factorizations/elimination.ts";

/** The largest order that is small. */
export const SMALL = 16;

const work = new Float64Array(SMALL * SMALL), rows = new Int32Array(SMALL);

/** Pivots below this have reciprocals that overflow. */
const LEAST = 2 ** -1000;

/**
 * The solution of `A x = b` of order n up to SMALL by elimination with partial pivoting, two columns at a time: that
 * reads and writes the rest half as often. It gives up, undefined, at whatever is unusual: what is not finite, a pivot
 * that is zero or next to it, entries that grow.
 */
export function solveSmall(n: number, A: Vector, b: Vector): Vector | undefined {
  const a = work, x = new Float64Array(n), count = n * n;
  let largest = 0, grown = 0;
  for (let i = 0; i < count; i++) {
    const entry = A[i];
    a[i] = entry;
    if (entry > largest) largest = entry;
    else if (-entry > largest) largest = -entry;
  }
  if (!(largest < Infinity)) return undefined;
  for (let i = 0, r = 0; i < n; i++, r += n) {
    rows[i] = r; // rows change places by their addresses
    x[i] = b[i];
  }
  for (let k = 0; k < n; k += 2) {
    const k1 = k + 1, k2 = k + 2;
    let q = k, size = Math.abs(a[rows[k] + k]);
    for (let i = k1; i < n; i++) {
      const s = Math.abs(a[rows[i] + k]);
      if (s > size) {
        size = s;
        q = i;
      }
    }
    if (!(size > LEAST)) return undefined;
    const p = rows[q], y = x[q];
    rows[q] = rows[k];
    rows[k] = p;
    x[q] = x[k];
    x[k] = y;
    if (k1 === n) break;
    const reciprocal = 1 / a[p + k], u = a[p + k1];
    q = k1;
    size = -1;
    for (let i = k1; i < n; i++) { // L's column, and the next column, among whose entries is the next pivot
      const at = rows[i] + k, l = a[at] * reciprocal, v = a[at + 1] - l * u, s = Math.abs(v);
      a[at] = l;
      a[at + 1] = v;
      if (s > size) {
        size = s;
        q = i;
      }
    }
    if (!(size > LEAST)) return undefined;
    const p1 = rows[q], l = a[p1 + k], y1 = x[q] - l * y, reciprocal1 = 1 / a[p1 + k1];
    rows[q] = rows[k1];
    rows[k1] = p1;
    x[q] = x[k1];
    x[k1] = y1;
    for (let j = k2; j < n; j++) a[p1 + j] -= l * a[p + j];
    let i = k2;
    for (; i + 1 < n; i += 2) {
      const r = rows[i], s = rows[i + 1];
      const l0 = a[r + k], l1 = a[r + k1] * reciprocal1, m0 = a[s + k], m1 = a[s + k1] * reciprocal1;
      x[i] -= l0 * y + l1 * y1;
      x[i + 1] -= m0 * y + m1 * y1;
      for (let j = k2; j < n; j++) {
        const v = a[p + j], w = a[p1 + j];
        a[r + j] -= l0 * v + l1 * w;
        a[s + j] -= m0 * v + m1 * w;
      }
    }
    if (i < n) {
      const r = rows[i], l0 = a[r + k], l1 = a[r + k1] * reciprocal1;
      x[i] -= l0 * y + l1 * y1;
      for (let j = k2; j < n; j++) a[r + j] -= l0 * a[p + j] + l1 * a[p1 + j];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    const r = rows[i];
    let s = x[i];
    for (let j = i + 1; j < n; j++) {
      const u = a[r + j];
      s -= u * x[j];
      if (u > grown) grown = u;
      else if (-u > grown) grown = -u;
    }
    s /= a[r + i];
    if (s - s !== 0) return undefined;
    x[i] = s;
  }
  return grown <= harmlessGrowth(n) * largest ? x : undefined;
}
