// @ts-nocheck: AssemblyScript
// Householder QR in panels of columns. The reflectors of a panel are applied together, as I - V T Vᵀ with V unit lower
// trapezoidal and T upper triangular (Schreiber and Van Loan, A storage-efficient WY representation for products of
// Householder transformations, 1989).
import { multiply } from "./gemm.ts";
import { FULL } from "./merge.ts";
import { reflect } from "./reflector.ts";
import { GRAM } from "./scratch.ts";
import { columnTile, rowTile } from "./tile.ts";
import { timesBeside } from "./triangle.ts";
import { fromLeft, fromRight } from "./triangular.ts";

/** The most columns of a panel. */
const PANEL: i32 = 48;
/** Bytes between rows of V and of T. */
const PITCH: usize = usize(PANEL) * 8;

/** The columns of the panels of p reflectors. */
function width(p: i32): i32 {
  return p <= 96 ? 16 : p <= 320 ? 32 : PANEL;
}

/** Bytes of work space for reflectors of m entries applied to n columns (or rows). */
export function qrWork(m: i32, n: i32): usize {
  return usize(m + n + PANEL) * PITCH;
}

/**
 * `A = Q R`, A m x n: writes R over the upper triangle, and below it the reflectors `H = I - τ v vᵀ` without their unit
 * entries; Q is their product in order. The min(m, n) factors τ go to `tau`.
 */
export function qr(m: i32, n: i32, a: usize, lda: usize, tau: usize, work: usize): void {
  const p = min(m, n), size = width(p), v = work + usize(PANEL) * PITCH, w = v + usize(m) * PITCH;
  for (let k = 0; k < p; k += size) {
    const columns = min(size, p - k), rest = n - k - columns, d = a + usize(k) * (lda + 8);
    panel(m - k, columns, d, lda, tau + (usize(k) << 3), work, v);
    if (rest > 0) applyLeft(true, m - k, rest, columns, v, work, d + (usize(columns) << 3), lda, w);
  }
}

/**
 * `C ← Q C` or `Qᵀ C` (C m x n), `C ← C Q` or `C Qᵀ` (C n x m), for the p reflectors of `qr`.
 */
export function applyQ(
  left: bool,
  transpose: bool,
  m: i32,
  n: i32,
  p: i32,
  a: usize,
  lda: usize,
  tau: usize,
  c: usize,
  ldc: usize,
  work: usize,
): void {
  const size = width(p), panels = (p + size - 1) / size, v = work + usize(PANEL) * PITCH, w = v + usize(m) * PITCH;
  for (let q = 0; q < panels; ++q) {
    const k = (left == transpose ? q : panels - 1 - q) * size, columns = min(size, p - k);
    unpack(m - k, columns, a + usize(k) * (lda + 8), lda, tau + (usize(k) << 3), work, v);
    if (left) applyLeft(transpose, m - k, n, columns, v, work, c + usize(k) * ldc, ldc, w);
    else applyRight(transpose, n, m - k, columns, v, work, c + (usize(k) << 3), ldc, w);
  }
}

/** The first n columns of Q (p <= n <= m), m x n, written to `c`. */
export function formQ(
  m: i32,
  n: i32,
  p: i32,
  a: usize,
  lda: usize,
  tau: usize,
  c: usize,
  ldc: usize,
  work: usize,
): void {
  for (let i = 0; i < m; ++i) {
    memory.fill(c + usize(i) * ldc, 0, usize(n) << 3);
    if (i < n) store<f64>(c + usize(i) * (ldc + 8), 1);
  }
  const size = width(p), v = work + usize(PANEL) * PITCH, w = v + usize(m) * PITCH;
  for (let k = (p - 1) / size * size; k >= 0 && p > 0; k -= size) { // columns before k are still those of the identity
    const columns = min(size, p - k);
    unpack(m - k, columns, a + usize(k) * (lda + 8), lda, tau + (usize(k) << 3), work, v);
    applyLeft(false, m - k, n - k, columns, v, work, c + usize(k) * (ldc + 8), ldc, w);
  }
}

/** `C ← (I - V T Vᵀ) C` or its transpose, C m x n. */
function applyLeft(
  transpose: bool,
  m: i32,
  n: i32,
  p: i32,
  v: usize,
  t: usize,
  c: usize,
  ldc: usize,
  w: usize,
): void {
  const ldw = usize(n) << 3;
  multiply(FULL, true, false, p, n, m, 1, v, PITCH, c, ldc, 0, w, ldw);
  fromLeft(false, false, transpose, false, p, n, t, PITCH, w, ldw);
  multiply(FULL, false, false, m, n, p, -1, v, PITCH, w, ldw, 1, c, ldc);
}

