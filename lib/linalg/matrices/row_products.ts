/**
 * The work on rows of vectors that both kinds of divide and conquer share: new vectors are combinations of the vectors
 * of two halves, most of which are zero outside their half.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { backend } from "../kernels/mod.ts";

/** Which columns of a row may be other than zero: those of the first half, all, those of the second half. */
export const FIRST = 0, BOTH = 1, SECOND = 2;

/** A block of rows: columns from `from` up to `to`, two halves that meet at `middle`, rows `pitch` apart. */
export interface RowBlock {
  readonly rows: Vector;
  readonly pitch: number;
  readonly from: number;
  readonly middle: number;
  readonly to: number;
}

/** Makes combinations of chosen rows, with buffers for up to n rows and columns. */
export class RowProducts {
  /** Where among the factors of a combination the i-th chosen row goes. */
  readonly place: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #gathered: Vector;
  readonly #product: Vector;
  #count = 0;
  /** Rows before `#upper` have a first half, rows from `#lower` on a second one. */
  #upper = 0;
  #lower = 0;

  constructor(n: number) {
    this.place = new Int32Array(n);
    this.#kinds = new Uint8Array(n);
    this.#gathered = new Float64Array(n * n);
    this.#product = new Float64Array(n * n);
  }

  /** Places the first `count` of the chosen rows: those of the first half, of both, of the second. */
  arrange(count: number, chosen: Int32Array, kind: Uint8Array): void {
    const sizes = [0, 0, 0];
    for (let i = 0; i < count; i++) sizes[this.#kinds[i] = kind[chosen[i]]]++;
    this.#count = count;
    this.#upper = sizes[FIRST] + sizes[BOTH];
    this.#lower = sizes[FIRST];
    const next = [0, this.#lower, this.#upper];
    for (let i = 0; i < count; i++) this.place[i] = next[this.#kinds[i]]++;
  }

  /** The combinations, with the factors in the rows of `factors`, `count` to a row; kept here for `sort`. */
  combine({ rows, pitch, from, middle, to }: RowBlock, chosen: Int32Array, factors: Vector): void {
    const count = this.#count, upper = this.#upper, lower = this.#lower, g = this.#gathered;
    const size = to - from, first = middle - from, second = to - middle, start = upper * first;
    for (let i = 0; i < count; i++) {
      const place = this.place[i], row = chosen[i] * pitch;
      if (place < upper) g.set(rows.subarray(row + from, row + middle), place * first);
      if (place >= lower) g.set(rows.subarray(row + middle, row + to), start + (place - lower) * second);
    }
    const p = this.#product, { gemm } = backend();
    gemm(false, false, count, first, upper, 1, factors, 0, count, g, 0, first, 0, p, 0, size);
    gemm(false, false, count, second, count - lower, 1, factors, lower, count, g, start, second, 0, p, first, size);
  }

  /**
   * Puts the combinations, and after them the other chosen rows, back into the block in this order.
   */
  putBack({ rows, pitch, from, to }: RowBlock, chosen: Int32Array, order: Int32Array): void {
    const size = to - from, p = this.#product, all = order.length;
    for (let k = this.#count; k < all; k++) {
      const row = chosen[k] * pitch;
      p.set(rows.subarray(row + from, row + to), k * size);
    }
    for (let k = 0; k < all; k++) {
      const source = order[k] * size;
      rows.set(p.subarray(source, source + size), (from + k) * pitch + from);
    }
  }
}

/** Writes to `order` the indices of two ranges, in both of which `d` ascends, so that it ascends over all. */
export function mergeOrder(
  d: Vector,
  first: readonly [number, number],
  second: readonly [number, number],
  order: Int32Array,
): number {
  let k = 0;
  for (let i = first[0], j = second[0]; i < first[1] || j < second[1];) {
    order[k++] = j === second[1] || i < first[1] && d[i] <= d[j] ? i++ : j++;
  }
  return k;
}

/** Sorts n values from `from` on, ascending; `swap` exchanges what belongs to the i-th and k-th. */
export function selectionSort(n: number, values: Vector, from: number, swap: (i: number, k: number) => void): void {
  for (let i = 0; i < n; i++) {
    let k = i;
    for (let j = i + 1; j < n; j++) if (values[from + j] < values[from + k]) k = j;
    if (k === i) continue;
    const value = values[from + k];
    values[from + k] = values[from + i];
    values[from + i] = value;
    swap(i, k);
  }
}
