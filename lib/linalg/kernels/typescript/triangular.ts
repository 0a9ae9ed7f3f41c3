/**
 * Products and solves with triangular matrices in plain TypeScript: by halves down to small triangles, so that nearly
 * all work is in products of matrices.
 *
 * @module
 */
import { gemm } from "./gemm.ts";

/** Order of the triangles that are worked on row by row. */
const SMALL = 16;

/** `B ← op(T)⁻¹ B` (solve) or `op(T) B`; T is m x m, B m x n. */
export function fromLeft(
  solve: boolean,
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  const below = lower !== transpose; // whether op(T) is lower triangular
  if (m <= SMALL) {
    const down = transpose ? 1 : ldt, right = transpose ? ldt : 1;
    if (solve) solveRows(below, unit, m, n, t, tOffset, down, right, b, bOffset, ldb);
    else multiplyRows(below, unit, m, n, t, tOffset, down, right, b, bOffset, ldb);
    return;
  }
  const h = m >> 1, d = tOffset + h * (ldt + 1), half = bOffset + h * ldb;
  const square = tOffset + (lower ? h * ldt : h), alpha = solve ? -1 : 1;
  const part = (top: boolean): void =>
    top
      ? fromLeft(solve, lower, transpose, unit, h, n, t, tOffset, ldt, b, bOffset, ldb)
      : fromLeft(solve, lower, transpose, unit, m - h, n, t, d, ldt, b, half, ldb);
  part(below === solve);
  if (below) gemm(transpose, false, m - h, n, h, alpha, t, square, ldt, b, bOffset, ldb, 1, b, half, ldb);
  else gemm(transpose, false, h, n, m - h, alpha, t, square, ldt, b, half, ldb, 1, b, bOffset, ldb);
  part(below !== solve);
}

/** `B ← B op(T)⁻¹` (solve) or `B op(T)`; T is n x n, B m x n. */
export function fromRight(
  solve: boolean,
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  const above = lower === transpose; // whether op(T) is upper triangular
  if (n <= SMALL) {
    const down = transpose ? 1 : ldt, right = transpose ? ldt : 1;
    if (solve) solveColumns(above, unit, m, n, t, tOffset, down, right, b, bOffset, ldb);
    else multiplyColumns(above, unit, m, n, t, tOffset, down, right, b, bOffset, ldb);
    return;
  }
  const h = n >> 1, d = tOffset + h * (ldt + 1), half = bOffset + h;
  const square = tOffset + (lower ? h * ldt : h), alpha = solve ? -1 : 1;
  const part = (left: boolean): void =>
    left
      ? fromRight(solve, lower, transpose, unit, m, h, t, tOffset, ldt, b, bOffset, ldb)
      : fromRight(solve, lower, transpose, unit, m, n - h, t, d, ldt, b, half, ldb);
  part(above === solve);
  if (above) gemm(false, transpose, m, n - h, h, alpha, b, bOffset, ldb, t, square, ldt, 1, b, half, ldb);
  else gemm(false, transpose, m, h, n - h, alpha, b, half, ldb, t, square, ldt, 1, b, bOffset, ldb);
  part(above !== solve);
}

// Below, entry (i, j) of the triangle lies at tOffset + i down + j right.

function solveRows(
  lower: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  down: number,
  right: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  for (let step = 0; step < m; step++) {
    const i = lower ? step : m - 1 - step, row = bOffset + i * ldb, at = tOffset + i * down, end = lower ? i : m;
    for (let p = lower ? 0 : i + 1; p < end; p++) {
      const s = t[at + p * right], other = bOffset + p * ldb;
      for (let j = 0; j < n; j++) b[row + j] -= s * b[other + j];
    }
    if (unit) continue;
    const d = t[at + i * right];
    for (let j = 0; j < n; j++) b[row + j] /= d;
  }
}

function multiplyRows(
  lower: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  down: number,
  right: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  for (let step = 0; step < m; step++) {
    const i = lower ? m - 1 - step : step, row = bOffset + i * ldb, at = tOffset + i * down, end = lower ? i : m;
    const d = unit ? 1 : t[at + i * right];
    for (let j = 0; j < n; j++) b[row + j] *= d;
    for (let p = lower ? 0 : i + 1; p < end; p++) {
      const s = t[at + p * right], other = bOffset + p * ldb;
      for (let j = 0; j < n; j++) b[row + j] += s * b[other + j];
    }
  }
}

function solveColumns(
  upper: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  down: number,
  right: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = bOffset + i * ldb;
    for (let step = 0; step < n; step++) {
      const j = upper ? step : n - 1 - step, at = tOffset + j * right, end = upper ? j : n;
      let x = b[row + j];
      for (let p = upper ? 0 : j + 1; p < end; p++) x -= b[row + p] * t[at + p * down];
      b[row + j] = unit ? x : x / t[at + j * down];
    }
  }
}

function multiplyColumns(
  upper: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  down: number,
  right: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = bOffset + i * ldb;
    for (let step = 0; step < n; step++) {
      const j = upper ? n - 1 - step : step, at = tOffset + j * right, end = upper ? j : n;
      let x = unit ? b[row + j] : b[row + j] * t[at + j * down];
      for (let p = upper ? 0 : j + 1; p < end; p++) x += b[row + p] * t[at + p * down];
      b[row + j] = x;
    }
  }
}
