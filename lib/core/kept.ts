/**
 * A point that is replaced as a whole.
 *
 * @module
 */
import { copy, type Vector, vectors } from "./vector.ts";

/**
 * A point with its figures. A notebook's Stop ends the running code at once, between any two loops or calls, and no
 * `finally` follows; so the new point is written aside, and takes its place by assignments alone.
 */
export class Kept {
  #x: Vector;
  #spare: Vector;
  #value: number;
  #merit: number;

  /**
   * @param start The first point, copied.
   * @param value Its value.
   * @param merit Its first measure.
   */
  constructor(start: Vector, value: number, merit: number) {
    [this.#x, this.#spare] = vectors(start.length, 2);
    copy(start, this.#x);
    this.#value = value;
    this.#merit = merit;
  }

  get x(): Vector {
    return this.#x;
  }
  get value(): number {
    return this.#value;
  }
  get merit(): number {
    return this.#merit;
  }

  /** Takes a copy of x and its figures in place of what it has. */
  keep(x: Vector, value: number, merit: number): void {
    copy(x, this.#spare);
    const old = this.#x;
    this.#x = this.#spare;
    this.#spare = old;
    this.#value = value;
    this.#merit = merit;
  }
}
