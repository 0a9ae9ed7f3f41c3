/**
 * Vectors that stay in the memory of the kernels, for work that reads many numbers for few operations: copying them for
 * each call would cost more than the kernels gain.
 *
 * @module
 */
import { instantiate, type Kernels, runs, type Variant } from "../../../kernels/wasm/mod.ts";
import { DomainError, ShapeError, type Vector } from "../../core/mod.ts";

const PAGE = 65536, ALIGNMENT = 64;

/** At least the kernels' own work space. */
const WORK = 2 ** 21;

/**
 * A memory of fixed size with vectors in it, zero at first, and kernels that work on them. To everyone else the vectors
 * are ordinary Float64Arrays; a kernel takes their `byteOffset` as address.
 */
export class Resident {
  /** The kernels on this memory. */
  readonly kernels: Kernels;
  /** The vectors. */
  readonly vectors: readonly Vector[];

  /**
   * A memory with room for vectors of these lengths.
   *
   * @param build The build of the kernels.
   * @param lengths The lengths of the vectors.
   * @throws {RangeError} If the engine does not run the build or has no such memory.
   */
  constructor(build: Variant, lengths: readonly number[]) {
    const room = lengths.map((n) => Math.ceil(8 * n / ALIGNMENT + 1) * ALIGNMENT);
    const pages = Math.ceil(room.reduce((sum, bytes) => sum + bytes, WORK) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.kernels = instantiate(build, memory);
    let next = this.kernels.arenaStart();
    this.vectors = lengths.map((n, i) => {
      const vector = new Float64Array(memory.buffer, next, n);
      next += room[i];
      return vector;
    });
  }
}

/**
 * The pairs of L-BFGS, `s = x⁺ - x` and `y = ∇f(x⁺) - ∇f(x)`, in the memory of the kernels, and the two-loop recursion
 * on them. It gives the same bits as the loops of TypeScript that sum as `dot` of the core does.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4.
 */
export class ResidentPairs {
  /** From so many variables on pairs are worth a memory of their own. */
  static readonly smallest: number = 64;
  readonly #kernels: Kernels;
  readonly #s: Vector;
  readonly #y: Vector;
  readonly #rho: Vector;
  readonly #alpha: Vector;
  readonly #q: Vector;
  readonly #places: number;

  /**
   * @param n The number of variables.
   * @param places The number of pairs kept.
   */
  private constructor(n: number, places: number) {
    const { kernels, vectors } = new Resident("plain", [n * places, n * places, places, places, n]);
    [this.#s, this.#y, this.#rho, this.#alpha, this.#q] = vectors;
    this.#kernels = kernels;
    this.#places = places;
  }

  /**
   * Room for `places` pairs of vectors of `n` entries, or undefined where plain loops are as fast or the engine does
   * not run the kernels.
   *
   * @throws {DomainError} If `n` or `places` is not a positive whole number.
   */
  static open(n: number, places: number): ResidentPairs | undefined {
    if (!(Number.isSafeInteger(n) && Number.isSafeInteger(places) && n > 0 && places > 0)) {
      throw new DomainError(
        `Cannot keep pairs: expected positive whole numbers of variables and pairs, got ${n} and ${places}`,
      );
    }
    return n >= ResidentPairs.smallest && 16 * n * places < 2 ** 31 && runs("plain")
      ? new ResidentPairs(n, places)
      : undefined;
  }

  /**
   * Copies a pair to a place, `1 / s·y` with it.
   *
   * @throws {ShapeError} When a vector has another length, or there is no such place.
   */
  set(place: number, s: Vector, y: Vector, rho: number): void {
    const n = this.#q.length;
    if (s.length !== n || y.length !== n || !(place >= 0 && place < this.#places)) {
      throw new ShapeError(
        `Cannot keep a pair: expected vectors of ${n} entries and a place below ${this.#places}, got ${s.length}, ` +
          `${y.length} and ${place}`,
      );
    }
    this.#s.set(s, place * n);
    this.#y.set(y, place * n);
    this.#rho[place] = rho;
  }

  /**
   * `out ← -H g`, the direction of L-BFGS at gradient g: H is made of the last `count` pairs, the newest at place
   * `newest` of the ring, and of the initial matrix `scale I` (which does not count without pairs).
   *
   * @throws {ShapeError} When a vector has another length.
   */
  direction(gradient: Vector, count: number, newest: number, scale: number, out: Vector): void {
    const q = this.#q, n = q.length;
    if (gradient.length !== n || out.length !== n) {
      throw new ShapeError(`Cannot apply the pairs: expected ${n} entries, got ${gradient.length} and ${out.length}`);
    }
    for (let i = 0; i < n; i++) q[i] = -gradient[i];
    this.#kernels.twoLoop(
      n,
      this.#places,
      count,
      newest,
      scale,
      this.#s.byteOffset,
      this.#y.byteOffset,
      8 * n,
      this.#rho.byteOffset,
      this.#alpha.byteOffset,
      q.byteOffset,
    );
    out.set(q);
  }
}
