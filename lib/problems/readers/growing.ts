/**
 * Typed arrays that grow while a file is read.
 *
 * @module
 */

/** Doubles; the space doubles when it is full. */
export class GrowingNumbers {
  #items: Float64Array<ArrayBuffer> = new Float64Array(256);
  /** How many there are. */
  length = 0;

  /** Adds one. */
  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = item;
  }

  /** All of them, in an array of their length. */
  take(): Float64Array<ArrayBuffer> {
    return this.#items.slice(0, this.length);
  }
}

/** Integers 0 … 2³² - 1; the space doubles when it is full. */
export class GrowingIntegers {
  #items: Uint32Array<ArrayBuffer> = new Uint32Array(256);
  /** How many there are. */
  length = 0;

  /** Adds one. */
  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Uint32Array(2 * this.length);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = item;
  }

  /** All of them, in an array of their length. */
  take(): Uint32Array<ArrayBuffer> {
    return this.#items.slice(0, this.length);
  }
}
