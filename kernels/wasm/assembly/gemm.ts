// @ts-nocheck: AssemblyScript
import { FULL, LOWER, merge, UPPER } from "./merge.ts";
import { packColumns, packPanels, packRows, packTransposed } from "./pack.ts";
import { DEPTH, HEIGHT, PACKED_A, PACKED_B, TILE, WIDTH } from "./scratch.ts";
import { columnTile, rowTile } from "./tile.ts";

/** A panel of B with so many entries is read in place; a larger one is copied in the order of the tiles first. */
const DIRECT_B: i32 = 4096;
/** With more columns of C than this a block of A is read often enough to pay for a copy; its transpose is sooner. */
const DIRECT_A: i32 = 256;
const DIRECT_A_TRANSPOSED: i32 = 96;

/**
 * `C ← α op(A) op(B) + β C`, op(A) m x k, op(B) k x n, all row-major; pitches in bytes. C is not read where β is 0, A
 * and B are not where α is 0. `part` restricts the entries of C that are written.
 */
export function multiply(
  part: i32,
  transposeA: bool,
  transposeB: bool,
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  beta: f64,
  c: usize,
  ldc: usize,
): void {
  if (k <= 0 || alpha == 0) {
    scale(part, m, n, beta, c, ldc);
    return;
  }
  const depths = (k + DEPTH - 1) / DEPTH, depth = ((k + depths - 1) / depths + 3) & ~3;
  for (let j0 = 0; j0 < n; j0 += WIDTH) {
    const columns = min(WIDTH, n - j0);
    for (let k0 = 0; k0 < k; k0 += depth) {
      const inner = min(depth, k - k0), b0 = k0 == 0 ? beta : 1;
      let from = b + (transposeB ? usize(j0) * ldb + (usize(k0) << 3) : usize(k0) * ldb + (usize(j0) << 3));
      let pitch = ldb, across: usize = 32; // bytes between rows of a panel of B, and between panels
      if (transposeB || m > 6 && inner * columns > DIRECT_B) {
        if (transposeB) packTransposed(inner, columns, from, ldb, PACKED_B);
        else packPanels(inner, columns, from, ldb, PACKED_B);
        from = PACKED_B;
        pitch = 32;
        across = usize(inner) << 5;
      }
      for (let i0 = 0; i0 < m; i0 += HEIGHT) {
        const rows = min(HEIGHT, m - i0);
        if (part == LOWER && i0 + rows <= j0) continue;
        if (part == UPPER && i0 >= j0 + columns) break;
        let x = a + (transposeA ? (usize(i0) << 3) + usize(k0) * lda : usize(i0) * lda + (usize(k0) << 3));
        let step = lda, down = transposeA ? usize(48) : 6 * lda; // bytes between rows or columns, and between tiles
        if (columns > (transposeA ? DIRECT_A_TRANSPOSED : DIRECT_A)) {
          if (transposeA) {
            packColumns(rows, inner, x, lda, PACKED_A);
            step = 48;
            down = usize(inner) * 48;
          } else {
            step = (usize(inner) << 3) + 64; // an odd number of cache lines apart
            packRows(rows, inner, x, lda, PACKED_A, step);
            down = 6 * step;
          }
          x = PACKED_A;
        }
        const z = c + usize(i0) * ldc + (usize(j0) << 3);
        block(part, transposeA, rows, columns, inner, alpha, x, step, down, from, pitch, across, b0, z, ldc, i0 - j0);
      }
    }
  }
}

/** One block of C, tile by tile. `offset` is the block's row less its column in C. */
function block(
  part: i32,
  transposeA: bool,
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  lda: usize,
  down: usize,
  b: usize,
  ldb: usize,
  across: usize,
  beta: f64,
  c: usize,
  ldc: usize,
  offset: i32,
): void {
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    let x = a, z = c;
    for (let i = 0; i < m; i += 6) {
      const rows = min(6, m - i), d = offset + i - j;
      const whole = part == FULL || (part == LOWER ? d >= columns - 1 : d + rows <= 1);
      if (whole) {
        if (transposeA) columnTile(k, x, lda, b, ldb, alpha, beta, z, ldc, rows, columns);
        else rowTile(k, x, lda, b, ldb, alpha, beta, z, ldc, rows, columns);
      } else if (part == LOWER ? d + rows > 0 : d < columns) {
        if (transposeA) columnTile(k, x, lda, b, ldb, 1, 0, TILE, 32, 6, 4);
        else rowTile(k, x, lda, b, ldb, 1, 0, TILE, 32, rows, 4);
        merge(alpha, beta, z, ldc, rows, columns, part, d);
      }
      x += down;
      z += 6 * ldc;
    }
    b += across;
    c += 32;
  }
}

/** `C ← β C`. */
function scale(part: i32, m: i32, n: i32, beta: f64, c: usize, ldc: usize): void {
  if (beta == 1) return;
  for (let i = 0; i < m; ++i) {
    const from = part == UPPER ? min(i, n) : 0, to = part == LOWER ? min(n, i + 1) : n;
    for (let j = from; j < to; ++j) {
      const p = c + (usize(j) << 3);
      store<f64>(p, beta == 0 ? 0 : beta * load<f64>(p));
    }
    c += ldc;
  }
}
