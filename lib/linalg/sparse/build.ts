/**
 * Making sparse matrices: from triplets, dense matrices and diagonals.
 *
 * @module
 */
import {
  DomainError,
  type Matrix,
  ShapeError,
  type SparseEntries,
  type SparseMatrix,
  sparseMatrix,
} from "../../core/mod.ts";
import { checkFinite } from "../matrices/checks.ts";
import { matrix } from "../matrices/matrix.ts";
import { sortedEntries } from "./layout.ts";

/** Refuses numbers of rows and columns that are no whole numbers below 2³². */
export function checkSize(verb: string, ...sizes: number[]): void {
  if (sizes.every((n) => Number.isSafeInteger(n) && n >= 0 && n < 2 ** 32)) return;
  throw new ShapeError(`Cannot ${verb}: expected whole numbers of rows and columns, got ${sizes.join(" x ")}`);
}

/**
 * The matrix with the values `values[k]` in row `rowIndices[k]` and column `columnIndices[k]`; what is given for the
 * same place is summed.
 *
 * @throws {ShapeError} When the lists differ in length, or a number of rows or columns is no whole number.
 * @throws {DomainError} On a row or column that does not exist, or a value that is not finite.
 *
 * @example A place that is given twice
 * ```ts
 * import { fromTriplets, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [1, 0, 1], [0, 1, 0], [3, 5, 4]);
 * assertEquals([...toDense(A).data], [0, 5, 7, 0]);
 * assertEquals(A.values.length, 2);
 * ```
 */
export function fromTriplets(
  rows: number,
  columns: number,
  rowIndices: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
  values: ArrayLike<number>,
): SparseMatrix {
  const verb = "make a sparse matrix of triplets", count = values.length;
  checkSize(verb, rows, columns);
  if (rowIndices.length !== count || columnIndices.length !== count) {
    throw new ShapeError(
      `Cannot ${verb}: expected as many rows and columns as values, got ${rowIndices.length}, ` +
        `${columnIndices.length} and ${count}`,
    );
  }
  const rowStarts = new Uint32Array(rows + 1);
  for (let k = 0; k < count; k++) {
    const i = rowIndices[k], j = columnIndices[k];
    if (!(Number.isInteger(i) && Number.isInteger(j) && i >= 0 && i < rows && j >= 0 && j < columns)) {
      throw new DomainError(`Cannot ${verb}: expected places within ${rows} x ${columns}, got (${i}, ${j}) at ${k}`);
    }
    rowStarts[i + 1]++;
  }
  const next = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    next[i] = rowStarts[i];
    rowStarts[i + 1] += rowStarts[i];
  }
  const indices = new Uint32Array(count), sorted = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const place = next[rowIndices[k]]++;
    indices[place] = columnIndices[k];
    sorted[place] = values[k];
  }
  return sparseMatrix(sortedEntries({ rows, columns, rowStarts, columnIndices: indices, values: sorted }));
}

/**
 * The entries of a dense matrix that are not zero.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite.
 */
export function toSparse(A: Matrix): SparseMatrix {
  checkFinite("make a sparse matrix of a dense one", A);
  const { rows, columns, data } = A, rowStarts = new Uint32Array(rows + 1);
  let count = 0;
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) if (data[k] !== 0) count++;
    rowStarts[i + 1] = count;
  }
  const columnIndices = new Uint32Array(count), values = new Float64Array(count);
  for (let i = 0, k = 0, place = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) {
      if (data[k] === 0) continue;
      columnIndices[place] = j;
      values[place++] = data[k];
    }
  }
  return sparseMatrix({ rows, columns, rowStarts, columnIndices, values });
}

/** The dense matrix with the same entries. */
export function toDense({ rows, columns, rowStarts, columnIndices, values }: SparseEntries): Matrix {
  const dense = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) dense.data[i * columns + columnIndices[k]] += values[k];
  }
  return dense;
}

/**
 * The identity matrix of order `n`.
 *
 * @throws {ShapeError} When `n` is no whole number.
 */
export function sparseIdentity(n: number): SparseMatrix {
  checkSize("make an identity matrix", n);
  return sparseDiagonal(new Float64Array(n).fill(1));
}

/**
 * The square matrix with these entries on a diagonal: `a(i, i + offset)`, for a negative offset `a(i - offset, i)`, is
 * entry i. Several diagonals are given as a list of lists, with a list of offsets.
 *
 * @throws {ShapeError} When the lengths of the diagonals do not fit one order, or an offset comes twice.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example One diagonal, three diagonals
 * ```ts
 * import { sparseDiagonal, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...toDense(sparseDiagonal([5], -1)).data], [0, 0, 5, 0]);
 * const A = sparseDiagonal([[1, 2], [3, 4, 5], [6, 7]], [-1, 0, 1]);
 * assertEquals([...toDense(A).data], [3, 6, 0, 1, 4, 7, 0, 2, 5]);
 * ```
 */
export function sparseDiagonal(entries: ArrayLike<number>, offset?: number): SparseMatrix;
/** The square matrix with several diagonals. */
export function sparseDiagonal(diagonals: readonly ArrayLike<number>[], offsets: readonly number[]): SparseMatrix;
export function sparseDiagonal(
  given: ArrayLike<number> | readonly ArrayLike<number>[],
  where: number | readonly number[] = 0,
): SparseMatrix {
  const verb = "make a matrix of diagonals", single = typeof where === "number";
  const diagonals = single ? [given as ArrayLike<number>] : given as readonly ArrayLike<number>[];
  const offsets = single ? [where] : where;
  if (diagonals.length !== offsets.length || diagonals.length === 0 || new Set(offsets).size < offsets.length) {
    throw new ShapeError(
      `Cannot ${verb}: expected an offset of its own for each, got ${diagonals.length} for the offsets ${offsets}`,
    );
  }
  const n = diagonals[0].length + Math.abs(offsets[0]);
  for (const [d, offset] of offsets.entries()) {
    if (!Number.isInteger(offset) || diagonals[d].length + Math.abs(offset) !== n) {
      throw new ShapeError(
        `Cannot ${verb}: expected ${n - Math.abs(offset)} entries at offset ${offset}, got ${diagonals[d].length}`,
      );
    }
  }
  const order = offsets.map((_, d) => d).sort((a, b) => offsets[a] - offsets[b]);
  const count = diagonals.reduce((sum, { length }) => sum + length, 0), rowStarts = new Uint32Array(n + 1);
  const columnIndices = new Uint32Array(count), values = new Float64Array(count);
  for (let i = 0, k = 0; i < n; i++) {
    for (const d of order) {
      const j = i + offsets[d];
      if (j < 0 || j >= n) continue;
      columnIndices[k] = j;
      values[k++] = diagonals[d][Math.min(i, j)];
    }
    rowStarts[i + 1] = k;
  }
  return sparseMatrix({ rows: n, columns: n, rowStarts, columnIndices, values });
}
