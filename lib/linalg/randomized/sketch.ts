/**
 * Sketches: random matrices S with few rows and `E SᵀS = I`, so that S x has about the length of x.
 *
 * Source: Martinsson and Tropp, Randomized numerical linear algebra: foundations and algorithms (2020), sections 8 and
 * 9.
 *
 * @module
 */
import {
  DomainError,
  type LinearOperator,
  type Matrix,
  type Rng,
  ShapeError,
  type SparseEntries,
} from "../../core/mod.ts";
import { checkFinite, shapeOf, target } from "../matrices/checks.ts";

/** A random linear map `S: Rⁿ → Rˢ` with `E SᵀS = I`, which can be drawn anew in its own memory. */
export interface Sketch extends LinearOperator {
  /** Draws all of S anew; what it becomes depends on the generator alone. Allocates nothing. */
  readonly redraw: (random: Rng) => void;
  /** Writes `S A` into `out`, of s rows, for a dense A of n rows; shapes are not checked. */
  readonly applyDense: (A: Matrix, out: Matrix) => void;
  /** The same for a sparse A. */
  readonly applySparse: (A: SparseEntries, out: Matrix) => void;
}

/**
 * Makes a sketch of s rows and n columns from a generator: `gaussianSketch`, `countSketch`, `srht` and `sparseSign` are
 * such.
 */
export type SketchMaker = (s: number, n: number, random: Rng) => Sketch;

/**
 * The product `S A` of a sketch and a dense or sparse matrix with as many rows as S has columns, into `out` if given.
 *
 * @throws {ShapeError} When the shapes do not fit, or `out` shares memory with A.
 * @throws {DomainError} When an entry of a dense A is not finite.
 *
 * @example Eight rows that stand for a hundred
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { countSketch, matrix, sketchRows } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = matrix(100, 2, new Float64Array(200).fill(1)), SA = sketchRows(countSketch(8, 100, rng(1)), A);
 * assertEquals([SA.rows, SA.columns], [8, 2]);
 * ```
 */
export function sketchRows(S: Sketch, A: Matrix | SparseEntries, out?: Matrix): Matrix {
  const verb = "sketch a matrix", sparse = "rowStarts" in A;
  if (A.rows !== S.columns) {
    throw new ShapeError(
      `Cannot ${verb}: expected ${S.columns} rows, got ${sparse ? `${A.rows} x ${A.columns}` : shapeOf(A)}`,
    );
  }
  if (sparse) {
    const product = target(verb, S.rows, A.columns, out);
    S.applySparse(A, product);
    return product;
  }
  checkFinite(verb, A);
  const product = target(verb, S.rows, A.columns, out, A);
  S.applyDense(A, product);
  return product;
}

/** Refuses a number of rows or columns that is no positive integer. */
export function checkSketch(s: number, n: number): void {
  for (const length of [s, n]) {
    if (!Number.isSafeInteger(length) || length < 1) {
      throw new DomainError(`Cannot draw a sketch: expected positive numbers of rows and columns, got ${s} x ${n}`);
    }
  }
}
