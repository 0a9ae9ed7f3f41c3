/**
 * Sparse sketches: each column of S has k entries `±1/√k` in random places; with k = 1 this is CountSketch.
 *
 * Source: Clarkson and Woodruff, Low rank approximation and regression in input sparsity time (2013), arXiv 1207.6365
 * (k = 1); Nelson and Nguyen, OSNAP: faster numerical linear algebra algorithms via sparser subspace embeddings (2013),
 * arXiv 1211.1002.
 *
 * @module
 */
import { DomainError, integer, type Matrix, rademacher, type Rng, type SparseEntries } from "../../core/mod.ts";
import { checkSketch, type Sketch } from "./sketch.ts";

/**
 * A CountSketch of s rows and n columns: each coordinate goes to one of the s rows, with a random sign. A product with
 * a matrix costs one addition per entry.
 *
 * @throws {DomainError} When s or n is no positive integer.
 *
 * @example A unit vector becomes a unit vector
 * ```ts
 * import { norm2, rng } from "@gradus/gradus/core";
 * import { countSketch } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const y = new Float64Array(3);
 * countSketch(3, 5, rng(1)).apply(Float64Array.of(0, 0, 1, 0, 0), y);
 * assertEquals(norm2(y), 1);
 * ```
 */
export function countSketch(s: number, n: number, random: Rng): Sketch {
  return sparseSketch(s, n, random, 1);
}

/**
 * A sparse sign sketch of s rows and n columns, with `min(8, s)` entries in each column, as Tropp, Yurtsever, Udell and
 * Cevher advise (Streaming low-rank matrix approximation, 2019): in practice as good as a Gaussian sketch, at a cost
 * that does not grow with s.
 *
 * @throws {DomainError} When s or n is no positive integer.
 */
export function sparseSign(s: number, n: number, random: Rng): Sketch {
  return sparseSketch(s, n, random, Math.min(8, s));
}

function sparseSketch(s: number, n: number, random: Rng, k: number): Sketch {
  checkSketch(s, n);
  if (n * k > 0xffffffff) throw new DomainError(`Cannot draw a sketch: expected fewer columns, got ${n}`);
  const rows = new Uint32Array(n * k), signs = new Float64Array(n * k), magnitude = 1 / Math.sqrt(k);
  const redraw = (random: Rng): void => {
    for (let i = 0; i < n; i++) {
      const first = i * k;
      for (let p = first; p < first + k; p++) {
        for (let q = first - 1; q < p;) { // another place than those before it in this column
          rows[p] = integer(random, s);
          for (q = first; q < p && rows[q] !== rows[p];) q++;
        }
        signs[p] = magnitude * rademacher(random);
      }
    }
  };
  redraw(random);
  return {
    rows: s,
    columns: n,
    redraw,
    apply: (x, out) => {
      out.fill(0);
      for (let i = 0, p = 0; i < n; i++) {
        for (let q = 0; q < k; q++, p++) out[rows[p]] += signs[p] * x[i];
      }
    },
    applyTranspose: (y, out) => {
      for (let i = 0, p = 0; i < n; i++) {
        let sum = 0;
        for (let q = 0; q < k; q++, p++) sum += signs[p] * y[rows[p]];
        out[i] = sum;
      }
    },
    applyDense: ({ columns: d, data }: Matrix, { data: out }: Matrix) => {
      out.fill(0);
      for (let i = 0, p = 0; i < n; i++) {
        for (let q = 0; q < k; q++, p++) {
          const to = rows[p] * d, from = i * d, sign = signs[p];
          for (let j = 0; j < d; j++) out[to + j] += sign * data[from + j];
        }
      }
    },
    applySparse: ({ columns: d, rowStarts, columnIndices, values }: SparseEntries, { data: out }: Matrix) => {
      out.fill(0);
      for (let i = 0, p = 0; i < n; i++) {
        const start = rowStarts[i], end = rowStarts[i + 1];
        for (let q = 0; q < k; q++, p++) {
          const to = rows[p] * d, sign = signs[p];
          for (let e = start; e < end; e++) out[to + columnIndices[e]] += sign * values[e];
        }
      }
    },
  };
}
