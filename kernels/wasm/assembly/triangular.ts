// @ts-nocheck: AssemblyScript
// Products and solves with a triangular matrix: B ← op(T) B, B ← op(T)⁻¹ B, and the same from the right.
//
// Both walk over blocks of rows (or columns) of B; each block takes what the blocks on the other side of the triangle
// give to it, by `multiply` between blocks of SIZE and by register tiles within one, and its own small triangle.
import { multiply } from "./gemm.ts";
import { FULL } from "./merge.ts";
import { packTransposed } from "./pack.ts";
import { STRIP } from "./scratch.ts";
import { solveAbove, solveBeside, timesAbove, timesBeside } from "./triangle.ts";
import { columnTile, rowTile } from "./tile.ts";

/** Rows or columns of a block. */
const SIZE: i32 = 64;

/** `B ← op(T)⁻¹ B` (solve) or `op(T) B`; T is m x m, B m x n. `lower` says which half of T, as stored, is read. */
export function fromLeft(
  solve: bool,
  lower: bool,
  transpose: bool,
  unit: bool,
  m: i32,
  n: i32,
  t: usize,
  ldt: usize,
  b: usize,
  ldb: usize,
): void {
  const below = lower != transpose; // whether op(T) is lower triangular
  const blocks = (m + SIZE - 1) / SIZE;
  for (let q = 0; q < blocks; ++q) {
    const i = (below == solve ? q : blocks - 1 - q) * SIZE, rows = min(SIZE, m - i);
    const other = below ? 0 : i + rows, count = below ? i : m - other;
    const x = b + usize(i) * ldb, y = b + usize(other) * ldb;
    const d = t + usize(i) * ldt + (usize(i) << 3);
    const s = transpose ? t + usize(other) * ldt + (usize(i) << 3) : t + usize(i) * ldt + (usize(other) << 3);
    if (solve) multiply(FULL, transpose, false, rows, n, count, -1, s, ldt, y, ldb, 1, x, ldb);
    leftBlock(solve, below, transpose, unit, rows, n, d, ldt, x, ldb);
    if (!solve) multiply(FULL, transpose, false, rows, n, count, 1, s, ldt, y, ldb, 1, x, ldb);
  }
}

/** `fromLeft` with at most SIZE rows. */
function leftBlock(
  solve: bool,
  below: bool,
  transpose: bool,
  unit: bool,
  m: i32,
  n: i32,
  t: usize,
  ldt: usize,
  b: usize,
  ldb: usize,
): void {
  const rest = n & 3, whole = n - rest;
  if (whole > 0) leftTiles(solve, below, transpose, unit, m, whole, t, ldt, b, ldb);
  if (rest == 0) return;
  const last = b + (usize(whole) << 3); // the last columns are worked on in a strip of four
  for (let i = 0; i < m; ++i) {
    const from = last + usize(i) * ldb, to = STRIP + (usize(i) << 5);
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
  leftTiles(solve, below, transpose, unit, m, 4, t, ldt, STRIP, 32);
  for (let i = 0; i < m; ++i) memory.copy(last + usize(i) * ldb, STRIP + (usize(i) << 5), usize(rest) << 3);
}

function leftTiles(
  solve: bool,
  below: bool,
  transpose: bool,
  unit: bool,
  m: i32,
  n: i32,
  t: usize,
  ldt: usize,
  b: usize,
  ldb: usize,
): void {
  const tiles = (m + 5) / 6, right: usize = transpose ? ldt : 8, down: usize = transpose ? 8 : ldt; // steps in op(T)
  const alpha: f64 = solve ? -1 : 1;
  for (let q = 0; q < tiles; ++q) {
    const i = (below == solve ? q : tiles - 1 - q) * 6, rows = min(6, m - i);
    const other = below ? 0 : i + rows, count = below ? i : m - other;
    const d = t + usize(i) * (ldt + 8), s = t + usize(i) * down + usize(other) * right;
    let x = b + usize(i) * ldb, y = b + usize(other) * ldb;
    for (let j = 0; j < n; j += 4) {
      if (!solve) timesAbove(below, unit, rows, d, down, right, x, ldb);
      if (count > 0) {
        if (transpose) columnTile(count, s, ldt, y, ldb, alpha, 1, x, ldb, rows, 4);
        else rowTile(count, s, ldt, y, ldb, alpha, 1, x, ldb, rows, 4);
      }
      if (solve) solveAbove(below, unit, rows, d, down, right, x, ldb);
      x += 32;
      y += 32;
    }
  }
}

/** `B ← B op(T)⁻¹` (solve) or `B op(T)`; T is n x n, B m x n. `lower` says which half of T, as stored, is read. */
export function fromRight(
  solve: bool,
  lower: bool,
  transpose: bool,
  unit: bool,
  m: i32,
  n: i32,
  t: usize,
  ldt: usize,
  b: usize,
  ldb: usize,
): void {
  const above = lower == transpose; // whether op(T) is upper triangular
  const blocks = (n + SIZE - 1) / SIZE;
  for (let q = 0; q < blocks; ++q) {
    const j = (above == solve ? q : blocks - 1 - q) * SIZE, columns = min(SIZE, n - j);
    const other = above ? 0 : j + columns, count = above ? j : n - other;
    const x = b + (usize(j) << 3), y = b + (usize(other) << 3);
    const d = t + usize(j) * (ldt + 8);
    const s = transpose ? t + usize(j) * ldt + (usize(other) << 3) : t + usize(other) * ldt + (usize(j) << 3);
    if (solve) multiply(FULL, false, transpose, m, columns, count, -1, y, ldb, s, ldt, 1, x, ldb);
    rightBlock(solve, above, transpose, unit, m, columns, d, ldt, x, ldb);
    if (!solve) multiply(FULL, false, transpose, m, columns, count, 1, y, ldb, s, ldt, 1, x, ldb);
  }
}

/** `fromRight` with at most SIZE columns. */
function rightBlock(
  solve: bool,
  above: bool,
  transpose: bool,
  unit: bool,
  m: i32,
  n: i32,
  t: usize,
  ldt: usize,
  b: usize,
  ldb: usize,
): void {
  const strips = (n + 3) / 4, right: usize = transpose ? ldt : 8, down: usize = transpose ? 8 : ldt;
  const alpha: f64 = solve ? -1 : 1;
  for (let q = 0; q < strips; ++q) {
    const j = (above == solve ? q : strips - 1 - q) * 4, columns = min(4, n - j);
    const other = above ? 0 : j + columns, count = above ? j : n - other;
    const d = t + usize(j) * (ldt + 8);
    let s = t + usize(other) * down + usize(j) * right, pitch = ldt;
    if (transpose && count > 0) {
      packTransposed(count, columns, s, ldt, STRIP);
      s = STRIP;
      pitch = 32;
    }
    const x = b + (usize(j) << 3);
    if (!solve) timesBeside(above, unit, m, columns, d, down, right, x, ldb);
    if (count > 0) {
      let y = b + (usize(other) << 3), z = x;
      for (let i = 0; i < m; i += 6) {
        rowTile(count, y, ldb, s, pitch, alpha, 1, z, ldb, min(6, m - i), columns);
        y += 6 * ldb;
        z += 6 * ldb;
      }
    }
    if (solve) solveBeside(above, unit, m, columns, d, down, right, x, ldb);
  }
}
