/**
 * The products and triangular solves that blocked algorithms are made of, on blocks of row-major arrays: a block is an
 * array, the offset of its first entry, and the distance between its rows.
 *
 * @module
 */

/** `C ← α op(A) op(B) + β C`, with C m x n and op(A) m x k; with `β = 0` C is not read. */
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
  const down = transposeA ? 1 : lda, right = transposeA ? lda : 1;
  for (let i = 0; i < m; i++) {
    const ci = cOffset + i * ldc, ai = aOffset + i * down;
    if (beta === 0) c.fill(0, ci, ci + n);
    else if (beta !== 1) { for (let j = 0; j < n; j++) c[ci + j] *= beta; }
    if (transposeB) {
      for (let j = 0; j < n; j++) {
        const bj = bOffset + j * ldb;
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[ai + p * right] * b[bj + p];
        c[ci + j] += alpha * sum;
      }
    } else {
      for (let p = 0; p < k; p++) {
        const s = alpha * a[ai + p * right], bp = bOffset + p * ldb;
        for (let j = 0; j < n; j++) c[ci + j] += s * b[bp + j];
      }
    }
  }
}
