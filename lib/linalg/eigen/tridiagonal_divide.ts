/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer.
 *
 * `T = [T₁ 0; 0 T₂] + ρ u uᵀ`; with the eigenvectors of T₁ and T₂ this is `D + ρ z zᵀ`, whose eigenvalues are roots of
 * the secular equation. Where zᵢ is negligible, or two dᵢ are nearly equal, an eigenvector is known already
 * (deflation); the others come by one product of matrices. Weights ẑ, computed back from the roots, make eigenvectors
 * orthogonal.
 *
 * Source: Gu and Eisenstat, A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem (1995); Rutter, A
 * serial implementation of Cuppen's divide and conquer algorithm (1994), LAPACK working note 69.
 *
 * @module
 */
import { normInf, type Vector } from "../../core/mod.ts";
import { hypotenuse, rotate } from "../factorizations/rotation.ts";
import {
  BOTH,
  FIRST,
  mergeOrder,
  type RowBlock,
  RowProducts,
  SECOND,
  selectionSort,
} from "../matrices/row_products.ts";
import { SecularEquation } from "./secular.ts";
import { iterateQl } from "./tridiagonal_ql.ts";

/** Up to this order a block is diagonalized by iteration. */
const LEAF = 24;

const EPSILON = 2 ** -53;

/** Below this fraction of the largest entry of T all is rounding error. */
const FLOOR = 2 ** -40;

/**
 * Overwrites the diagonal `d` by the eigenvalues, ascending; returns the eigenvectors, row by row. The entries beside
 * the diagonal, the first n - 1 of `e`, are overwritten too.
 */
export function divideAndConquer(n: number, d: Vector, e: Vector): Vector {
  return new Division(n, d, e).rows;
}

class Division {
  /** The eigenvectors of the blocks done so far. */
  readonly rows: Vector;
  readonly #n: number;
  readonly #d: Vector;
  readonly #e: Vector;
  readonly #floor: number;
  readonly #z: Vector;
  readonly #kind: Uint8Array;
  readonly #order: Int32Array;
  /** Indices of the rows that stay in the secular equation, then, from the end on, of those that do not. */
  readonly #chosen: Int32Array;
  readonly #values: Vector;
  readonly #poles: Vector;
  readonly #weights: Vector;
  readonly #equation: SecularEquation;
  /** The differences of poles and roots, then the eigenvectors of `D + ρ z zᵀ`, row by row. */
  readonly #small: Vector;
  readonly #products: RowProducts;

  constructor(n: number, d: Vector, e: Vector) {
    const large = n > LEAF ? n : 0;
    this.rows = new Float64Array(n * n);
    this.#n = n;
    this.#d = d;
    this.#e = e;
    this.#floor = FLOOR * Math.max(normInf(d), normInf(e));
    this.#z = new Float64Array(large);
    this.#kind = new Uint8Array(large);
    this.#order = new Int32Array(large);
    this.#chosen = new Int32Array(large);
    this.#values = new Float64Array(large);
    this.#poles = new Float64Array(large);
    this.#weights = new Float64Array(large);
    this.#equation = new SecularEquation(this.#poles, this.#weights, false);
    this.#small = new Float64Array(large * large);
    this.#products = new RowProducts(large);
    this.#solve(0, n);
  }

  /** Diagonalizes the block of the rows from `from` up to `to`. */
  #solve(from: number, to: number): void {
    const d = this.#d;
    if (to - from <= LEAF) {
      this.#iterate(from, to);
      return;
    }
    const middle = from + ((to - from) >> 1), beta = this.#e[middle - 1];
    d[middle - 1] -= Math.abs(beta);
    d[middle] -= Math.abs(beta);
    this.#solve(from, middle);
    this.#solve(middle, to);
    const rho = this.#couple(from, middle, to, beta), kept = this.#deflate(from, middle, to, rho);
    this.#findVectors(kept, rho);
    const block: RowBlock = { rows: this.rows, pitch: this.#n, from, middle, to };
    if (kept > 0) this.#products.combine(block, this.#chosen, this.#small);
    this.#products.putBack(block, this.#chosen, this.#ascending(from, to));
  }

