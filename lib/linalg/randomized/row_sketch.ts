/**
 * Sketches that take rows: row r of S is `eᵢᵀ/√(s pᵢ)` with i drawn with probability pᵢ, with replacement, or, for s
 * distinct rows, `eᵢᵀ √(n/s)`.
 *
 * With one row this is the step of Kaczmarz's method; leverage scores as weights give subspace embeddings.
 *
 * Source: Drineas, Mahoney and Muthukrishnan, Relative-error CUR matrix decompositions (2008), arXiv 0708.3696.
 *
 * @module
 */
import {
  DomainError,
  drawIndex,
  integer,
  type Matrix,
  type Rng,
  ShapeError,
  type SparseEntries,
  type Vector,
} from "../../core/mod.ts";
import { cumulative } from "./categorical.ts";
import { checkSketch, type Sketch } from "./sketch.ts";

/** A sketch whose rows are multiples of unit vectors. */
export interface RowSketch extends Sketch {
  /** Which row was taken, for each of the s. Changed by `redraw`. */
  readonly indices: Uint32Array;
  /** By what it is multiplied. */
  readonly factors: Vector;
}

/** Options of `rowSketch`. */
export interface RowSketchOptions {
  /** n numbers in proportion to the pᵢ, none negative. Default: all equal. */
  readonly weights?: ArrayLike<number>;
  /**
   * Whether no row is taken twice, all sets of s rows being equally likely; then there are no weights. Default false.
   */
  readonly distinct?: boolean;
}

/**
 * A sketch of s rows out of n.
 *
 * @throws {DomainError} When s or n is no positive integer, a weight is negative or not finite, or all are zero; for
 * distinct rows when there are weights or s > n.
 * @throws {ShapeError} When there are not n weights.
 *
 * @example Rows by weight
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { rowSketch } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const { indices } = rowSketch(3, 4, rng(1), { weights: [0, 0, 5, 0] });
 * assertEquals([...indices], [2, 2, 2]);
 * ```
 */
export function rowSketch(s: number, n: number, random: Rng, options: RowSketchOptions = {}): RowSketch {
  const { weights, distinct = false } = options;
  checkSketch(s, n);
  if (distinct && (weights || s > n)) {
    throw new DomainError(
      `Cannot draw a sketch: expected at most ${n} distinct rows and no weights, got ${s}${
        weights ? " by weights" : ""
      }`,
    );
  }
  if (weights && weights.length !== n) {
    throw new ShapeError(`Cannot draw a sketch: expected ${n} weights, got ${weights.length}`);
  }
  const own = weights && Float64Array.from(weights), sums = own && cumulative("draw a sketch", own);
  const total = sums ? sums[n - 1] : n;
  const indices = new Uint32Array(s), factors = new Float64Array(s);
  const order = Uint32Array.from({ length: distinct ? n : 0 }, (_, i) => i), places = new Uint32Array(s);
  const redrawDistinct = (random: Rng): void => { // a shuffle of the first s, undone afterwards
    for (let r = 0; r < s; r++) {
      const k = places[r] = r + integer(random, n - r), i = order[k];
      order[k] = order[r];
      order[r] = indices[r] = i;
      factors[r] = Math.sqrt(n / s);
    }
    for (let r = s - 1; r >= 0; r--) {
      const i = order[r];
      order[r] = order[places[r]];
      order[places[r]] = i;
    }
  };
  const redraw = distinct ? redrawDistinct : (random: Rng): void => {
    for (let r = 0; r < s; r++) {
      const i = sums ? drawIndex(sums, random) : integer(random, n);
      indices[r] = i;
      factors[r] = Math.sqrt(total / (s * (own ? own[i] : 1)));
    }
  };
  redraw(random);
  return {
    rows: s,
    columns: n,
    indices,
    factors,
    redraw,
    apply: (x, out) => {
      for (let r = 0; r < s; r++) out[r] = factors[r] * x[indices[r]];
    },
    applyTranspose: (y, out) => {
      out.fill(0);
      for (let r = 0; r < s; r++) out[indices[r]] += factors[r] * y[r];
    },
    applyDense: ({ columns: d, data }: Matrix, { data: out }: Matrix) => {
      for (let r = 0; r < s; r++) {
        const factor = factors[r], from = indices[r] * d, to = r * d;
        for (let j = 0; j < d; j++) out[to + j] = factor * data[from + j];
      }
    },
    applySparse: ({ columns: d, rowStarts, columnIndices, values }: SparseEntries, { data: out }: Matrix) => {
      out.fill(0);
      for (let r = 0; r < s; r++) {
        const factor = factors[r], end = rowStarts[indices[r] + 1];
        for (let k = rowStarts[indices[r]]; k < end; k++) out[r * d + columnIndices[k]] += factor * values[k];
      }
    },
  };
}
