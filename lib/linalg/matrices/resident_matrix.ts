/**
 * A dense matrix in the memory of the kernels, for work that multiplies vectors by it many times.
 *
 * @module
 */
import { type Matrix, ShapeError } from "../../core/mod.ts";
import { backend, type Kernels, type Resident, ResidentOperator } from "../kernels/mod.ts";
import { checkShape } from "./checks.ts";

/** A dense matrix whose entries lie in the memory of the kernels. */
export class ResidentMatrix extends ResidentOperator {
  readonly #kernels: Kernels;
  readonly #entries: Float64Array;

  /**
   * Room for a matrix, zero at first.
   *
   * @param resident Memory for x, y and the entries.
   */
  constructor({ kernels, vectors: [x, y, entries] }: Resident) {
    super("multiply by a resident matrix", x, y);
    this.#kernels = kernels;
    this.#entries = entries;
  }

  /**
   * Takes up the entries of a matrix of the same shape.
   *
   * @throws {ShapeError} When it has another shape.
   */
  set(A: Matrix): void {
    if (A.rows !== this.rows || A.columns !== this.columns) {
      throw new ShapeError(
        `Cannot take up a matrix: expected ${this.rows} x ${this.columns}, got ${A.rows} x ${A.columns}`,
      );
    }
    this.#entries.set(A.data);
  }

  /** `y ← A x`, by addresses. */
  protected override multiply(x: number, y: number): void {
    this.#kernels.gemv(this.rows, this.columns, 1, this.#entries.byteOffset, 8 * this.columns, x, 0, y);
  }

  /** `x ← Aᵀ y`, by addresses. */
  protected override multiplyTransposed(y: number, x: number): void {
    this.#kernels.gemvTransposed(this.rows, this.columns, 1, this.#entries.byteOffset, 8 * this.columns, y, 0, x);
  }
}

/**
 * Copies a matrix into the memory of the kernels, in which products with vectors take a third of the time. Undefined
 * where the backend has no such memory, or it would not fit.
 *
 * @throws {ShapeError} When the entries do not fit the shape.
 *
 * @example Products of both sides
 * ```ts
 * import { matrix, matvec, residentMatrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 2], [3, 4], [5, 6]]), x = Float64Array.of(1, -1), y = new Float64Array(3);
 * const resident = residentMatrix(A);
 * if (resident) resident.apply(x, y);
 * else matvec(A, x, y);
 * assertEquals([...y], [-1, -1, -1]);
 * ```
 */
export function residentMatrix(A: Matrix): ResidentMatrix | undefined {
  checkShape("take up a matrix", A);
  const { rows: m, columns: n } = A, lengths = [n, m, m * n];
  if (m * n + m + n >= 2 ** 28) return undefined; // 2 GiB
  const resident = backend().resident?.(lengths);
  if (!resident) return undefined;
  const copy = new ResidentMatrix(resident);
  copy.set(A);
  return copy;
}
