/**
 * Gaussian elimination of small systems: one right-hand side, eliminated along with the matrix. It allocates nothing and
 * calls nothing, which is what counts at these orders.
 *
 * @module
 */
import type { Vector } from "../core/mod.ts";
import { harmlessGrowth } from "./elimination.ts";

/** The largest order that is small. */
export const SMALL = 16;

const work = new Float64Array(SMALL * SMALL);

/** Pivots below this have reciprocals that overflow. */
const LEAST = 2 ** -1000;

/**
 * `x ← A⁻¹ x` with partial pivoting, for order n up to SMALL and `largest = max |aᵢⱼ|`. Returns whether it could: not with a
 * pivot that is zero or next to it, nor where entries grow; x is spoilt then.
 */
export function solveSmall(n: number, A: Vector, largest: number, x: Vector): boolean {
  const a = work, count = n * n;
  for (let i = 0; i < count; i++) a[i] = A[i];
  for (let k = 0, kk = 0; k < n; k++, kk += n) {
    let q = k, size = Math.abs(a[kk + k]);
    for (let i = k + 1, at = kk + n + k; i < n; i++, at += n) {
      const s = Math.abs(a[at]);
      if (s > size) {
        size = s;
        q = i;
      }
    }
    if (!(size > LEAST)) return false;
    if (q !== k) {
      for (let j = k, p = kk + k, r = q * n + k; j < n; j++, p++, r++) {
        const t = a[p];
        a[p] = a[r];
        a[r] = t;
      }
      const t = x[k];
      x[k] = x[q];
      x[q] = t;
    }
    const reciprocal = 1 / a[kk + k], y = x[k];
    let i = k + 1;
    for (; i + 3 < n; i += 4) { // four rows at once read the pivot row once
      const r = i * n, s = r + n, t = s + n, u = t + n;
      const l0 = a[r + k] * reciprocal,
        l1 = a[s + k] * reciprocal,
        l2 = a[t + k] * reciprocal,
        l3 = a[u + k] * reciprocal;
      x[i] -= l0 * y;
      x[i + 1] -= l1 * y;
      x[i + 2] -= l2 * y;
      x[i + 3] -= l3 * y;
      for (let j = k + 1; j < n; j++) {
        const p = a[kk + j];
        a[r + j] -= l0 * p;
        a[s + j] -= l1 * p;
        a[t + j] -= l2 * p;
        a[u + j] -= l3 * p;
      }
    }
    for (; i < n; i++) {
      const r = i * n, l = a[r + k] * reciprocal;
      x[i] -= l * y;
      for (let j = k + 1; j < n; j++) a[r + j] -= l * a[kk + j];
    }
  }
  let grown = 0;
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    let s = x[i];
    for (let j = i + 1; j < n; j++) {
      const u = a[row + j];
      s -= u * x[j];
      if (u > grown) grown = u;
      else if (-u > grown) grown = -u;
    }
    x[i] = s / a[row + i];
  }
  return grown <= harmlessGrowth(n) * largest;
}
