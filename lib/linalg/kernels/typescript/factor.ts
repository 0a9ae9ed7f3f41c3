/**
 * Cholesky and LU factors in plain TypeScript, by halves.
 *
 * @module
 */
import { gemm, gemmLower } from "./gemm.ts";
import { fromLeft, fromRight } from "./triangular.ts";

/** Order up to which the Cholesky factor is computed row by row. */
const SMALL = 24;

/** `A = L Lᵀ`, L over the lower triangle; returns -1 or the index of the first pivot that is not positive. */
export function cholesky(n: number, a: Float64Array, aOffset: number, lda: number): number {
  if (n <= SMALL) return choleskyRows(n, a, aOffset, lda);
  const h = n >> 1, below = aOffset + h * lda, d = below + h;
  const first = cholesky(h, a, aOffset, lda);
  if (first >= 0) return first;
  fromRight(true, true, true, false, n - h, h, a, aOffset, lda, a, below, lda);
  gemmLower(false, true, n - h, h, -1, a, below, lda, a, below, lda, 1, a, d, lda);
  const second = cholesky(n - h, a, d, lda);
  return second < 0 ? -1 : h + second;
}

function choleskyRows(n: number, a: Float64Array, aOffset: number, lda: number): number {
  for (let i = 0; i < n; i++) {
    const row = aOffset + i * lda;
    let rest = a[row + i];
    for (let j = 0; j < i; j++) {
      const other = aOffset + j * lda;
      let x = a[row + j];
      for (let p = 0; p < j; p++) x -= a[row + p] * a[other + p];
      x /= a[other + j];
      a[row + j] = x;
      rest -= x * x;
    }
    if (!(rest > 0)) return i;
    a[row + i] = Math.sqrt(rest);
  }
  return -1;
}

/** Columns up to which LU goes column by column. */
const PANEL = 16;

/** `P A = L U` with partial pivoting; returns -1 or the index of the first pivot that is zero. */
export function lu(m: number, n: number, a: Float64Array, aOffset: number, lda: number, swaps: Int32Array): number {
  return luPart(m, n, a, aOffset, lda, swaps, 0);
}

/** The same for a block that starts at row `first` of the matrix. */
function luPart(
  m: number,
  n: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  swaps: Int32Array,
  first: number,
): number {
  if (n <= PANEL || m === 1) return luColumns(m, n, a, aOffset, lda, swaps, first);
  const h = Math.min(m, n) >> 1, rest = n - h, below = aOffset + h * lda, right = aOffset + h, d = below + h;
  const before = luPart(m, h, a, aOffset, lda, swaps, first);
  exchangeRows(first, first + h, rest, a, right, lda, swaps, first);
  fromLeft(true, true, false, true, h, rest, a, aOffset, lda, a, right, lda);
  gemm(false, false, m - h, rest, h, -1, a, below, lda, a, right, lda, 1, a, d, lda);
  const after = luPart(m - h, rest, a, d, lda, swaps, first + h);
  exchangeRows(first + h, first + Math.min(m, n), h, a, aOffset, lda, swaps, first);
  return before >= 0 ? before : after;
}

function luColumns(
  m: number,
  n: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  swaps: Int32Array,
  first: number,
): number {
  let zero = -1;
  for (let k = 0; k < m && k < n; k++) {
    const row = aOffset + k * lda;
    let chosen = k, largest = Math.abs(a[row + k]);
    for (let i = k + 1, at = row + lda + k; i < m; i++, at += lda) {
      const size = Math.abs(a[at]);
      if (size > largest) {
        largest = size;
        chosen = i;
      }
    }
    swaps[first + k] = first + chosen;
    if (largest === 0) {
      if (zero < 0) zero = first + k;
      continue;
    }
    if (chosen !== k) exchange(n, a, row, aOffset + chosen * lda);
    const pivot = a[row + k];
    for (let i = k + 1, other = row + lda; i < m; i++, other += lda) {
      const l = a[other + k] / pivot;
      a[other + k] = l;
      for (let j = k + 1; j < n; j++) a[other + j] -= l * a[row + j];
    }
  }
  return zero;
}

/** Does the exchanges `from` up to `to` of a block of n columns, whose first row is row `first` of the matrix. */
function exchangeRows(
  from: number,
  to: number,
  n: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  swaps: Int32Array,
  first: number,
): void {
  for (let k = from; k < to; k++) {
    const p = swaps[k];
    if (p !== k) exchange(n, a, aOffset + (k - first) * lda, aOffset + (p - first) * lda);
  }
}

function exchange(n: number, a: Float64Array, i: number, j: number): void {
  for (const end = i + n; i < end; i++, j++) {
    const t = a[i];
    a[i] = a[j];
    a[j] = t;
  }
}
