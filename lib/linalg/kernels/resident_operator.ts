/**
 * Linear maps whose numbers lie in the memory of the kernels.
 *
 * @module
 */
import { type LinearOperator, ShapeError, type Vector } from "../../core/mod.ts";

/** A linear map in the memory of the kernels, with room for a vector of each side. */
export abstract class ResidentOperator implements LinearOperator {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Vectors in the same memory: products with these copy nothing. */
  readonly vectors: readonly Vector[];
  readonly #verb: string;
  readonly #x: Vector;
  readonly #y: Vector;

  /**
   * A map from vectors like x to vectors like y.
   *
   * @param verb What errors say cannot be done.
   * @param x Room for as many numbers as there are columns.
   * @param y Room for as many as there are rows.
   * @param vectors Further vectors of the same memory.
   */
  constructor(verb: string, x: Vector, y: Vector, vectors: readonly Vector[] = []) {
    this.#verb = verb;
    this.#x = x;
    this.#y = y;
    this.columns = x.length;
    this.rows = y.length;
    this.vectors = vectors;
  }

  /** `y ← A x`, by addresses. */
  protected abstract multiply(x: number, y: number): void;

  /** `x ← Aᵀ y`, by addresses. */
  protected abstract multiplyTransposed(y: number, x: number): void;

  /**
   * Writes `A x` into `out`.
   *
   * @throws {ShapeError} When a vector has another length.
   */
  apply(x: Vector, out: Vector): void {
    const from = this.#placed(x, this.#x), to = this.#room(out, this.#y);
    this.multiply(from.byteOffset, to.byteOffset);
    if (to !== out) out.set(to);
  }

  /**
   * Writes `Aᵀ y` into `out`.
   *
   * @throws {ShapeError} When a vector has another length.
   */
  applyTranspose(y: Vector, out: Vector): void {
    const from = this.#placed(y, this.#y), to = this.#room(out, this.#x);
    this.multiplyTransposed(from.byteOffset, to.byteOffset);
    if (to !== out) out.set(to);
  }

  /** The vector, or a copy of it in the memory of the kernels. */
  #placed(x: Vector, copy: Vector): Vector {
    const place = this.#room(x, copy);
    if (place !== x) place.set(x);
    return place;
  }

  /** The vector itself if it lies in the memory of the kernels, else the room for a copy. */
  #room(x: Vector, copy: Vector): Vector {
    if (x.length !== copy.length) {
      throw new ShapeError(`Cannot ${this.#verb}: expected a vector of ${copy.length} entries, got ${x.length}`);
    }
    return x.buffer === copy.buffer ? x : copy;
  }
}