/** `C ← C (I - V T Vᵀ)` or with the transpose, C n x m. */
function applyRight(
  transpose: bool,
  n: i32,
  m: i32,
  p: i32,
  v: usize,
  t: usize,
  c: usize,
  ldc: usize,
  w: usize,
): void {
  multiply(FULL, false, false, n, p, m, 1, c, ldc, v, PITCH, 0, w, PITCH);
  fromRight(false, false, transpose, false, n, p, t, PITCH, w, PITCH);
  multiply(FULL, false, true, n, m, p, -1, w, PITCH, v, PITCH, 1, c, ldc);
}

/** The factors of one panel, four columns at a time; leaves T and V, too. */
function panel(m: i32, n: i32, a: usize, lda: usize, tau: usize, t: usize, v: usize): void {
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j), strip = a + (usize(j) << 3);
    if (j > 0) {
      gram(m, j, v, strip, lda, columns);
      fromLeft(false, false, true, false, j, 4, t, PITCH, GRAM, 32);
      let x = v, z = strip;
      for (let i = 0; i < m; i += 6) {
        rowTile(j, x, PITCH, GRAM, 32, -1, 1, z, lda, min(6, m - i), columns);
        x += 6 * PITCH;
        z += 6 * lda;
      }
    }
    const d = strip + usize(j) * lda;
    for (let k = 0; k < columns; ++k) {
      store<f64>(tau + (usize(j + k) << 3), reflect(m - j - k, columns - k - 1, d + usize(k) * (lda + 8), lda));
    }
    unpackStrip(m, columns, j, strip, lda, v + (usize(j) << 3));
    extend(m, columns, j, tau, t, v);
  }
}

/** V and T of a panel from the reflectors in `a`. */
function unpack(m: i32, n: i32, a: usize, lda: usize, tau: usize, t: usize, v: usize): void {
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    unpackStrip(m, columns, j, a + (usize(j) << 3), lda, v + (usize(j) << 3));
    extend(m, columns, j, tau, t, v);
  }
}

/** Columns of V from j on, with their unit and zero entries. */
function unpackStrip(m: i32, columns: i32, j: i32, a: usize, lda: usize, v: usize): void {
  for (let i = 0; i < m; ++i) {
    if (i >= j + 4 && columns == 4) {
      v128.store(v, v128.load(a));
      v128.store(v, v128.load(a, 16), 16);
    } else {
      for (let k = 0; k < columns; ++k) {
        const o = usize(k) << 3, below = i - j - k;
        store<f64>(v + o, below > 0 ? load<f64>(a + o) : below == 0 ? 1 : 0);
      }
    }
    a += lda;
    v += PITCH;
  }
}

/**
 * Extends T by the `columns` from j on: `T = [T₁  -T₁ (V₁ᵀ V₂) T₂; 0  T₂]`, and T₂ column by column in the same way,
 * with τ on its diagonal.
 */
function extend(m: i32, columns: i32, j: i32, tau: usize, t: usize, v: usize): void {
  const corner = t + usize(j) * (PITCH + 8);
  gram(m, j + columns, v, v + (usize(j) << 3), PITCH, columns);
  for (let k = 0; k < columns; ++k) {
    const factor = load<f64>(tau + (usize(j + k) << 3));
    store<f64>(corner + usize(k) * (PITCH + 8), factor);
    for (let i = 0; i < k; ++i) {
      const row = corner + usize(i) * PITCH;
      let sum: f64 = 0;
      for (let l = i; l < k; ++l) {
        sum += load<f64>(row + (usize(l) << 3)) * load<f64>(GRAM + (usize(4 * (j + l) + k) << 3));
      }
      store<f64>(row + (usize(k) << 3), -factor * sum);
    }
  }
  if (j == 0) return;
  fromLeft(false, false, false, false, j, 4, t, PITCH, GRAM, 32);
  timesBeside(true, false, j, columns, corner, PITCH, 8, GRAM, 32);
  for (let i = 0; i < j; ++i) {
    for (let k = 0; k < columns; ++k) {
      store<f64>(t + usize(i) * PITCH + (usize(j + k) << 3), -load<f64>(GRAM + (usize(4 * i + k) << 3)));
    }
  }
}

/** `Vᵀ S` at GRAM, for the first n columns of V and a strip S of at most four columns. */
function gram(m: i32, n: i32, v: usize, s: usize, lds: usize, columns: i32): void {
  for (let i = 0; i < n; i += 6) {
    columnTile(m, v + (usize(i) << 3), PITCH, s, lds, 1, 0, GRAM + (usize(i) << 5), 32, min(6, n - i), columns);
  }
}
