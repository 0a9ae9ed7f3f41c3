/**
 * A sparse matrix in the memory of the kernels, for work that multiplies by it many times.
 *
 * @module
 */
import { DomainError, type LinearOperator, type SparseEntries, type Vector } from "../../core/mod.ts";
import { checkLength } from "../matrices/checks.ts";
import { backend, type Resident } from "../kernels/mod.ts";

/** Vectors that the memory has room for besides the matrix and what its products need. */
export interface ResidentSparseOptions {
  /** The lengths of further vectors. Default none. */
  readonly lengths?: readonly number[];
}

/** A sparse matrix whose entries lie in the memory of the kernels. Its products give the bits that those of the core give. */
export class ResidentSparse implements LinearOperator {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Vectors in the same memory, of the lengths asked for: products with these copy nothing. */
  readonly vectors: readonly Vector[];
  readonly #resident: Resident;
  readonly #x: Vector;
  readonly #y: Vector;
  readonly #starts: number;
  readonly #indices: number;
  readonly #values: number;

  /**
   * Copies the matrix.
   *
   * @param A The matrix.
   * @param resident Memory for its row starts, column indices and values, x, y, and further vectors.
   */
  constructor(A: SparseEntries, resident: Resident) {
    const [starts, indices, values, x, y, ...rest] = resident.vectors;
    new Uint32Array(starts.buffer, starts.byteOffset, A.rows + 1).set(A.rowStarts);
    new Uint32Array(indices.buffer, indices.byteOffset, A.columnIndices.length).set(A.columnIndices);
    values.set(A.values);
    [this.#starts, this.#indices, this.#values] = [starts, indices, values].map((vector) => vector.byteOffset);
    this.rows = A.rows;
    this.columns = A.columns;
    this.#resident = resident;
    this.#x = x;
    this.#y = y;
    this.vectors = rest;
  }

  /**
   * Writes `A x` into `out`.
   *
   * @throws {ShapeError} When a vector has another length.
   */
  apply(x: Vector, out: Vector): void {
    const from = this.#placed(x, this.#x, this.columns), to = this.#room(out, this.#y, this.rows);
    const { kernels } = this.#resident;
    kernels.sparseProduct(this.rows, this.#starts, this.#indices, this.#values, from.byteOffset, to.byteOffset);
    if (to !== out) out.set(to);
  }

  /**
   * Writes `Aᵀ y` into `out`.
   *
   * @throws {ShapeError} When a vector has another length.
   */
  applyTranspose(y: Vector, out: Vector): void {
    const from = this.#placed(y, this.#y, this.rows), to = this.#room(out, this.#x, this.columns);
    this.#resident.kernels.sparseProductTransposed(
      this.rows,
      this.columns,
      this.#starts,
      this.#indices,
      this.#values,
      from.byteOffset,
      to.byteOffset,
    );
    if (to !== out) out.set(to);
  }

  /** The vector, or a copy of it in the memory of the kernels. */
  #placed(x: Vector, copy: Vector, length: number): Vector {
    const place = this.#room(x, copy, length);
    if (place !== x) place.set(x);
    return place;
  }

  /** The vector itself if it lies in the memory of the kernels, else the room for a copy. */
  #room(x: Vector, copy: Vector, length: number): Vector {
    checkLength("multiply by a sparse matrix", "a vector", x, length);
    return x.buffer === copy.buffer ? x : copy;
  }
}

/**
 * Copies a sparse matrix into the memory of the kernels, together with room for vectors of further lengths, which products
 * take and fill without copying. Undefined where the backend has no such memory, or it would not fit.
 *
 * @throws {DomainError} When a length is no whole number.
 *
 * @example Products without copies
 * ```ts
 * import { gridLaplacian, residentSparse } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = gridLaplacian(4), resident = residentSparse(A, { lengths: [4, 4] });
 * const [x, y] = resident?.vectors ?? [new Float64Array(4), new Float64Array(4)];
 * x.fill(1);
 * (resident ?? A).apply(x, y);
 * assertEquals([...y], [1, 0, 0, 1]);
 * ```
 */
export function residentSparse(A: SparseEntries, options: ResidentSparseOptions = {}): ResidentSparse | undefined {
  const { lengths = [] } = options, count = A.values.length;
  if (!lengths.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new DomainError(`Cannot place vectors beside a matrix: expected whole lengths, got ${lengths}`);
  }
  const all = [(A.rows >> 1) + 1, (count + 1) >> 1, count, A.columns, A.rows, ...lengths];
  if (all.reduce((sum, n) => sum + n, 0) >= 2 ** 28) return undefined; // 2 GiB
  const resident = backend().resident?.(all);
  return resident && new ResidentSparse(A, resident);
}
