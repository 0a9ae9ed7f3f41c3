/**
 * Columns of entries that come one after the other.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** Columns so far, with room for more. */
export class GrowingColumns {
  /** Column j begins here; the last of them begins at the end. */
  readonly starts: Float64Array;
  /** The rows. */
  indices: Uint32Array;
  /** The values. */
  values: Vector;
  /** The number of entries. */
  count = 0;

  /**
   * Room for n columns.
   *
   * @param n The number of columns.
   * @param entries The number of entries that are expected.
   */
  constructor(n: number, entries: number) {
    this.starts = new Float64Array(n + 1);
    this.indices = new Uint32Array(entries);
    this.values = new Float64Array(entries);
  }

  /** Makes room for so many entries more. */
  reserve(more: number): void {
    const need = this.count + more;
    if (need <= this.indices.length) return;
    const indices = new Uint32Array(need + (need >> 1)), values = new Float64Array(indices.length);
    indices.set(this.indices.subarray(0, this.count));
    values.set(this.values.subarray(0, this.count));
    this.indices = indices;
    this.values = values;
  }

  /** One entry more; there must be room. */
  push(row: number, value: number): void {
    this.indices[this.count] = row;
    this.values[this.count++] = value;
  }
}
