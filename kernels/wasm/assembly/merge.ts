// @ts-nocheck: AssemblyScript
import { Lanes } from "./lanes.ts";
import { TILE } from "./scratch.ts";

/** Which entries of C are written: all, those with i >= j, those with i <= j. */
export const FULL: i32 = 0;
export const LOWER: i32 = 1;
export const UPPER: i32 = 2;

/**
 * `C ← α T + β C` for the entries of one tile at the edge of C or across its diagonal, T the sums at TILE.
 * `offset` is the tile's row less its column in C. Rounds as the whole tiles do.
 */
export function merge(
  alpha: f64,
  beta: f64,
  c: usize,
  ldc: usize,
  rows: i32,
  columns: i32,
  part: i32,
  offset: i32,
): void {
  const s = f64x2.splat(alpha), t = f64x2.splat(beta);
  for (let i = 0; i < rows; ++i) {
    const from = part == UPPER ? max(0, offset + i) : 0;
    const to = part == LOWER ? min(columns, offset + i + 1) : columns;
    for (let j = from; j < to; ++j) {
      const x = c + (usize(j) << 3), sum = v128.load64_splat(TILE + (usize(4 * i + j) << 3));
      let y: v128;
      if (beta == 0) y = f64x2.mul(s, sum);
      else if (beta == 1) y = Lanes.fma(s, sum, v128.load64_splat(x));
      else y = Lanes.fma(s, sum, f64x2.mul(t, v128.load64_splat(x)));
      v128.store64_lane(x, y, 0);
    }
    c += ldc;
  }
}
