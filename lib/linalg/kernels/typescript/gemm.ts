/**
 * Products of matrices in plain TypeScript: loops for small ones, packed tiles of 4 x 4 for large ones.
 *
 * @module
 */

/** Up to so many products of numbers packing does not pay. */
const SMALL = 1000;

/** `C ← α op(A) op(B) + β C`, C m x n, op(A) m x k. */
export function gemm(
  transposeA: boolean,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
  beta: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  scale(m, n, beta, c, cOffset, ldc);
  if (k === 0 || alpha === 0) return;
  const down = transposeA ? 1 : lda, right = transposeA ? lda : 1;
  if (m * n * k > SMALL && m >= 4 && n >= 4) {
    packed(
      m,
      n,
      k,
      alpha,
      a,
      aOffset,
      down,
      right,
      b,
      bOffset,
      transposeB ? 1 : ldb,
      transposeB ? ldb : 1,
      c,
      cOffset,
      ldc,
    );
  } else if (transposeB) {
    for (let i = 0; i < m; i++) {
      const ai = aOffset + i * down, ci = cOffset + i * ldc;
      for (let j = 0; j < n; j++) {
        const bj = bOffset + j * ldb;
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[ai + p * right] * b[bj + p];
        c[ci + j] += alpha * sum;
      }
    }
  } else {
    for (let i = 0; i < m; i++) {
      const ai = aOffset + i * down, ci = cOffset + i * ldc;
      for (let p = 0; p < k; p++) {
        const s = alpha * a[ai + p * right], bp = bOffset + p * ldb;
        for (let j = 0; j < n; j++) c[ci + j] += s * b[bp + j];
      }
    }
  }
}

/** `C ← β C`; C is not read where β is 0. */
function scale(m: number, n: number, beta: number, c: Float64Array, cOffset: number, ldc: number): void {
  if (beta === 1) return;
  for (let i = 0; i < m; i++) {
    const from = cOffset + i * ldc, to = from + n;
    if (beta === 0) { for (let j = from; j < to; j++) c[j] = 0; }
    else for (let j = from; j < to; j++) c[j] *= beta;
  }
}

/** Depth of a panel, rows of a block of A, columns of a panel of B; the last two multiples of 4. */
const DEPTH = 128, HEIGHT = 64, WIDTH = 512;

interface Work {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly tile: Float64Array;
}
let work: Work | undefined;

/** `C ← α A B + C` with A(i, p) at `aOffset + i aDown + p aRight`, and so for B. */
function packed(
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  aDown: number,
  aRight: number,
  b: Float64Array,
  bOffset: number,
  bDown: number,
  bRight: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  work ??= {
    a: new Float64Array(DEPTH * HEIGHT),
    b: new Float64Array(DEPTH * WIDTH),
    tile: new Float64Array(16),
  };
  const { tile } = work;
  for (let j0 = 0; j0 < n; j0 += WIDTH) {
    const columns = Math.min(WIDTH, n - j0);
    for (let k0 = 0; k0 < k; k0 += DEPTH) {
      const depth = Math.min(DEPTH, k - k0);
      pack(columns, depth, b, bOffset + k0 * bDown + j0 * bRight, bRight, bDown, work.b);
      for (let i0 = 0; i0 < m; i0 += HEIGHT) {
        const rows = Math.min(HEIGHT, m - i0);
        pack(rows, depth, a, aOffset + i0 * aDown + k0 * aRight, aDown, aRight, work.a);
        for (let j = 0; j < columns; j += 4) {
          for (let i = 0; i < rows; i += 4) {
            const at = cOffset + (i0 + i) * ldc + j0 + j;
            if (i + 4 <= rows && j + 4 <= columns) {
              accumulate(depth, work.a, i * depth, work.b, j * depth, alpha, c, at, ldc);
              continue;
            }
            tile.fill(0);
            accumulate(depth, work.a, i * depth, work.b, j * depth, alpha, tile, 0, 4);
            const lastRow = Math.min(4, rows - i), lastColumn = Math.min(4, columns - j);
            for (let r = 0; r < lastRow; r++) {
              for (let s = 0; s < lastColumn; s++) c[at + r * ldc + s] += tile[4 * r + s];
            }
          }
        }
      }
    }
  }
}

/** Copies `count` lines of `depth` entries in groups of four, entry by entry; zeros fill the last group. */
function pack(
  count: number,
  depth: number,
  from: Float64Array,
  offset: number,
  across: number,
  along: number,
  to: Float64Array,
): void {
  let at = 0;
  for (let i = 0; i < count; i += 4) {
    const start = offset + i * across, lines = Math.min(4, count - i);
    for (let p = 0; p < depth; p++) {
      const source = start + p * along;
      to[at] = from[source];
      to[at + 1] = lines > 1 ? from[source + across] : 0;
      to[at + 2] = lines > 2 ? from[source + 2 * across] : 0;
      to[at + 3] = lines > 3 ? from[source + 3 * across] : 0;
      at += 4;
    }
  }
}

/** Adds α times the product of a packed group of A and one of B to 4 x 4 entries; the sums stay in registers. */
function accumulate(
  depth: number,
  a: Float64Array,
  p: number,
  b: Float64Array,
  q: number,
  alpha: number,
  c: Float64Array,
  at: number,
  ldc: number,
): void {
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0;
  let c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0;
  for (let k = 0; k < depth; k++, p += 4, q += 4) {
    const b0 = b[q], b1 = b[q + 1], b2 = b[q + 2], b3 = b[q + 3];
    const a0 = a[p], a1 = a[p + 1], a2 = a[p + 2], a3 = a[p + 3];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  c[at] += alpha * c00;
  c[at + 1] += alpha * c01;
  c[at + 2] += alpha * c02;
  c[at + 3] += alpha * c03;
  c[at += ldc] += alpha * c10;
  c[at + 1] += alpha * c11;
  c[at + 2] += alpha * c12;
  c[at + 3] += alpha * c13;
  c[at += ldc] += alpha * c20;
  c[at + 1] += alpha * c21;
  c[at + 2] += alpha * c22;
  c[at + 3] += alpha * c23;
  c[at += ldc] += alpha * c30;
  c[at + 1] += alpha * c31;
  c[at + 2] += alpha * c32;
  c[at + 3] += alpha * c33;
}

/** Rows up to which the lower triangle is computed entry by entry. */
const LOWER = 12;

/** The lower triangle of `C ← α op(A) op(B) + β C`, by halves. */
export function gemmLower(
  transposeA: boolean,
  transposeB: boolean,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
  beta: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  const down = transposeA ? 1 : lda, right = transposeB ? ldb : 1;
  if (n <= LOWER) {
    for (let i = 0; i < n; i++) {
      const row = aOffset + i * down, at = cOffset + i * ldc;
      gemm(transposeA, transposeB, 1, i + 1, k, alpha, a, row, lda, b, bOffset, ldb, beta, c, at, ldc);
    }
    return;
  }
  const h = n >> 1, below = aOffset + h * down, d = cOffset + h * ldc;
  gemmLower(transposeA, transposeB, h, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
  gemm(transposeA, transposeB, n - h, h, k, alpha, a, below, lda, b, bOffset, ldb, beta, c, d, ldc);
  const beside = bOffset + h * right;
  gemmLower(transposeA, transposeB, n - h, k, alpha, a, below, lda, b, beside, ldb, beta, c, d + h, ldc);
}
