/**
 * Singular values and vectors of a bidiagonal matrix by divide and conquer.
 *
 * Take out the middle row. What is left are two bidiagonal matrices, each with one column more than rows; with their
 * singular vectors the whole becomes a diagonal d below a row z. Its singular values are roots of the secular equation
 * in d² and z². Where zᵢ is negligible, or two dᵢ are nearly equal, singular vectors are known already (deflation); the
 * others come by two products of matrices. Weights ẑ, computed back from the roots, make singular vectors orthogonal.
 *
 * Source: Gu and Eisenstat, A divide-and-conquer algorithm for the bidiagonal SVD (1995).
 *
 * @module
 */
import { normInf, type Vector } from "../../core/mod.ts";
import { iterateQr } from "./bidiagonal_qr.ts";
import { hypotenuse, rotate } from "../factorizations/rotation.ts";
import { BOTH, FIRST, mergeOrder, RowProducts, SECOND, selectionSort } from "../matrices/row_products.ts";
import { SecularEquation } from "./secular.ts";

/** Up to this order a block is diagonalized by iteration. */
const LEAF = 24;

const EPSILON = 2 ** -53;

/** Below this fraction of the largest entry of B all is rounding error. */
const FLOOR = 2 ** -40;

/** `B = Uᵀ diag(d) V`: rows of `left` and `right` are singular vectors. */
export interface BidiagonalVectors {
  readonly left: Vector;
  readonly right: Vector;
}

/**
 * Overwrites the diagonal `d` by the singular values, ascending; returns the singular vectors, row by row. The entries
 * above the diagonal, the first n - 1 of `e`, are overwritten too.
 */
export function divideBidiagonal(n: number, d: Vector, e: Vector): BidiagonalVectors {
  return new Division(n, d, e);
}

class Division implements BidiagonalVectors {
  readonly left: Vector;
  readonly right: Vector;
  readonly #n: number;
  readonly #d: Vector;
  readonly #e: Vector;
  readonly #floor: number;
  readonly #z: Vector;
  readonly #kind: Uint8Array;
  readonly #order: Int32Array;
  /** Indices of the rows that stay in the secular equation, that of z₀ first, then, from the end on, of the others. */
  readonly #chosen: Int32Array;
  readonly #values: Vector;
  readonly #poles: Vector;
  readonly #weights: Vector;
  readonly #equation: SecularEquation;
  /** The differences of poles and roots, then the right singular vectors of the small problem, row by row. */
  readonly #small: Vector;
  readonly #smallLeft: Vector;
  readonly #products: RowProducts;

  constructor(n: number, d: Vector, e: Vector) {
    const large = n > LEAF ? n : 0;
    this.left = new Float64Array(n * n);
    this.right = new Float64Array(n * n);
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
    this.#equation = new SecularEquation(this.#poles, this.#weights, true);
    this.#small = new Float64Array(large * large);
    this.#smallLeft = new Float64Array(large * large);
    this.#products = new RowProducts(large);
    this.#solve(0, n, 0);
  }

