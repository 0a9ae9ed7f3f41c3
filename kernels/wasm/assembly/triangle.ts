// @ts-nocheck: AssemblyScript
// The small triangles on the diagonal. Entry (i, j) of the triangle lies at t + i down + j right.
import { Lanes } from "./lanes.ts";

/** Four columns of B: `B ← T⁻¹ B` for a triangle of `rows`, lower or upper. */
export function solveAbove(
  lower: bool,
  unit: bool,
  rows: i32,
  t: usize,
  down: usize,
  right: usize,
  b: usize,
  ldb: usize,
): void {
  for (let q = 0; q < rows; ++q) {
    const i = lower ? q : rows - 1 - q, x = b + usize(i) * ldb, r = t + usize(i) * down;
    let x0 = v128.load(x), x1 = v128.load(x, 16);
    const from = lower ? 0 : i + 1, to = lower ? i : rows;
    for (let p = from; p < to; ++p) {
      const e = v128.load64_splat(r + usize(p) * right), y = b + usize(p) * ldb;
      x0 = Lanes.minus(e, v128.load(y), x0);
      x1 = Lanes.minus(e, v128.load(y, 16), x1);
    }
    if (!unit) {
      const d = v128.load64_splat(r + usize(i) * right);
      x0 = f64x2.div(x0, d);
      x1 = f64x2.div(x1, d);
    }
    v128.store(x, x0);
    v128.store(x, x1, 16);
  }
}

/** Four columns of B: `B ← T B`. */
export function timesAbove(
  lower: bool,
  unit: bool,
  rows: i32,
  t: usize,
  down: usize,
  right: usize,
  b: usize,
  ldb: usize,
): void {
  for (let q = 0; q < rows; ++q) {
    const i = lower ? rows - 1 - q : q, x = b + usize(i) * ldb, r = t + usize(i) * down;
    let x0 = v128.load(x), x1 = v128.load(x, 16);
    if (!unit) {
      const d = v128.load64_splat(r + usize(i) * right);
      x0 = f64x2.mul(x0, d);
      x1 = f64x2.mul(x1, d);
    }
    const from = lower ? 0 : i + 1, to = lower ? i : rows;
    for (let p = from; p < to; ++p) {
      const e = v128.load64_splat(r + usize(p) * right), y = b + usize(p) * ldb;
      x0 = Lanes.fma(e, v128.load(y), x0);
      x1 = Lanes.fma(e, v128.load(y, 16), x1);
    }
    v128.store(x, x0);
    v128.store(x, x1, 16);
  }
}

/** Up to four columns of B, two rows at a time: `B ← B T⁻¹` for a triangle of `columns`, upper or lower. */
export function solveBeside(
  upper: bool,
  unit: bool,
  rows: i32,
  columns: i32,
  t: usize,
  down: usize,
  right: usize,
  b: usize,
  ldb: usize,
): void {
  for (let i = 0; i < rows; i += 2) {
    const next = i + 1 < rows ? b + ldb : b;
    for (let q = 0; q < columns; ++q) {
      const j = upper ? q : columns - 1 - q, s = t + usize(j) * right, o = usize(j) << 3;
      let x = v128.load64_lane(next + o, v128.load64_splat(b + o), 1);
      const from = upper ? 0 : j + 1, to = upper ? j : columns;
      for (let p = from; p < to; ++p) {
        const y = usize(p) << 3;
        x = Lanes.minus(
          v128.load64_lane(next + y, v128.load64_splat(b + y), 1),
          v128.load64_splat(s + usize(p) * down),
          x,
        );
      }
      if (!unit) x = f64x2.div(x, v128.load64_splat(s + usize(j) * down));
      v128.store64_lane(next + o, x, 1);
      v128.store64_lane(b + o, x, 0);
    }
    b += 2 * ldb;
  }
}

/** Up to four columns of B, two rows at a time: `B ← B T`. */
export function timesBeside(
  upper: bool,
  unit: bool,
  rows: i32,
  columns: i32,
  t: usize,
  down: usize,
  right: usize,
  b: usize,
  ldb: usize,
): void {
  for (let i = 0; i < rows; i += 2) {
    const next = i + 1 < rows ? b + ldb : b;
    for (let q = 0; q < columns; ++q) {
      const j = upper ? columns - 1 - q : q, s = t + usize(j) * right, o = usize(j) << 3;
      let x = v128.load64_lane(next + o, v128.load64_splat(b + o), 1);
      if (!unit) x = f64x2.mul(x, v128.load64_splat(s + usize(j) * down));
      const from = upper ? 0 : j + 1, to = upper ? j : columns;
      for (let p = from; p < to; ++p) {
        const y = usize(p) << 3;
        x = Lanes.fma(
          v128.load64_lane(next + y, v128.load64_splat(b + y), 1),
          v128.load64_splat(s + usize(p) * down),
          x,
        );
      }
      v128.store64_lane(next + o, x, 1);
      v128.store64_lane(b + o, x, 0);
    }
    b += 2 * ldb;
  }
}
