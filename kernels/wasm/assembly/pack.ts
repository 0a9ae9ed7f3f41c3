// @ts-nocheck: AssemblyScript
// Copies of parts of A and B in the order in which the tiles read them.

/** Rows of A, one after the other, `pitch` bytes apart; for `rowTile`. */
export function packRows(rows: i32, k: i32, a: usize, lda: usize, out: usize, pitch: usize): void {
  const bytes = usize(k) << 3;
  for (let i = 0; i < rows; ++i) {
    memory.copy(out, a, bytes);
    a += lda;
    out += pitch;
  }
}

/** Panels of 6 columns of the transpose of A, 48 bytes for each k; for `columnTile`. */
export function packColumns(rows: i32, k: i32, a: usize, lda: usize, out: usize): void {
  for (let i = 0; i < rows; i += 6) {
    let p = a + (usize(i) << 3);
    for (let l = 0; l < k; ++l) {
      v128.store(out, v128.load(p));
      v128.store(out, v128.load(p, 16), 16);
      v128.store(out, v128.load(p, 32), 32);
      p += lda;
      out += 48;
    }
  }
}

/** Panels of 4 columns of B, 32 bytes for each k. */
export function packPanels(k: i32, columns: i32, b: usize, ldb: usize, out: usize): void {
  for (let j = 0; j < columns; j += 4) {
    let p = b + (usize(j) << 3);
    for (let l = 0; l < k; ++l) {
      v128.store(out, v128.load(p));
      v128.store(out, v128.load(p, 16), 16);
      p += ldb;
      out += 32;
    }
  }
}

/** The same of the transpose of B: 4 rows of B become a panel; rows past the last one stand for it. */
export function packTransposed(k: i32, columns: i32, b: usize, ldb: usize, out: usize): void {
  for (let j = 0; j < columns; j += 4) {
    let p0 = b + usize(j) * ldb;
    let p1 = j + 1 < columns ? p0 + ldb : p0,
      p2 = j + 2 < columns ? p1 + ldb : p1,
      p3 = j + 3 < columns ? p2 + ldb : p2;
    let l = k;
    for (; l >= 2; l -= 2) {
      const x0 = v128.load(p0), x1 = v128.load(p1), x2 = v128.load(p2), x3 = v128.load(p3);
      v128.store(out, v128.shuffle<f64>(x0, x1, 0, 2));
      v128.store(out, v128.shuffle<f64>(x2, x3, 0, 2), 16);
      v128.store(out, v128.shuffle<f64>(x0, x1, 1, 3), 32);
      v128.store(out, v128.shuffle<f64>(x2, x3, 1, 3), 48);
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
      out += 64;
    }
    if (l > 0) {
      store<f64>(out, load<f64>(p0));
      store<f64>(out, load<f64>(p1), 8);
      store<f64>(out, load<f64>(p2), 16);
      store<f64>(out, load<f64>(p3), 24);
      out += 32;
    }
  }
}
