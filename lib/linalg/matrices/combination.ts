/**
 * Linear combinations of square matrices and the identity.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";

/** `s I + Σ c A` over terms `[c, A]`, of which there is at least one; all of one order. */
export function combination(s: number, ...terms: readonly (readonly [number, Matrix])[]): Matrix {
  const n = terms[0][1].rows, sum = new Float64Array(n * n);
  for (const [c, { data }] of terms) for (let k = 0; k < sum.length; k++) sum[k] += c * data[k];
  if (s !== 0) { for (let i = 0; i < n; i++) sum[i * (n + 1)] += s; }
  return { rows: n, columns: n, data: sum };
}
