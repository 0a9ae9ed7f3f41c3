/**
 * Forward and back substitution: one right-hand side, one triangle, in place.
 *
 * @module
 */

import { backend } from "../kernels/mod.ts";

/** From this order on a call is worth it where the backend is fast at single vectors. */
const LARGE = 24;

/**
 * `x ← op(T)⁻¹ x` for the n entries of `x` from `xOffset` on. `lower` says which half of T, as stored, is read; a
 * `unit` triangle has ones on its diagonal, which is not read.
 */
export function substitute(
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  x: Float64Array,
  xOffset: number,
): void {
  const { vectorProducts, solveFromLeft } = backend();
  if (vectorProducts && n >= LARGE) solveFromLeft(lower, transpose, unit, n, 1, t, tOffset, ldt, x, xOffset, 1);
  else if (transpose) gather(lower, unit, n, t, tOffset, ldt, x, xOffset);
  else if (lower) forward(unit, n, t, tOffset, ldt, x, xOffset);
  else backward(unit, n, t, tOffset, ldt, x, xOffset);
}

function forward(
  unit: boolean,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  x: Float64Array,
  xOffset: number,
): void {
  for (let i = 0; i < n; i++) {
    const from = tOffset + i * ldt;
    const s = x[xOffset + i] - partialDot(i, t, from, x, xOffset);
    x[xOffset + i] = unit ? s : s / t[from + i];
  }
}

function backward(
  unit: boolean,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  x: Float64Array,
  xOffset: number,
): void {
  for (let i = n - 1; i >= 0; i--) {
    const d = tOffset + i * (ldt + 1);
    const s = x[xOffset + i] - partialDot(n - 1 - i, t, d + 1, x, xOffset + i + 1);
    x[xOffset + i] = unit ? s : s / t[d];
  }
}

/** With a transposed triangle each entry, once known, is taken out of all others: so rows of T are read along. */
function gather(
  lower: boolean,
  unit: boolean,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  x: Float64Array,
  xOffset: number,
): void {
  for (let step = 0; step < n; step++) {
    const i = lower ? n - 1 - step : step, row = tOffset + i * ldt;
    const s = unit ? x[xOffset + i] : x[xOffset + i] / t[row + i];
    x[xOffset + i] = s;
    if (s === 0) continue;
    const end = lower ? i : n;
    for (let j = lower ? 0 : i + 1; j < end; j++) x[xOffset + j] -= s * t[row + j];
  }
}

/** The sum of n products, in four interleaved sums as `dot` of the core has them. */
function partialDot(n: number, a: Float64Array, i: number, b: Float64Array, j: number): number {
  let s = 0;
  if (n >= 4) {
    let p = 0, q = 0, r = 0;
    for (; n >= 4; n -= 4, i += 4, j += 4) {
      s += a[i] * b[j];
      p += a[i + 1] * b[j + 1];
      q += a[i + 2] * b[j + 2];
      r += a[i + 3] * b[j + 3];
    }
    s = (s + p) + (q + r);
  }
  for (; n > 0; n--) s += a[i++] * b[j++];
  return s;
}
