/**
 * How arguments reach Fortran: numbers and characters by address, in arrays that calls share, since making one costs
 * more than a small call.
 *
 * @module
 */
import type { Vector } from "../../lib/core/mod.ts";

/** A whole number by address. */
export class Integer {
  /** The array that is passed. */
  readonly at: Int32Array<ArrayBuffer> = new Int32Array(1);

  /** Sets it; returns what to pass. */
  of(value: number): Int32Array<ArrayBuffer> {
    this.at[0] = value;
    return this.at;
  }
}

/** A character by address. */
export function character(c: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(c.charCodeAt(0));
}

/** Work space that calls share: each may overwrite what the last one left. */
export class Scratch {
  #reals = new Float64Array(0);
  #integers = new Int32Array(0);

  /** At least so many numbers. */
  reals(count: number): Vector {
    if (count > MOST) return new Float64Array(count);
    if (this.#reals.length < count) this.#reals = new Float64Array(count);
    return this.#reals;
  }

  /** At least so many whole numbers. */
  integers(count: number): Int32Array {
    if (this.#integers.length < count) this.#integers = new Int32Array(count);
    return this.#integers;
  }
}

/** The most numbers that are kept between calls. */
const MOST = 2 ** 21;

/** The array from an entry on. */
export function from(a: Vector, offset: number): Vector {
  return offset === 0 ? a : a.subarray(offset);
}