  /**
   * Diagonalizes the block of the rows from `from` up to `to`, which have `extra` columns, 0 or 1, beyond the last row.
   */
  #solve(from: number, to: number, extra: number): void {
    if (to - from <= LEAF || this.#floor === 0) {
      this.#iterate(from, to, extra);
      return;
    }
    const middle = from + ((to - from) >> 1), alpha = this.#d[middle], beta = this.#e[middle];
    this.#solve(from, middle, 1);
    this.#solve(middle + 1, to, extra);
    this.#couple(from, middle, to, extra, alpha, beta);
    const kept = this.#deflate(from, middle, to, extra);
    this.#findVectors(kept);
    const order = this.#ascending(from, to), pitch = this.#n, products = this.#products;
    const left = { rows: this.left, pitch, from, middle: middle + 1, to };
    const right = { rows: this.right, pitch, from, middle: middle + 1, to: to + extra };
    products.combine(left, this.#chosen, this.#smallLeft);
    products.putBack(left, this.#chosen, order);
    products.combine(right, this.#chosen, this.#small);
    products.putBack(right, this.#chosen, order);
  }

  #iterate(from: number, to: number, extra: number): void {
    const n = this.#n, d = this.#d, e = this.#e, { left, right } = this, offset = from * (n + 1), size = to - from;
    for (let i = from; i < to; i++) left[i * (n + 1)] = 1;
    for (let i = from; i < to + extra; i++) right[i * (n + 1)] = 1;
    if (extra) { // an upper bidiagonal matrix with one more column becomes a lower one, that an upper one
      chase(from, to, to, d, e, (i, c, s) => rotate(size + 1, right, i * n + from, (i + 1) * n + from, c, s));
      chase(from, to - 1, to, d, e, (i, c, s) => rotate(size, left, i * n + from, (i + 1) * n + from, c, s));
    }
    const lefts = { entries: left, offset, pitch: n, count: size };
    iterateQr(size, d, e, from, lefts, { entries: right, offset, pitch: n, count: size + extra });
    for (let i = from; i < to; i++) {
      if (d[i] >= 0) continue;
      d[i] = -d[i];
      for (let j = i * n + from, end = i * n + to + extra; j < end; j++) right[j] = -right[j];
    }
    selectionSort(size, d, from, (i, k) => {
      rotate(size, left, offset + i * n, offset + k * n, 0, 1);
      rotate(size + extra, right, offset + i * n, offset + k * n, 0, 1);
    });
  }

  /**
   * What the right singular vectors make of the middle row; z₀ takes all that falls on vectors without singular value.
   */
  #couple(from: number, middle: number, to: number, extra: number, alpha: number, beta: number): void {
    const n = this.#n, z = this.#z, right = this.right;
    for (let i = from; i <= middle; i++) z[i] = alpha * right[i * n + middle];
    for (let i = middle + 1; i < to + extra; i++) z[i] = beta * right[i * n + middle + 1];
    this.#kind.fill(FIRST, from, middle + 1).fill(SECOND, middle + 1, to);
    this.left[middle * (n + 1)] = 1;
    const length = extra ? hypotenuse(z[middle], z[to]) : 0;
    if (length === 0) return;
    rotate(to + 1 - from, right, middle * n + from, to * n + from, z[middle] / length, z[to] / length);
    z[middle] = length;
    this.#kind[middle] = BOTH;
  }

  /**
   * Chooses the rows that stay, in the order of their poles. A rotation of two rows with nearly equal poles frees one.
   */
  #deflate(from: number, middle: number, to: number, extra: number): number {
    const n = this.#n, d = this.#d, z = this.#z, chosen = this.#chosen, kind = this.#kind, poles = this.#poles;
    const size = mergeOrder(d, [from, middle], [middle + 1, to], this.#order) + 1;
    let largest = this.#floor;
    for (let i = from; i < to; i++) largest = Math.max(largest, i === middle ? 0 : d[i], Math.abs(z[i]));
    const tolerance = 64 * EPSILON * largest, nothing = FLOOR * tolerance;
    let kept = 1, free = size;
    chosen[0] = middle;
    for (let k = 0; k < size - 1; k++) {
      const i = this.#order[k], p = chosen[kept - 1];
      if (Math.abs(z[i]) <= tolerance) {
        chosen[--free] = i;
        continue;
      }
      if (kept === 1 && d[i] <= nothing) { // the same pole as that of z₀: z₀ takes it all
        const length = hypotenuse(z[middle], z[i]), c = z[middle] / length, s = z[i] / length;
        rotate(to + extra - from, this.right, middle * n + from, i * n + from, c, s);
        z[middle] = length;
        if (kind[middle] !== kind[i]) kind[middle] = BOTH;
        d[i] = 0;
        chosen[--free] = i;
        continue;
      }
      if (kept > 1 && d[i] - d[p] <= tolerance) {
        const length = hypotenuse(z[i], z[p]), c = z[i] / length, s = z[p] / length;
        rotate(to - from, this.left, i * n + from, p * n + from, c, s);
        rotate(to + extra - from, this.right, i * n + from, p * n + from, c, s);
        z[i] = length;
        if (kind[p] !== kind[i]) kind[i] = BOTH;
        chosen[--free] = p;
        kept--;
      }
      chosen[kept++] = i;
    }
    if (Math.abs(z[middle]) <= nothing) z[middle] = nothing;
    for (let k = 0; k < kept; k++) {
      poles[k] = k === 0 ? 0 : d[chosen[k]];
      this.#weights[k] = z[chosen[k]] ** 2;
    }
    for (let k = kept; k < size; k++) this.#values[k] = d[chosen[k]];
    return kept;
  }

  /** The singular values of the small problem, and its vectors `vᵢ = ẑᵢ / (dᵢ² - σ²)` and `uᵢ = dᵢ vᵢ`, `u₀ = -1`. */
  #findVectors(kept: number): void {
    const place = this.#products.place;
    this.#products.arrange(kept, this.#chosen, this.#kind);
    const small = this.#small,
      smallLeft = this.#smallLeft,
      w = this.#weights,
      d = this.#poles,
      equation = this.#equation;
    equation.reset(kept, 1);
    for (let j = 0; j < kept; j++) this.#values[j] = equation.solve(j, small, j * kept);
    equation.fitWeights(small);
    for (let i = 0; i < kept; i++) w[i] = this.#z[this.#chosen[i]] < 0 ? -Math.sqrt(w[i]) : Math.sqrt(w[i]);
    const vector = new Float64Array(kept);
    for (let j = 0; j < kept; j++) {
      const row = j * kept;
      let squares = 0, leftSquares = 1;
      for (let i = 0; i < kept; i++) {
        const x = w[i] / small[row + i];
        vector[i] = x;
        squares += x * x;
        leftSquares += (d[i] * x) ** 2;
      }
      const length = Math.sqrt(squares), leftLength = Math.sqrt(leftSquares);
      for (let i = 0; i < kept; i++) {
        small[row + place[i]] = vector[i] / length;
        smallLeft[row + place[i]] = (i === 0 ? -1 : d[i] * vector[i]) / leftLength;
      }
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

/** Rotations of the entries `d[i]` and `e[i]` into `d[i]`, each of which puts a part of `d[i + 1]` into `e[i]`. */
function chase(
  from: number,
  to: number,
  end: number,
  d: Vector,
  e: Vector,
  turn: (i: number, c: number, s: number) => void,
): void {
  for (let i = from; i < to; i++) {
    const r = hypotenuse(d[i], e[i]), c = r === 0 ? 1 : d[i] / r, s = r === 0 ? 0 : e[i] / r;
    d[i] = r;
    if (i + 1 < end) {
      e[i] = s * d[i + 1];
      d[i + 1] *= c;
    } else e[i] = 0;
    turn(i, c, s);
  }
}
