/**
 * Products with the inverse of an empirical Fisher matrix of m gradients, without the matrix.
 *
 * ```
 * F = λI + (1/m) Σ gᵢ gᵢᵀ,   F₀ = λI,   vᵢ = Fᵢ₋₁⁻¹ gᵢ
 * vᵢ = gᵢ/λ - Σ_{j<i} vⱼ (vⱼᵀgᵢ)/qⱼ,   qᵢ = m + gᵢᵀvᵢ
 * F⁻¹x = x/λ - Σ vᵢ (vᵢᵀx)/qᵢ,   [F⁻¹]ⱼₖ = δⱼₖ/λ - Σ vᵢ[j] vᵢ[k]/qᵢ
 * ```
 *
 * O(d m²) operations to set up, O(d m) for a product, O(m) for an entry, d m numbers of memory. `mfac_window.ts` has
 * the form for gradients that come and go.
 *
 * Source: Frantar, Kurtic and Alistarh, M-FAC: Efficient Matrix-Free Approximations of Second-Order Information (2021),
 * arXiv 2107.03356, section 3.1 and, for pruning, equation (1); the surgeon's update is Hassibi and Stork's (1993).
 *
 * @module
 */
import { DomainError, type LinearOperator, type Matrix, type Vector, vector } from "../../core/mod.ts";
import { checkFinite, checkFiniteEntries, checkLength } from "../matrices/checks.ts";
import { addProduct, addTransposedProduct } from "../matrices/vector_products.ts";

/** The Fisher matrix whose inverse is wanted. */
export interface MfacOptions {
  /** λ. Default 1e-5. */
  readonly damping?: number;
  /** Blocks of so many coordinates are taken for independent. Default d, all in one. */
  readonly blockSize?: number;
}

/**
 * The inverse `F⁻¹` for a fixed set of gradients, d x d and symmetric; block-diagonal where a block size was given.
 *
 * Products allocate nothing but must not run inside each other.
 */
export class Mfac implements LinearOperator {
  /** d. */
  readonly rows: number;
  /** d. */
  readonly columns: number;
  readonly #count: number;
  readonly #damping: number;
  readonly #blockSize: number;
  /** vᵢ in row i, m x d. */
  readonly #v: Vector;
  /** qᵢ of each block, blocks x m. */
  readonly #q: Vector;
  /** vᵢᵀx, then divided by -qᵢ. */
  readonly #t: Vector;

