/**
 * The subsampled randomized Hadamard transform.
 *
 * ```
 * S = √(N/s) P (H/√N) D,   N = 2^⌈log₂ n⌉,  D random signs,  H the Walsh-Hadamard matrix,  P takes s of N rows
 * ```
 *
 * Vectors are padded with zeros to N entries; the rows are distinct.
 *
 * Source: Tropp, Improved analysis of the subsampled randomized Hadamard transform (2011), arXiv 1011.1595.
 *
 * @module
 */
import { DomainError, fillRademacher, integer, type Matrix, type Rng, type SparseEntries } from "../../core/mod.ts";
import { fwht } from "../transforms/walsh_hadamard.ts";
import { checkSketch, type Sketch } from "./sketch.ts";

/**
 * A randomized Hadamard sketch of s rows and n columns. A product with a dense matrix of d columns costs N log₂ N d
 * additions.
 *
 * @throws {DomainError} When s or n is no positive integer, or s is more than N.
 *
 * @example With all rows it is orthogonal
 * ```ts
 * import { norm2, rng } from "@gradus/gradus/core";
 * import { srht } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const S = srht(4, 4, rng(1)), y = new Float64Array(4);
 * S.apply(Float64Array.of(1, 2, 2, 4), y);
 * assertAlmostEquals(norm2(y), 5);
 * ```
 */
export function srht(s: number, n: number, random: Rng): Sketch {
  checkSketch(s, n);
  const N = 2 ** Math.ceil(Math.log2(n)), factor = 1 / Math.sqrt(s);
  if (s > N) throw new DomainError(`Cannot draw a sketch: expected at most ${N} rows for ${n} columns, got ${s}`);
  const signs = new Float64Array(n), rows = new Uint32Array(N), work = new Float64Array(N);
  const redraw = (random: Rng): void => {
    fillRademacher(random, signs);
    for (let k = 0; k < N; k++) rows[k] = k;
    for (let r = 0; r < s; r++) { // the first s places of a shuffle
      const k = r + integer(random, N - r), row = rows[k];
      rows[k] = rows[r];
      rows[r] = row;
    }
  };
  redraw(random);
  /** Transforms what stands in `work` and leaves the rows that were taken in column j of `out`. */
  const take = (out: Float64Array, j: number, d: number): void => {
    fwht(work, work);
    for (let r = 0; r < s; r++) out[r * d + j] = factor * work[rows[r]];
  };
  const applyDense = ({ columns: d, data }: Matrix, { data: out }: Matrix): void => {
    for (let j = 0; j < d; j++) {
      for (let i = 0; i < n; i++) work[i] = signs[i] * data[i * d + j];
      work.fill(0, n);
      take(out, j, d);
    }
  };
  let dense: Float64Array | undefined; // sparse rows, spread out column by column: made when first needed
  return {
    rows: s,
    columns: n,
    redraw,
    apply: (x, out) => {
      for (let i = 0; i < n; i++) work[i] = signs[i] * x[i];
      work.fill(0, n);
      take(out, 0, 1);
    },
    applyTranspose: (y, out) => {
      work.fill(0);
      for (let r = 0; r < s; r++) work[rows[r]] = factor * y[r];
      fwht(work, work);
      for (let i = 0; i < n; i++) out[i] = signs[i] * work[i];
    },
    applyDense,
    applySparse: ({ columns: d, rowStarts, columnIndices, values }: SparseEntries, out: Matrix) => {
      if (dense?.length !== n * d) dense = new Float64Array(n * d);
      else dense.fill(0);
      for (let i = 0, k = 0; i < n; i++) {
        for (; k < rowStarts[i + 1]; k++) dense[i * d + columnIndices[k]] += values[k];
      }
      applyDense({ rows: n, columns: d, data: dense }, out);
    },
  };
}
