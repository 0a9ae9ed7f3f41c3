/**
 * Memory that parts of a program use in turn: bodies of regions run one after the other, and nothing of them outlives
 * their run.
 *
 * @module
 */

/** Buffers that are taken while a part is planned, and given back for the parts behind it. */
export class Scratch {
  readonly #free = new Map<number, Float64Array[]>();
  readonly #uniform = new Map<string, Float64Array>();
  #bytes = 0;

  /** The size of all memory that was made. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A buffer of a length, with anything in it. */
  take(length: number): Float64Array {
    const buffer = this.#free.get(length)?.pop();
    return buffer ?? this.fresh(length);
  }

  /** A buffer of a length that nobody had. */
  fresh(length: number): Float64Array {
    this.count(8 * length);
    return new Float64Array(length);
  }

  /** Gives a buffer to whatever is planned next. */
  give(buffer: Float64Array): void {
    const list = this.#free.get(buffer.length);
    if (list === undefined) this.#free.set(buffer.length, [buffer]);
    else list.push(buffer);
  }

  /** A buffer of a length with one number everywhere, the same for all who ask; not to be written to. */
  uniform(length: number, value: number): Float64Array {
    const key = `${length} ${Object.is(value, -0) ? "-0" : value}`;
    let buffer = this.#uniform.get(key);
    if (buffer === undefined) this.#uniform.set(key, buffer = this.fresh(length).fill(value));
    return buffer;
  }

  /** Counts memory that was made elsewhere. */
  count(bytes: number): void {
    this.#bytes += bytes;
  }
}
