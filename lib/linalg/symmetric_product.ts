/**
 * Products of a symmetric matrix with vectors, of which only the lower triangle is read, once.
 *
 * @module
 */
import type { Vector } from "../core/mod.ts";

/**
 * `y ← y + A x` for the symmetric A of order k whose lower triangle starts in `a`, n entries from row to row; x is in `a`
 * too, from `x` on, and y in `out`, from `y` on. Four rows at a time, so that x and y are read a quarter as often.
 */
export function symmetricProduct(k: number, a: Vector, n: number, x: number, out: Vector, y: number): void {
  let i = 0;
  for (; i + 4 <= k; i += 4) {
    const r0 = i * n, r1 = r0 + n, r2 = r1 + n, r3 = r2 + n;
    const x0 = a[x + i], x1 = a[x + i + 1], x2 = a[x + i + 2], x3 = a[x + i + 3];
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let j = 0; j < i; j++) {
      const a0 = a[r0 + j], a1 = a[r1 + j], a2 = a[r2 + j], a3 = a[r3 + j], xj = a[x + j];
      s0 += a0 * xj;
      s1 += a1 * xj;
      s2 += a2 * xj;
      s3 += a3 * xj;
      out[y + j] += (a0 * x0 + a1 * x1) + (a2 * x2 + a3 * x3);
    }
    const b10 = a[r1 + i], b20 = a[r2 + i], b21 = a[r2 + i + 1], b30 = a[r3 + i], b31 = a[r3 + i + 1];
    const b32 = a[r3 + i + 2];
    out[y + i] += s0 + (a[r0 + i] * x0 + b10 * x1) + (b20 * x2 + b30 * x3);
    out[y + i + 1] += s1 + (b10 * x0 + a[r1 + i + 1] * x1) + (b21 * x2 + b31 * x3);
    out[y + i + 2] += s2 + (b20 * x0 + b21 * x1) + (a[r2 + i + 2] * x2 + b32 * x3);
    out[y + i + 3] += s3 + (b30 * x0 + b31 * x1) + (b32 * x2 + a[r3 + i + 3] * x3);
  }
  for (; i < k; i++) {
    const row = i * n, xi = a[x + i];
    let sum = a[row + i] * xi;
    for (let j = 0; j < i; j++) {
      sum += a[row + j] * a[x + j];
      out[y + j] += a[row + j] * xi;
    }
    out[y + i] += sum;
  }
}
