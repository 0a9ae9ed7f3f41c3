/**
 * An orthonormal basis for the dominant part of the range of a matrix.
 *
 * ```
 * Ω Gaussian, n x l:   Q = orth((A Aᵀ)^q A Ω),  orthonormalized after each product
 * E |A - QQᵀA|_F <= √(1 + k/(p-1)) √(Σ_{j>k} σⱼ²)                             for l = k + p, q = 0     (theorem 10.5)
 * E |A - QQᵀA|₂ <= (1 + √(k/(p-1))) σ_{k+1} + (e √l/p) √(Σ_{j>k} σⱼ²)                                   (theorem 10.6)
 * |B|₂ <= 10 √(2/π) max over r Gaussian ω of |B ω|, but for a probability of 10⁻ʳ                           (lemma 4.1)
 * ```
 *
 * Source: Halko, Martinsson and Tropp, Finding structure with randomness: probabilistic algorithms for constructing
 * approximate matrix decompositions (2011), arXiv 0909.4061, algorithms 4.2 and 4.4.
 *
 * @module
 */
import { DomainError, type Matrix, norm2, type Rng, rng } from "../../core/mod.ts";
import { checkCount } from "../krylov/iteration.ts";
import { subtract } from "../matrices/arithmetic.ts";
import { matmul } from "../matrices/matmul.ts";
import { matrix, row, transpose } from "../matrices/matrix.ts";
import { qr } from "../factorizations/qr.ts";
import {
  checkMultipliable,
  gaussianMatrix,
  inner,
  type Multipliable,
  multiply,
  multiplyTransposed,
} from "./block_products.ts";

/** Options of `rangeFinder`. */
export interface RangeOptions {
  /** q: products with A Aᵀ, which help where singular values fall slowly. Default 0. */
  readonly powerIterations?: number;
  /** Draws the combinations. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/**
 * An orthonormal m x l matrix Q with `A ≈ QQᵀA`, from `l (2q + 1)` products with A or Aᵀ.
 *
 * @throws {DomainError} When l is no integer in 1 … min(m, n), q no whole number, or an entry not finite.
 *
 * @example The range of a matrix of rank one
 * ```ts
 * import { matrix, rangeFinder } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { data: [first, second] } = rangeFinder(matrix([[3, 6], [4, 8]]), 1);
 * assertAlmostEquals(first / second, 3 / 4, 1e-14);
 * ```
 */
export function rangeFinder(A: Multipliable, l: number, options: RangeOptions = {}): Matrix {
  const verb = "find a range", { powerIterations = 0, generator = rng(0) } = options;
  checkMultipliable(verb, A, l);
  checkCount(verb, "of power iterations", powerIterations);
  return powered(A, qr(multiply(A, gaussianMatrix(A.columns, l, generator))).Q, powerIterations);
}

function powered(A: Multipliable, basis: Matrix, powerIterations: number): Matrix {
  let Q = basis;
  for (let k = 0; k < powerIterations; k++) Q = qr(multiply(A, qr(multiplyTransposed(A, Q)).Q)).Q;
  return Q;
}

/** Options of `adaptiveRangeFinder`. */
export interface AdaptiveRangeOptions extends RangeOptions {
  /** r: vectors that are added at a time, and that probe the error. Default 10. */
  readonly block?: number;
  /** At most so many vectors. Default min(m, n). */
  readonly maxRank?: number;
}

/** A basis and how much of the matrix is outside. */
export interface AdaptiveRange {
  /** Orthonormal columns, m x l. */
  readonly Q: Matrix;
  /** A bound of `|A - QQᵀA|₂` that is wrong with a probability of at most 10⁻ʳ; as a rule ten times too large. */
  readonly error: number;
  /** Whether the bound is within the tolerance. */
  readonly converged: boolean;
}

/**
 * A basis that grows until `|A - QQᵀA|₂ <= tolerance`, but for a probability of min(m, n) 10⁻ʳ, r the size of a block.
 * The tolerance is absolute.
 *
 * @throws {DomainError} When the tolerance is not positive, the block, the rank or q not possible, or an entry not
 * finite.
 *
 * @example As many vectors as the tolerance asks for
 * ```ts
 * import { adaptiveRangeFinder, diagonal } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = diagonal(Array.from({ length: 60 }, (_, i) => 10 ** -i));
 * const { Q, error, converged } = adaptiveRangeFinder(A, 1e-6);
 * assertEquals([Q.columns, converged], [10, true]);
 * assert(error < 1e-6);
 * ```
 */
export function adaptiveRangeFinder(
  A: Multipliable,
  tolerance: number,
  options: AdaptiveRangeOptions = {},
): AdaptiveRange {
  const verb = "find a range", { powerIterations = 0, generator = rng(0), block = 10 } = options;
  const { maxRank = Math.min(A.rows, A.columns) } = options;
  checkMultipliable(verb, A, maxRank);
  checkCount(verb, "of power iterations", powerIterations);
  checkCount(verb, "of vectors in a block", block, 1);
  if (!(tolerance > 0)) throw new DomainError(`Cannot ${verb}: expected a positive tolerance, got ${tolerance}`);
  let Q = matrix(A.rows, 0);
  for (;;) {
    const Y = outside(Q, multiply(A, gaussianMatrix(A.columns, block, generator)));
    const error = 10 * Math.sqrt(2 / Math.PI) * longestColumn(Y), added = Math.min(block, maxRank - Q.columns);
    if (error <= tolerance || added === 0) return { Q, error, converged: error <= tolerance };
    const fresh = powered(A, qr(leading(Y, added)).Q, powerIterations);
    Q = beside(Q, qr(outside(Q, qr(outside(Q, fresh)).Q)).Q); // twice is enough
  }
}

/** `Y - QQᵀY`. */
function outside(Q: Matrix, Y: Matrix): Matrix {
  return Q.columns === 0 ? Y : subtract(Y, matmul(Q, inner(Q, Y)));
}

function longestColumn(Y: Matrix): number {
  const columns = transpose(Y);
  let longest = 0;
  for (let j = 0; j < Y.columns; j++) longest = Math.max(longest, norm2(row(columns, j)));
  return longest;
}

/** The first columns. */
export function leading(A: Matrix, columns: number): Matrix {
  const part = matrix(A.rows, columns);
  for (let i = 0; i < A.rows; i++) {
    part.data.set(A.data.subarray(i * A.columns, i * A.columns + columns), i * columns);
  }
  return part;
}

function beside(A: Matrix, B: Matrix): Matrix {
  const columns = A.columns + B.columns, both = matrix(A.rows, columns);
  for (let i = 0; i < A.rows; i++) {
    both.data.set(row(A, i), i * columns);
    both.data.set(row(B, i), i * columns + A.columns);
  }
  return both;
}
