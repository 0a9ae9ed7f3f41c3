/**
 * Gaussian sketches: independent entries `Sᵣᵢ ~ N(0, 1/s)`.
 *
 * For any d-dimensional subspace the singular values of S on it lie near `1 ± √(d/s)`.
 *
 * Source: Martinsson and Tropp, Randomized numerical linear algebra: foundations and algorithms (2020), section 8.3.
 *
 * @module
 */
import { fillNormal, type Matrix, type Rng, scale, type SparseEntries } from "../../core/mod.ts";
import { gemm } from "../matrices/level3.ts";
import { addProduct, addTransposedProduct } from "../matrices/vector_products.ts";
import { checkSketch, type Sketch } from "./sketch.ts";

/**
 * A Gaussian sketch of s rows and n columns. A product with a dense matrix of d columns costs 2 s n d operations.
 *
 * @throws {DomainError} When s or n is no positive integer.
 *
 * @example Lengths are kept up to a few parts in a hundred
 * ```ts
 * import { norm2, rng } from "@gradus/gradus/core";
 * import { gaussianSketch } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const S = gaussianSketch(400, 1000, rng(1)), x = new Float64Array(1000).fill(1), y = new Float64Array(400);
 * S.apply(x, y);
 * assertAlmostEquals(norm2(y) / norm2(x), 1, 0.1);
 * ```
 */
export function gaussianSketch(s: number, n: number, random: Rng): Sketch {
  checkSketch(s, n);
  const data = new Float64Array(s * n);
  const redraw = (random: Rng): void => scale(1 / Math.sqrt(s), fillNormal(random, data));
  redraw(random);
  return {
    rows: s,
    columns: n,
    redraw,
    apply: (x, out) => {
      out.fill(0);
      addProduct(s, n, data, 0, n, x, 0, out, 0);
    },
    applyTranspose: (y, out) => {
      out.fill(0);
      addTransposedProduct(s, n, data, 0, n, y, 0, out, 0);
    },
    applyDense: (A: Matrix, out: Matrix) => {
      const d = A.columns;
      gemm(false, false, s, d, n, 1, data, 0, n, A.data, 0, d, 0, out.data, 0, d);
    },
    applySparse: ({ columns: d, rowStarts, columnIndices, values }: SparseEntries, out: Matrix) => {
      out.data.fill(0);
      for (let r = 0; r < s; r++) { // a row of the product stays in the nearest cache
        const to = r * d, from = r * n;
        for (let i = 0, k = 0; i < n; i++) {
          const factor = data[from + i], end = rowStarts[i + 1];
          for (; k < end; k++) out.data[to + columnIndices[k]] += factor * values[k];
        }
      }
    },
  };
}
