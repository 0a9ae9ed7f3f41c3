/**
 * The dominant eigenvector of AᵀA from one pass over the rows of A in random order, in memory for few rows.
 *
 * ```
 * Oja:               v ← v + η a (aᵀv), normalized, row by row,     η = 4 log d/σ₁²
 * block power:       ⌈log₂ d⌉ blocks of rows A_b:   v ← A_bᵀA_b v, normalized
 * with heavy rows:   those with |a|² >= |A|_F²/(d log₂² d) are kept;  v ← (blocks) A_bᵀA_b v + A_hᵀA_h v,
 *                    A_b the other rows of the block, A_h the heavy ones so far
 * ```
 *
 * With R = σ₁²/σ₂² the squared correlation with the eigenvector is 1 - O(1/√R) when no row is heavy, with kept ones
 * whatever the rows. For rows in an order that is not random nothing is known.
 *
 * Source: Kacham and Woodruff, Approximating the top eigenvector in random order streams (2024), arXiv 2412.11963; Oja,
 * Simplified neuron model as a principal component analyzer (1982).
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  fillSphere,
  type Matrix,
  norm2,
  type Rng,
  rng,
  scale,
  ShapeError,
  type Vector,
} from "../../core/mod.ts";
import { checkCount } from "../krylov/iteration.ts";
import { row } from "../matrices/matrix.ts";

/** Rows that come one by one and are not kept; the same vector may be used for all of them. */
export interface RowStream extends Iterable<Vector> {
  /** How many come. */
  readonly rows: number;
  /** The length of each. */
  readonly columns: number;
}

