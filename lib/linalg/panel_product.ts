/**
 * Products of a block of a row-major matrix with vectors, four rows at a time, so that the vector is read, or read and
 * written, a quarter as often.
 *
 * @module
 */
import type { Vector } from "../core/mod.ts";

/** `y ← y + Aᵀ x` for the A of m x n entries at `at` in `a`, x at `xAt`, y at `yAt`. */
export function addTransposedProduct(
  m: number,
  n: number,
  a: Vector,
  at: number,
  lda: number,
  x: Vector,
  xAt: number,
  y: Vector,
  yAt: number,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const r0 = at + i * lda, r1 = r0 + lda, r2 = r1 + lda, r3 = r2 + lda;
    const x0 = x[xAt + i], x1 = x[xAt + i + 1], x2 = x[xAt + i + 2], x3 = x[xAt + i + 3];
    for (let j = 0; j < n; j++) y[yAt + j] += (a[r0 + j] * x0 + a[r1 + j] * x1) + (a[r2 + j] * x2 + a[r3 + j] * x3);
  }
  for (; i < m; i++) {
    const row = at + i * lda, xi = x[xAt + i];
    for (let j = 0; j < n; j++) y[yAt + j] += a[row + j] * xi;
  }
}

/** `y ← y + A x`. */
export function addProduct(
  m: number,
  n: number,
  a: Vector,
  at: number,
  lda: number,
  x: Vector,
  xAt: number,
  y: Vector,
  yAt: number,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const r0 = at + i * lda, r1 = r0 + lda, r2 = r1 + lda, r3 = r2 + lda;
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let j = 0; j < n; j++) {
      const xj = x[xAt + j];
      s0 += a[r0 + j] * xj;
      s1 += a[r1 + j] * xj;
      s2 += a[r2 + j] * xj;
      s3 += a[r3 + j] * xj;
    }
    y[yAt + i] += s0;
    y[yAt + i + 1] += s1;
    y[yAt + i + 2] += s2;
    y[yAt + i + 3] += s3;
  }
  for (; i < m; i++) {
    const row = at + i * lda;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[row + j] * x[xAt + j];
    y[yAt + i] += sum;
  }
}
