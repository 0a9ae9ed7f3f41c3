/**
 * Products of blocks of row-major matrices and vectors in plain loops, four rows at a time, so that vectors are read,
 * or read and written, a quarter as often.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

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

/** `y ← y + A x` for a symmetric A of order n of which the lower triangle is read, once. */
export function addSymmetricProduct(
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
  for (; i + 4 <= n; i += 4) {
    const r0 = at + i * lda, r1 = r0 + lda, r2 = r1 + lda, r3 = r2 + lda, d = xAt + i, e = yAt + i;
    const x0 = x[d], x1 = x[d + 1], x2 = x[d + 2], x3 = x[d + 3];
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let j = 0; j < i; j++) {
      const a0 = a[r0 + j], a1 = a[r1 + j], a2 = a[r2 + j], a3 = a[r3 + j], xj = x[xAt + j];
      s0 += a0 * xj;
      s1 += a1 * xj;
      s2 += a2 * xj;
      s3 += a3 * xj;
      y[yAt + j] += (a0 * x0 + a1 * x1) + (a2 * x2 + a3 * x3);
    }
    const b10 = a[r1 + i],
      b20 = a[r2 + i],
      b21 = a[r2 + i + 1],
      b30 = a[r3 + i],
      b31 = a[r3 + i + 1],
      b32 = a[r3 + i + 2];
    y[e] += s0 + (a[r0 + i] * x0 + b10 * x1) + (b20 * x2 + b30 * x3);
    y[e + 1] += s1 + (b10 * x0 + a[r1 + i + 1] * x1) + (b21 * x2 + b31 * x3);
    y[e + 2] += s2 + (b20 * x0 + b21 * x1) + (a[r2 + i + 2] * x2 + b32 * x3);
    y[e + 3] += s3 + (b30 * x0 + b31 * x1) + (b32 * x2 + a[r3 + i + 3] * x3);
  }
  for (; i < n; i++) {
    const row = at + i * lda, xi = x[xAt + i];
    let sum = a[row + i] * xi;
    for (let j = 0; j < i; j++) {
      sum += a[row + j] * x[xAt + j];
      y[yAt + j] += a[row + j] * xi;
    }
    y[yAt + i] += sum;
  }
}