  /**
   * Runs the recursion.
   *
   * @param gradients m x d; overwritten by the vᵢ.
   * @param damping λ.
   * @param blockSize Coordinates in a block.
   */
  constructor({ rows: m, columns: d, data }: Matrix, damping: number, blockSize: number) {
    this.rows = this.columns = d;
    this.#count = m;
    this.#damping = damping;
    this.#blockSize = blockSize;
    this.#v = data;
    this.#q = new Float64Array(m * Math.ceil(d / blockSize));
    this.#t = new Float64Array(m);
    const gradient = new Float64Array(Math.min(blockSize, d));
    for (let from = 0, at = 0; from < d; from += blockSize, at += m) {
      const width = Math.min(blockSize, d - from);
      for (let i = 0; i < m; i++) {
        const row = i * d + from;
        let square = 0;
        for (let j = 0; j < width; j++) gradient[j] = data[row + j];
        this.#correlate(i, from, width, at, gradient, 0);
        for (let j = 0; j < width; j++) data[row + j] /= damping;
        addTransposedProduct(i, width, data, from, d, this.#t, 0, data, row);
        for (let j = 0; j < width; j++) square += gradient[j] * data[row + j];
        this.#q[at + i] = m + square;
      }
    }
  }

  /** `t ← -(vᵢᵀx)/qᵢ` for the first `count` of the vᵢ within a block, x at `xAt`. */
  #correlate(count: number, from: number, width: number, at: number, x: Vector, xAt: number): void {
    const t = this.#t;
    t.fill(0, 0, count);
    addProduct(count, width, this.#v, from, this.columns, x, xAt, t, 0);
    for (let i = 0; i < count; i++) t[i] /= -this.#q[at + i];
  }

  /**
   * `out ← F⁻¹x`; out may be x.
   *
   * @throws {ShapeError} When a length is not d.
   */
  readonly apply = (x: Vector, out: Vector): void => {
    const d = this.columns, m = this.#count, size = this.#blockSize;
    checkLength("multiply by an inverse Fisher matrix", "a vector", x, d);
    checkLength("multiply by an inverse Fisher matrix", "an out", out, d);
    for (let from = 0, at = 0; from < d; from += size, at += m) {
      const width = Math.min(size, d - from);
      this.#correlate(m, from, width, at, x, from);
      for (let j = from; j < from + width; j++) out[j] = x[j] / this.#damping;
      addTransposedProduct(m, width, this.#v, from, d, this.#t, 0, out, from);
    }
  };

  /** The same: F is symmetric. */
  readonly applyTranspose: (y: Vector, out: Vector) => void = this.apply;

  /**
   * `[F⁻¹]ⱼₖ`.
   *
   * @throws {DomainError} When j or k is not in 0 … d-1.
   */
  entry(j: number, k: number): number {
    const d = this.columns, v = this.#v, m = this.#count, block = Math.floor(j / this.#blockSize);
    for (const index of [j, k]) {
      if (!(Number.isInteger(index) && index >= 0 && index < d)) {
        throw new DomainError(`Cannot read an inverse Fisher matrix: expected indices in 0 … ${d - 1}, got ${index}`);
      }
    }
    if (Math.floor(k / this.#blockSize) !== block) return 0;
    let entry = j === k ? 1 / this.#damping : 0;
    for (let i = 0; i < m; i++) entry -= v[i * d + j] * v[i * d + k] / this.#q[block * m + i];
    return entry;
  }

  /** The diagonal of F⁻¹, positive. */
  diagonal(): Vector {
    const d = this.columns, v = this.#v, m = this.#count, out = new Float64Array(d).fill(1 / this.#damping);
    for (let from = 0, at = 0; from < d; from += this.#blockSize, at += m) {
      const to = Math.min(from + this.#blockSize, d);
      for (let i = 0; i < m; i++) {
        const q = this.#q[at + i], row = i * d;
        for (let j = from; j < to; j++) out[j] -= v[row + j] * v[row + j] / q;
      }
    }
    return out;
  }
}

/**
 * The inverse of the damped Fisher matrix of the gradients in the rows of G, m x d, which are copied.
 *
 * @throws {ShapeError} When G has not as many entries as its shape says.
 * @throws {DomainError} When G has no rows or columns or an entry that is not finite, λ is not positive, or the block
 * size is no positive integer.
 *
 * @example A product, and an entry of the diagonal
 * ```ts
 * import { matrix, mfac } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const inverse = mfac(matrix([[2, 0], [0, 4]]), { damping: 1 }); // F = diag(3, 9)
 * const out = new Float64Array(2);
 * inverse.apply(Float64Array.of(3, 9), out);
 * assertAlmostEquals(out[0], 1, 1e-15);
 * assertAlmostEquals(out[1], 1, 1e-15);
 * assertAlmostEquals(inverse.entry(1, 1), 1 / 9, 1e-15);
 * ```
 */
export function mfac(G: Matrix, { damping = 1e-5, blockSize = G.columns }: MfacOptions = {}): Mfac {
  const verb = "invert a Fisher matrix";
  checkFinite(verb, G);
  if (G.rows < 1 || G.columns < 1) {
    throw new DomainError(`Cannot ${verb}: expected at least one gradient, got ${G.rows} x ${G.columns}`);
  }
  checkDamping(verb, damping);
  if (!(Number.isSafeInteger(blockSize) && blockSize > 0)) {
    throw new DomainError(`Cannot ${verb}: expected a positive integer for the block size, got ${blockSize}`);
  }
  return new Mfac({ ...G, data: G.data.slice() }, damping, blockSize);
}

/** Refuses a damping that is not positive. */
export function checkDamping(verb: string, damping: number): void {
  if (!(damping > 0 && damping < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected a positive damping, got ${damping}`);
  }
}

/**
 * By how much the loss grows to second order when one weight is removed and the others answer: `wⱼ² / (2 [F⁻¹]ⱼⱼ)`.
 *
 * @throws {ShapeError} When w has not d entries.
 * @throws {DomainError} When an entry of w is not finite.
 */
export function pruningScores(inverse: Mfac, w: Vector): Vector {
  checkLength("score weights", "weights", w, inverse.columns);
  checkFiniteEntries("score weights", w);
  return inverse.diagonal().map((entry, j) => w[j] * w[j] / (2 * entry));
}

/**
 * Removes the `count` weights of the smallest scores; the others answer each removal with the surgeon's step, all at
 * the same curvature: `w ← w - Σⱼ wⱼ F⁻¹eⱼ / [F⁻¹]ⱼⱼ`, then zeros at the removed ones. Returns new weights.
 *
 * @throws {ShapeError} When w has not d entries.
 * @throws {DomainError} When an entry of w is not finite or `count` is not in 0 … d.
 *
 * @example The weight that matters least
 * ```ts
 * import { matrix, mfac, pruneWeights } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * // the loss is flat along the second weight: it goes, though it is the larger
 * const inverse = mfac(matrix([[1, 0]]), { damping: 1e-3 });
 * assertEquals(pruneWeights(inverse, Float64Array.of(1, 5), 1), Float64Array.of(1, 0));
 * ```
 */
export function pruneWeights(inverse: Mfac, w: Vector, count: number): Vector {
  const d = inverse.columns, scores = pruningScores(inverse, w);
  if (!(Number.isInteger(count) && count >= 0 && count <= d)) {
    throw new DomainError(`Cannot prune weights: expected a number to remove in 0 … ${d}, got ${count}`);
  }
  const removed = Array.from(scores.keys()).sort((j, k) => scores[j] - scores[k]).slice(0, count);
  const multipliers = new Float64Array(d), diagonal = inverse.diagonal(), pruned = vector(w);
  for (const j of removed) multipliers[j] = w[j] / diagonal[j];
  const step = new Float64Array(d);
  inverse.apply(multipliers, step);
  for (let j = 0; j < d; j++) pruned[j] -= step[j];
  for (const j of removed) pruned[j] = 0;
  return pruned;
}
