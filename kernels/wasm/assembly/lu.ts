// @ts-nocheck: AssemblyScript
import { multiply } from "./gemm.ts";
import { FULL } from "./merge.ts";
import { packPanels } from "./pack.ts";
import { STRIP } from "./scratch.ts";
import { rowTile } from "./tile.ts";
import { fromLeft } from "./triangular.ts";

/** Panels up to this width are factored strip by strip; wider ones by halves. */
const SIZE: i32 = 64;

/** Below this a reciprocal may overflow. */
const SMALL: f64 = 2.2250738585072014e-308;

/**
 * `P A = L U` with partial pivoting, A m x n: writes U and, below it, L without its unit diagonal over A. The row that
 * changed places with row k is written to `pivots` (i32), for each k < min(m, n). Returns 0, or 1 + the index of the
 * first pivot that is exactly 0; the factors are valid then, too.
 */
export function lu(m: i32, n: i32, a: usize, lda: usize, pivots: usize): i32 {
  if (n <= SIZE || m <= 4) return panel(m, n, a, lda, pivots);
  const half = (min(m, n) / 2 + 3) & ~3, rest = n - half;
  const first = lu(m, half, a, lda, pivots);
  const right = a + (usize(half) << 3), below = a + usize(half) * lda, d = below + (usize(half) << 3);
  swapRows(half, rest, right, lda, pivots);
  fromLeft(true, true, false, true, half, rest, a, lda, right, lda);
  multiply(FULL, false, false, m - half, rest, half, -1, below, lda, right, lda, 1, d, lda);
  const more = pivots + (usize(half) << 2), second = lu(m - half, rest, d, lda, more), count = min(m - half, rest);
  swapRows(count, half, below, lda, more);
  for (let k = 0; k < count; ++k) {
    const p = more + (usize(k) << 2);
    store<i32>(p, load<i32>(p) + half);
  }
  return first > 0 ? first : second > 0 ? half + second : 0;
}

/** Exchanges row k of an array of n columns with row pivots[k], for k = 0, 1, … count - 1. */
export function swapRows(count: i32, n: i32, a: usize, lda: usize, pivots: usize): void {
  for (let k = 0; k < count; ++k) {
    const p = load<i32>(pivots + (usize(k) << 2));
    if (p != k) exchange(n, a + usize(k) * lda, a + usize(p) * lda);
  }
}

/** Undoes `swapRows`. */
export function unswapRows(count: i32, n: i32, a: usize, lda: usize, pivots: usize): void {
  for (let k = count - 1; k >= 0; --k) {
    const p = load<i32>(pivots + (usize(k) << 2));
    if (p != k) exchange(n, a + usize(k) * lda, a + usize(p) * lda);
  }
}

function exchange(n: i32, x: usize, y: usize): void {
  let j = n;
  for (; j >= 2; j -= 2) {
    const t = v128.load(x);
    v128.store(x, v128.load(y));
    v128.store(y, t);
    x += 16;
    y += 16;
  }
  if (j > 0) {
    const t = load<f64>(x);
    store<f64>(x, load<f64>(y));
    store<f64>(y, t);
  }
}

function panel(m: i32, n: i32, a: usize, lda: usize, pivots: usize): i32 {
  let singular = 0;
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j), done = min(j, m), strip = a + (usize(j) << 3);
    if (j > 0) {
      fromLeft(true, true, false, true, done, columns, a, lda, strip, lda);
      if (j >= m) continue;
      packPanels(j, columns, strip, lda, STRIP);
      let x = a + usize(j) * lda;
      for (let i = j; i < m; i += 6) {
        rowTile(j, x, lda, STRIP, 32, -1, 1, x + (usize(j) << 3), lda, min(6, m - i), columns);
        x += 6 * lda;
      }
    }
    for (let k = j; k < min(m, j + columns); ++k) {
      const p = pivot(m, a + (usize(k) << 3), lda, k), row = a + usize(k) * lda;
      store<i32>(pivots + (usize(k) << 2), p);
      if (p != k) exchange(n, row, a + usize(p) * lda);
      if (load<f64>(row + (usize(k) << 3)) != 0) {
        eliminate(m - k - 1, j + columns - k - 1, row + (usize(k) << 3), lda);
      } else if (singular == 0) singular = k + 1;
    }
  }
  return singular;
}

/** The row, from k on, of the largest magnitude in a column. */
function pivot(m: i32, column: usize, lda: usize, k: i32): i32 {
  let best: f64 = -1, row = k, p = column + usize(k) * lda;
  for (let i = k; i < m; ++i) {
    const x = abs(load<f64>(p));
    if (x > best) {
      best = x;
      row = i;
    }
    p += lda;
  }
  return row;
}

/** Divides the `rows` entries below the pivot at `d` by it and updates the `right` (at most 3) columns beside them. */
function eliminate(rows: i32, right: i32, d: usize, lda: usize): void {
  const x = load<f64>(d), divide = abs(x) < SMALL, reciprocal = 1 / x;
  const u0 = v128.load(d, 8), u1 = load<f64>(d, 24);
  let p = d;
  for (let i = 0; i < rows; ++i) {
    p += lda;
    const l = divide ? load<f64>(p) / x : load<f64>(p) * reciprocal;
    store<f64>(p, l);
    if (right >= 2) {
      v128.store(p, f64x2.sub(v128.load(p, 8), f64x2.mul(f64x2.splat(l), u0)), 8);
      if (right == 3) store<f64>(p, load<f64>(p, 24) - l * u1, 24);
    } else if (right == 1) {
      store<f64>(p, load<f64>(p, 8) - l * f64x2.extract_lane(u0, 0), 8);
    }
  }
}