  #iterate(from: number, to: number): void {
    const n = this.#n, count = to - from, offset = from * (n + 1), rows = this.rows;
    for (let i = from; i < to; i++) rows[i * (n + 1)] = 1;
    iterateQl(count, this.#d, this.#e, from, { entries: rows, offset, pitch: n, count });
    selectionSort(count, this.#d, from, (i, k) => rotate(count, rows, offset + i * n, offset + k * n, 0, 1));
  }

  /** `T = diag(T₁, T₂) + β u uᵀ`: z is what the eigenvectors make of u, scaled to length 1; ρ makes up for it. */
  #couple(from: number, middle: number, to: number, beta: number): number {
    const n = this.#n, z = this.#z, sign = beta < 0 ? -Math.SQRT1_2 : Math.SQRT1_2;
    for (let i = from; i < middle; i++) z[i] = Math.SQRT1_2 * this.rows[i * n + middle - 1];
    for (let i = middle; i < to; i++) z[i] = sign * this.rows[i * n + middle];
    this.#kind.fill(FIRST, from, middle).fill(SECOND, middle, to);
    return 2 * Math.abs(beta);
  }

  /**
   * Chooses the rows that stay, in the order of their poles. A rotation of two rows with nearly equal poles frees one.
   */
  #deflate(from: number, middle: number, to: number, rho: number): number {
    const d = this.#d, z = this.#z, chosen = this.#chosen, kind = this.#kind, order = this.#order;
    const size = mergeOrder(d, [from, middle], [middle, to], order);
    let largest = this.#floor;
    for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(d[i]), rho * Math.abs(z[i]));
    const tolerance = 8 * EPSILON * largest;
    let kept = 0, free = size;
    for (let k = 0; k < size; k++) {
      const i = order[k];
      if (rho * Math.abs(z[i]) <= tolerance) {
        chosen[--free] = i;
        continue;
      }
      if (kept > 0) {
        const p = chosen[kept - 1], length = hypotenuse(z[i], z[p]), c = z[i] / length, s = z[p] / length;
        const gap = d[i] - d[p];
        if (Math.abs(gap * c * s) <= tolerance) {
          rotate(to - from, this.rows, i * this.#n + from, p * this.#n + from, c, s);
          d[i] -= gap * s * s;
          d[p] += gap * s * s;
          z[i] = length;
          if (kind[p] !== kind[i]) kind[i] = BOTH;
          chosen[--free] = p;
          kept--;
        }
      }
      chosen[kept++] = i;
    }
    for (let k = 0; k < kept; k++) {
      this.#poles[k] = d[chosen[k]];
      this.#weights[k] = z[chosen[k]] ** 2;
    }
    for (let k = kept; k < size; k++) this.#values[k] = d[chosen[k]];
    return kept;
  }

  /** The eigenvalues of `D + ρ z zᵀ`, and its eigenvectors `ẑᵢ / (dᵢ - λ)`. */
  #findVectors(kept: number, rho: number): void {
    const small = this.#small, w = this.#weights, z = this.#z, chosen = this.#chosen, equation = this.#equation;
    equation.reset(kept, 1 / rho);
    for (let j = 0; j < kept; j++) this.#values[j] = equation.solve(j, small, j * kept);
    equation.fitWeights(small);
    this.#products.arrange(kept, chosen, this.#kind);
    const vector = this.#poles, place = this.#products.place; // the poles are not needed any more
    for (let i = 0; i < kept; i++) w[i] = z[chosen[i]] < 0 ? -Math.sqrt(w[i]) : Math.sqrt(w[i]);
    for (let j = 0; j < kept; j++) {
      const row = j * kept;
      let squares = 0;
      for (let i = 0; i < kept; i++) {
        const x = w[i] / small[row + i];
        vector[i] = x;
        squares += x * x;
      }
      const length = Math.sqrt(squares);
      for (let i = 0; i < kept; i++) small[row + place[i]] = vector[i] / length;
    }
  }

  /** Sorts the values into the diagonal; returns where each came from. */
  #ascending(from: number, to: number): Int32Array {
    const values = this.#values, order = this.#order.subarray(0, to - from);
    for (let k = 0; k < order.length; k++) order[k] = k;
    order.sort((i, j) => values[i] - values[j]);
    for (let k = 0; k < order.length; k++) this.#d[from + k] = values[order[k]];
    return order;
  }
}
