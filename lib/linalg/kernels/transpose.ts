/**
 * Transposition of blocks of row-major arrays.
 *
 * @module
 */

/** `B ← Aᵀ`, A m x n. Of eight rows at a time each is read along, and what is written at once lies side by side. */
export function transposeBlock(
  m: number,
  n: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  let i = 0;
  for (; i + 8 <= m; i += 8) {
    const r0 = aOffset + i * lda, r1 = r0 + lda, r2 = r1 + lda, r3 = r2 + lda;
    const r4 = r3 + lda, r5 = r4 + lda, r6 = r5 + lda, r7 = r6 + lda;
    for (let j = 0, q = bOffset + i; j < n; j++, q += ldb) {
      b[q] = a[r0 + j];
      b[q + 1] = a[r1 + j];
      b[q + 2] = a[r2 + j];
      b[q + 3] = a[r3 + j];
      b[q + 4] = a[r4 + j];
      b[q + 5] = a[r5 + j];
      b[q + 6] = a[r6 + j];
      b[q + 7] = a[r7 + j];
    }
  }
  for (; i < m; i++) {
    for (let j = 0, p = aOffset + i * lda, q = bOffset + i; j < n; j++, p++, q += ldb) b[q] = a[p];
  }
}
