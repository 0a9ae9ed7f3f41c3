/**
 * A sparse matrix in the memory of the kernels, for work that multiplies by it many times.
 *
 * @module
 */
import { DomainError, type SparseEntries } from "../../core/mod.ts";
import { backend, type Kernels, type Resident, ResidentOperator } from "../kernels/mod.ts";

/** Vectors that the memory has room for besides the matrix and what its products need. */
export interface ResidentSparseOptions {
  /** The lengths of further vectors. Default none. */
  readonly lengths?: readonly number[];
}

/**
 * A sparse matrix whose entries lie in the memory of the kernels. Its products give the bits that those of the core
 * give.
 */
export class ResidentSparse extends ResidentOperator {
  readonly #kernels: Kernels;
  readonly #starts: number;
  readonly #indices: number;
  readonly #values: number;

  /**
   * Copies the matrix.
   *
   * @param A The matrix.
   * @param resident Memory for x, y, its row starts, column indices and values, and further vectors.
   */
  constructor(A: SparseEntries, resident: Resident) {
    const [x, y, starts, indices, values, ...rest] = resident.vectors;
    super("multiply by a sparse matrix", x, y, rest);
    new Uint32Array(starts.buffer, starts.byteOffset, A.rows + 1).set(A.rowStarts);
    new Uint32Array(indices.buffer, indices.byteOffset, A.columnIndices.length).set(A.columnIndices);
    values.set(A.values);
    [this.#starts, this.#indices, this.#values] = [starts, indices, values].map((vector) => vector.byteOffset);
    this.#kernels = resident.kernels;
  }

  /** `y ← A x`, by addresses. */
  protected override multiply(x: number, y: number): void {
    this.#kernels.sparseProduct(this.rows, this.#starts, this.#indices, this.#values, x, y);
  }

  /** `x ← Aᵀ y`, by addresses. */
  protected override multiplyTransposed(y: number, x: number): void {
    const { rows, columns } = this;
    this.#kernels.sparseProductTransposed(rows, columns, this.#starts, this.#indices, this.#values, y, x);
  }
}

/**
 * Copies a sparse matrix into the memory of the kernels, together with room for vectors of further lengths, which
 * products take and fill without copying. Undefined where the backend has no such memory, or it would not fit.
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
  const all = [A.columns, A.rows, (A.rows >> 1) + 1, (count + 1) >> 1, count, ...lengths];
  if (all.reduce((sum, n) => sum + n, 0) >= 2 ** 28) return undefined; // 2 GiB
  const resident = backend().resident?.(all);
  return resident && new ResidentSparse(A, resident);
}
