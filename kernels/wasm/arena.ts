/**
 * Memory for the matrices of one call: handed out in order, taken back all at once.
 *
 * @module
 */
import { instantiate, type Kernels, type Variant } from "./mod.ts";

/** A block in the memory of the kernels: row-major, address and pitch in bytes. */
export interface Place {
  readonly address: number;
  readonly pitch: number;
}

const PAGE = 65536;

/** Most pages: 4 GiB, all that 32-bit addresses reach. */
const MOST = 65536;

/** Bytes between two places, more than the kernels read past an end. */
const GAP = 64;

/** Memory above this is given back after use. */
const KEPT = 512 * 2 ** 20;

/** Kernels and their memory, which grows as matrices need it. */
export class Arena {
  /** The build it runs. */
  readonly variant: Variant;
  #memory!: WebAssembly.Memory;
  #kernels!: Kernels;
  #numbers!: Float64Array;
  #integers!: Int32Array;
  #next = 0;

  /**
   * Nothing is compiled before the first use.
   *
   * @param variant The build to run.
   */
  constructor(variant: Variant) {
    this.variant = variant;
  }

  /** Takes back all memory and returns the kernels. */
  open(): Kernels {
    if (!this.#memory || this.#memory.buffer.byteLength > KEPT) this.#start();
    this.#next = this.#kernels.arenaStart();
    return this.#kernels;
  }

  #start(): void {
    this.#memory = new WebAssembly.Memory({ initial: 32, maximum: MOST });
    this.#kernels = instantiate(this.variant, this.#memory);
    this.#look();
  }

  /** Views of the memory; growth detaches them. */
  #look(): void {
    this.#numbers = new Float64Array(this.#memory.buffer);
    this.#integers = new Int32Array(this.#memory.buffer);
  }

  /**
   * The address of so many free bytes.
   *
   * @throws {RangeError} If the memory cannot grow that far.
   */
  take(bytes: number): number {
    const address = this.#next,
      end = Math.ceil((address + bytes) / GAP + 1) * GAP,
      has = this.#memory.buffer.byteLength;
    if (end > has) {
      const pages = Math.ceil((end - has) / PAGE);
      if (end > MOST * PAGE) {
        throw new RangeError(`Cannot hold the matrices: expected at most 4 GiB, got ${(end / 2 ** 30).toFixed(1)} GiB`);
      }
      this.#memory.grow(Math.min(MOST - has / PAGE, Math.max(pages, 64)));
      this.#look();
    }
    this.#next = end;
    return address;
  }

  /**
   * Room for a matrix. Rows that are a multiple of 512 bytes apart would crowd into few places of a cache: `spread`.
   */
  room(rows: number, columns: number, spread = false): Place {
    const pitch = 8 * (spread && rows > 64 && columns % 64 === 0 ? columns + 8 : columns);
    return { address: this.take(rows * pitch), pitch };
  }

  /** A copy of a block of an array. */
  put(rows: number, columns: number, from: Float64Array, offset: number, ld: number, spread = false): Place {
    const place = this.room(rows, columns, spread), numbers = this.#numbers, pitch = place.pitch / 8;
    let at = place.address / 8;
    if (ld === columns && pitch === columns) {
      numbers.set(whole(from, offset, rows * columns), at);
    } else if (columns < SHORT) {
      for (let i = 0; i < rows; i++, at += pitch, offset += ld) {
        for (let j = 0; j < columns; j++) numbers[at + j] = from[offset + j];
      }
    } else {
      for (let i = 0; i < rows; i++, at += pitch, offset += ld) {
        numbers.set(from.subarray(offset, offset + columns), at);
      }
    }
    return place;
  }

  /** Copies a place back to a block of an array. */
  get(rows: number, columns: number, place: Place, to: Float64Array, offset: number, ld: number): void {
    const numbers = this.#numbers, pitch = place.pitch / 8;
    let at = place.address / 8;
    if (ld === columns && pitch === columns) {
      to.set(numbers.subarray(at, at + rows * columns), offset);
    } else if (columns < SHORT) {
      for (let i = 0; i < rows; i++, at += pitch, offset += ld) {
        for (let j = 0; j < columns; j++) to[offset + j] = numbers[at + j];
      }
    } else {
      for (let i = 0; i < rows; i++, at += pitch, offset += ld) to.set(numbers.subarray(at, at + columns), offset);
    }
  }

  /** Copies 32-bit integers back. */
  getIntegers(address: number, to: Int32Array, count: number): void {
    const from = address / 4, integers = this.#integers;
    for (let i = 0; i < count; i++) to[i] = integers[from + i];
  }
}

/** Rows of so many entries are copied faster at once than one by one. */
const SHORT = 48;

function whole(from: Float64Array, offset: number, count: number): Float64Array {
  return offset === 0 && from.length === count ? from : from.subarray(offset, offset + count);
}
