/**
 * An orthonormal basis that grows by one vector at a time.
 *
 * @module
 */
import { norm2, scale, type Vector } from "../../core/mod.ts";
import { addProduct, addTransposedProduct } from "../vector_products.ts";

/** A vector that loses more than this share of its length by orthogonalization is orthogonalized again. */
const ENOUGH = Math.SQRT1_2;

/** Orthonormal rows in one array. */
export class Basis {
  /** The vectors, one after the other. */
  readonly data: Vector;
  readonly #n: number;
  readonly #c: Vector;

  /** Room for `capacity` vectors of n entries. */
  constructor(n: number, capacity: number) {
    this.#n = n;
    this.data = new Float64Array(n * capacity);
    this.#c = new Float64Array(capacity);
  }

  /** Vector k, as a view. */
  row(k: number): Vector {
    return this.data.subarray(k * this.#n, (k + 1) * this.#n);
  }

  /**
   * Removes from w its components along the first k vectors, by classical Gram-Schmidt, twice where once is not enough;
   * writes the components to h from `at` on. Returns the length of what remains: 0 when that is nothing but rounding.
   */
  orthogonalize(k: number, w: Vector, h: Vector, at = 0): number {
    const n = this.#n, c = this.#c;
    h.fill(0, at, at + k);
    let before = norm2(w), after = before;
    for (let pass = 0; pass < 2; pass++) {
      c.fill(0, 0, k);
      addProduct(k, n, this.data, 0, n, w, 0, c, 0);
      for (let i = 0; i < k; i++) {
        h[at + i] += c[i];
        c[i] = -c[i];
      }
      addTransposedProduct(k, n, this.data, 0, n, c, 0, w, 0);
      after = norm2(w);
      if (!(after <= ENOUGH * before)) return after; // also taken for NaN
      if (pass === 0) before = after;
    }
    return 0;
  }

  /** Takes `w / length` as vector k. */
  put(k: number, w: Vector, length: number): void {
    const row = this.row(k);
    row.set(w);
    scale(1 / length, row);
  }

  /** `out ← out + Σ yᵢ vᵢ` over the first k vectors. */
  addCombination(k: number, y: Vector, out: Vector): void {
    addTransposedProduct(k, this.#n, this.data, 0, this.#n, y, 0, out, 0);
  }
}
