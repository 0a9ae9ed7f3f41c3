/**
 * How large a square matrix is, in the one pass over its entries that factorizations make before they start.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";
import { checkSquare } from "./checks.ts";

/** Sizes of a matrix. */
export interface Magnitude {
  /** `max |aᵢⱼ|`. */
  readonly largest: number;
  /** `|A|₁`, the largest column sum of magnitudes. */
  readonly norm1: number;
}

/**
 * The sizes of a square matrix.
 *
 * @throws {ShapeError} When it is not square.
 * @throws {DomainError} When an entry is not finite.
 */
export function magnitudeOf(verb: string, A: Matrix): Magnitude {
  const n = A.rows, a = A.data;
  if (A.columns !== n || a.length !== n * n || n < 0) checkSquare(verb, A);
  const sums = new Float64Array(n);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < n; j++) {
      const size = Math.abs(a[row + j]);
      sums[j] += size;
      if (size > largest) largest = size;
    }
  }
  let norm1 = 0;
  for (let j = 0; j < n; j++) norm1 = Math.max(norm1, sums[j]); // NaN stays
  if (!(norm1 < Infinity)) checkSquare(verb, A); // a sum may be infinite where no entry is
  return { largest, norm1 };
}
