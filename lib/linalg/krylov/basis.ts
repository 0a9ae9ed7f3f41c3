/**
 * An orthonormal basis that grows by one vector at a time.
 *
 * @module
 */
import { fillNormal, norm2, type Rng, scale, type Vector } from "../../core/mod.ts";
import { backend } from "../kernels/mod.ts";
import { addProduct, addTransposedProduct } from "../matrices/vector_products.ts";

/** A vector that loses more than this share of its length by orthogonalization is orthogonalized again. */
const ENOUGH = Math.SQRT1_2;

/** Orthonormal rows in one array. */
export class Basis {
  /** The vectors, one after the other. */
  readonly data: Vector;
  readonly #n: number;
  readonly #c: Vector;
  readonly #h: Vector;

  /** Room for `capacity` vectors of n entries. */
  constructor(n: number, capacity: number) {
    this.#n = n;
    this.data = new Float64Array(n * capacity);
    this.#c = new Float64Array(capacity);
    this.#h = new Float64Array(capacity);
  }

  /** Vector k, as a view. */
  row(k: number): Vector {
    return this.data.subarray(k * this.#n, (k + 1) * this.#n);
  }

  /**
   * Removes from w its components along the first k vectors, by classical Gram-Schmidt, twice where once is not enough;
   * writes the components to h from `at` on. Returns the length of what remains: 0 when that is nothing but rounding.
   *
   * @param k The number of vectors.
   * @param w What to make orthogonal to them.
   * @param h For the components.
   * @param at Where in h.
   * @param last So many of the last vectors, along which large components are expected, are seen to first: then once is
   * enough.
   */
  orthogonalize(k: number, w: Vector, h: Vector, at = 0, last = 0): number {
    h.fill(0, at, at + k);
    if (last > 0 && last < k) this.#remove(k - last, k, w, h, at);
    let before = norm2(w);
    for (let pass = 0; pass < 2; pass++) {
      this.#remove(0, k, w, h, at);
      const after = norm2(w);
      if (!(after <= ENOUGH * before)) return after; // also taken for NaN
      before = after;
    }
    return 0;
  }

  #remove(from: number, to: number, w: Vector, h: Vector, at: number): void {
    const n = this.#n, c = this.#c;
    c.fill(0, from, to);
    addProduct(to - from, n, this.data, from * n, n, w, 0, c, from);
    for (let i = from; i < to; i++) {
      h[at + i] += c[i];
      c[i] = -c[i];
    }
    addTransposedProduct(to - from, n, this.data, from * n, n, c, from, w, 0);
  }

  /** Takes `w / length` as vector k. */
  put(k: number, w: Vector, length: number): void {
    const row = this.row(k);
    row.set(w);
    scale(1 / length, row);
  }

  /**
   * Takes a random vector, orthogonal to the first k, as vector k; false when they span the whole space.
   *
   * @param k How many there are.
   * @param random The generator.
   * @param w Memory for a vector.
   */
  putRandom(k: number, random: Rng, w: Vector): boolean {
    if (k >= this.#n) return false;
    for (let tries = 0; tries < 3; tries++) {
      const length = this.orthogonalize(k, fillNormal(random, w), this.#h);
      if (length === 0) continue;
      this.put(k, w, length);
      return true;
    }
    return false;
  }

  /** Replaces the first m vectors by `count` combinations of them, the rows of `coefficients`, count x m. */
  combine(m: number, count: number, coefficients: Vector): void {
    const n = this.#n, combined = new Float64Array(count * n);
    backend().gemm(false, false, count, n, m, 1, coefficients, 0, m, this.data, 0, n, 0, combined, 0, n);
    this.data.set(combined);
  }

  /** `out ← out + Σ yᵢ vᵢ` over the first k vectors. */
  addCombination(k: number, y: Vector, out: Vector): void {
    addTransposedProduct(k, this.#n, this.data, 0, this.#n, y, 0, out, 0);
  }
}