/** Options of methods for streams of rows. */
export interface StreamOptions {
  /** Draws the first v. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/** Options of `oja`. */
export interface OjaOptions extends StreamOptions {
  /**
   * η. Default 4 log d over the estimate of σ₁² from the rows so far, `(n/t) Σ (aᵀv)²`, of which the start is a random
   * v.
   */
  readonly learningRate?: number;
}

/**
 * Oja's method: a unit vector near the dominant eigenvector of AᵀA.
 *
 * @throws {ShapeError} When a row has another length, or there are not as many as said.
 * @throws {DomainError} When there are no columns, an entry is not finite, or the rate is not positive.
 *
 * @example The direction in which rows vary
 * ```ts
 * import { matrix, oja } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = matrix(500, 2, Array.from({ length: 1000 }, (_, k) => k % 2 === 0 ? Math.sin(k) : 0.1 * Math.cos(3 * k)));
 * assert(oja(A)[0] ** 2 > 0.98);
 * ```
 */
export function oja(A: Matrix | RowStream, options: OjaOptions = {}): Vector {
  const verb = "follow an eigenvector by Oja's method", { generator = rng(0), learningRate } = options;
  if (learningRate !== undefined && !(learningRate > 0 && learningRate < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected a positive rate, got ${learningRate}`);
  }
  const v = start(verb, A, generator), strength = 4 * Math.log(Math.max(2, A.columns));
  let t = 0, seen = 0;
  for (const a of rowsOf(verb, A)) {
    const along = dot(a, v);
    t++;
    seen += along * along;
    if (along === 0) continue;
    axpy((learningRate ?? strength / (A.rows * seen / t)) * along, a, v);
    scale(1 / norm2(v), v);
  }
  return v;
}

/** Options of `blockPowerStream` and `blockPowerHeavy`. */
export interface BlockPowerOptions extends StreamOptions {
  /** The number of blocks. Default ⌈log₂ d⌉, at least 1. */
  readonly blocks?: number;
}

/**
 * One step of the power method on each block of rows: a unit vector near the dominant eigenvector of AᵀA, when no row
 * is much longer than the others.
 *
 * @throws {ShapeError} When a row has another length, or there are not as many as said.
 * @throws {DomainError} When there are no columns, an entry is not finite, or the number of blocks is no positive
 * integer.
 */
export function blockPowerStream(A: Matrix | RowStream, options: BlockPowerOptions = {}): Vector {
  return blockPower("follow an eigenvector by blocks", A, options).vector;
}

/** What `blockPowerHeavy` found. */
export interface HeavyStream {
  /** The unit vector. */
  readonly vector: Vector;
  /** How many rows were kept to the end. */
  readonly heavy: number;
}

/**
 * The same with heavy rows kept. Of |A|_F² is known what the rows so far say, at first those of a prefix of max(d, 16)
 * rows, or of the first block if that is shorter. The memory is that of the h heavy rows, the prefix, and two more.
 *
 * @throws {ShapeError} When a row has another length, or there are not as many as said.
 * @throws {DomainError} When there are no columns, an entry is not finite, or the number of blocks is no positive
 * integer.
 *
 * @example One long row among many short ones
 * ```ts
 * import { blockPowerHeavy, matrix } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = matrix(2000, 4, Array.from({ length: 8000 }, (_, k) => k === 4000 ? 90 : Math.sin(k * k)));
 * const { vector, heavy } = blockPowerHeavy(A, { blocks: 10 });
 * assertEquals(heavy, 1);
 * assert(vector[0] ** 2 > 0.99);
 * ```
 */
export function blockPowerHeavy(A: Matrix | RowStream, options: BlockPowerOptions = {}): HeavyStream {
  return blockPower("follow an eigenvector by blocks", A, options, new HeavyRows(A.rows, A.columns));
}

/** Tells heavy rows, and keeps them. */
class HeavyRows {
  readonly kept: Vector[] = [];
  readonly #n: number;
  /** A row is heavy from this share of |A|_F² on. */
  readonly #share: number;
  #heavy = 0;
  #light = 0;
  #lightRows = 0;

  constructor(n: number, d: number) {
    this.#n = n;
    this.#share = 1 / (d * Math.max(1, Math.log2(d)) ** 2);
  }

  /** Splits the first rows: starts with all as light, until no further one is heavy. */
  split(rows: readonly Vector[]): Vector[] {
    let light = [...rows], before = 0;
    this.#lightRows = light.length;
    for (const a of light) this.#light += dot(a, a);
    do {
      before = light.length;
      light = light.filter((a) => !this.keeps(a, true));
    } while (light.length < before && light.length > 0);
    return light;
  }

  /** Whether a row is heavy; then it is kept. A row that is counted among the light ones already can change sides. */
  keeps(a: Vector, counted = false): boolean {
    const square = dot(a, a), mean = this.#light / Math.max(1, this.#lightRows);
    if (square > 0 && square >= this.#share * (this.#heavy + this.#n * mean)) {
      this.kept.push(a.slice());
      this.#heavy += square;
      if (counted) {
        this.#light -= square;
        this.#lightRows--;
      }
      return true;
    }
    if (!counted) {
      this.#light += square;
      this.#lightRows++;
    }
    return false;
  }
}

function blockPower(
  verb: string,
  A: Matrix | RowStream,
  { generator = rng(0), blocks = Math.max(1, Math.ceil(Math.log2(A.columns))) }: BlockPowerOptions,
  heavy?: HeavyRows,
): HeavyStream {
  checkCount(verb, "of blocks", blocks, 1);
  const v = start(verb, A, generator), sum = new Float64Array(A.columns), first: Vector[] = [];
  const prefix = heavy ? Math.min(Math.max(A.columns, 16), Math.ceil(A.rows / blocks)) : 0;
  const take = (a: Vector): void => axpy(blocks * dot(a, v), a, sum);
  let t = 0, block = 1;
  for (const a of rowsOf(verb, A)) {
    if (++t <= prefix) first.push(a.slice());
    else if (!heavy?.keeps(a)) take(a);
    if (t === prefix) heavy?.split(first.splice(0)).forEach(take);
    if (t < block * A.rows / blocks) continue;
    for (const a of heavy?.kept ?? []) axpy(dot(a, v), a, sum);
    const length = norm2(sum);
    if (length > 0) { // nothing is learned from a block of zeros
      v.set(sum);
      scale(1 / length, v);
    }
    sum.fill(0);
    block++;
  }
  return { vector: v, heavy: heavy?.kept.length ?? 0 };
}

function start(verb: string, A: Matrix | RowStream, generator: Rng): Vector {
  checkCount(verb, "of columns", A.columns, 1);
  return fillSphere(generator, new Float64Array(A.columns));
}

function* rowsOf(verb: string, A: Matrix | RowStream): Generator<Vector> {
  let count = 0;
  for (const a of "data" in A ? matrixRows(A) : A) {
    count++;
    if (a.length !== A.columns || count > A.rows) {
      throw new ShapeError(
        `Cannot ${verb}: expected ${A.rows} rows of ${A.columns} entries, got row ${count} of ${a.length}`,
      );
    }
    if (!(norm2(a) < Infinity)) {
      throw new DomainError(`Cannot ${verb}: expected finite entries, got others in row ${count}`);
    }
    yield a;
  }
  if (count < A.rows) throw new ShapeError(`Cannot ${verb}: expected ${A.rows} rows, got ${count}`);
}

function* matrixRows(A: Matrix): Generator<Vector> {
  for (let i = 0; i < A.rows; i++) yield row(A, i);
}
