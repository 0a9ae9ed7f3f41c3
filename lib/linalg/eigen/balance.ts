/**
 * Balancing: a diagonal similarity `D⁻¹ A D` by powers of two that makes rows and columns nearly equal in norm, so that
 * eigenvalues of badly scaled matrices do not drown in the rounding errors of their largest entries.
 *
 * Source: James, Langou and Lowery, On matrix balancing and eigenvector computation (2014), algorithm 3, after Parlett
 * and Reinsch, Balancing a matrix for calculation of eigenvalues and eigenvectors (1969).
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** A row and its column are scaled when that makes the sum of their norms so much smaller. */
const GAIN = 0.95;

/** Scales are kept within these limits. */
const LARGEST = 2 ** 400;

/** Overwrites the matrix by `D⁻¹ A D`; returns the diagonal of D, powers of two. */
export function balance(n: number, a: Vector): Vector {
  const d = new Float64Array(n).fill(1);
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < n; i++) {
      let row = 0, column = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        row += a[i * n + j] ** 2;
        column += a[j * n + i] ** 2;
      }
      if (row === 0 || column === 0) continue;
      row = Math.sqrt(row);
      column = Math.sqrt(column);
      const f = 2 ** Math.round(Math.log2(row / column) / 2);
      if (f === 1 || column * f + row / f >= GAIN * (column + row)) continue;
      if (d[i] * f > LARGEST || d[i] * f < 1 / LARGEST) continue;
      changed = true;
      d[i] *= f;
      for (let j = 0; j < n; j++) {
        a[i * n + j] /= f;
        a[j * n + i] *= f;
      }
    }
  }
  return d;
}
