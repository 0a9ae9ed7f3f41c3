/**
 * Orders of the entries of a sparse matrix: by rows, by columns, sorted without repetition.
 *
 * @module
 */
import {
  DomainError,
  ShapeError,
  type SparseEntries,
  type SparseMatrix,
  sparseMatrix,
  type Vector,
} from "../../core/mod.ts";

/** The entries of a sparse matrix, column by column (CSC). */
export interface SparseColumns {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Column `j` has the entries from `columnStarts[j]` up to, not including, `columnStarts[j + 1]`. */
  readonly columnStarts: Uint32Array;
  /** The row of each entry, rising within a column. */
  readonly rowIndices: Uint32Array;
  /** The value of each entry. */
  readonly values: Vector;
}

/**
 * The entries of the transpose by a counting sort: rows of Aᵀ have rising columns, whatever the order in A; entries
 * that occur twice stay side by side.
 */
export function transposedEntries(A: SparseEntries): SparseEntries {
  const { rows, columns, rowStarts, columnIndices, values } = A, count = values.length;
  const starts = new Uint32Array(columns + 1), indices = new Uint32Array(count), transposed = new Float64Array(count);
  const next = new Uint32Array(columns);
  for (let k = 0; k < count; k++) starts[columnIndices[k] + 1]++;
  for (let j = 0; j < columns; j++) {
    next[j] = starts[j];
    starts[j + 1] += starts[j];
  }
  for (let i = 0, k = 0; i < rows; i++) {
    for (const end = rowStarts[i + 1]; k < end; k++) {
      const place = next[columnIndices[k]]++;
      indices[place] = i;
      transposed[place] = values[k];
    }
  }
  return { rows: columns, columns: rows, rowStarts: starts, columnIndices: indices, values: transposed };
}

/** Whether the columns of every row rise, so that no entry occurs twice. */
function isSorted({ rows, rowStarts, columnIndices }: SparseEntries): boolean {
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i] + 1; k < rowStarts[i + 1]; k++) {
      if (columnIndices[k - 1] >= columnIndices[k]) return false;
    }
  }
  return true;
}

/** The same entries with rising columns in each row, those that occur twice summed; A itself if it is so already. */
export function sortedEntries(A: SparseEntries): SparseEntries {
  return isSorted(A) ? A : merged(transposedEntries(transposedEntries(A)));
}

/** Sums entries of the same place, which stand side by side. */
function merged({ rows, columns, rowStarts, columnIndices, values }: SparseEntries): SparseEntries {
  const starts = new Uint32Array(rows + 1);
  let count = 0;
  for (let i = 0, k = 0; i < rows; i++) {
    for (const end = rowStarts[i + 1]; k < end; k++) {
      if (count > starts[i] && columnIndices[count - 1] === columnIndices[k]) values[count - 1] += values[k];
      else {
        columnIndices[count] = columnIndices[k];
        values[count++] = values[k];
      }
    }
    starts[i + 1] = count;
  }
  return {
    rows,
    columns,
    rowStarts: starts,
    columnIndices: columnIndices.slice(0, count),
    values: values.slice(0, count),
  };
}

/**
 * The same matrix with rising columns in each row, entries that occur twice summed; A itself if it is so already. All
 * functions of sparse matrices here return them so.
 *
 * @throws {DomainError} When a sum overflows.
 */
export function sortSparse(A: SparseMatrix): SparseMatrix {
  const sorted = sortedEntries(A);
  return sorted === A ? A : sparseMatrix(sorted);
}

/**
 * The transpose `Aᵀ`.
 *
 * @throws {DomainError} When the sum of entries that occur twice overflows.
 *
 * @example Of two entries
 * ```ts
 * import { fromTriplets, toDense, transposeSparse } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 3, [0, 1], [2, 0], [5, 6]);
 * assertEquals([...toDense(transposeSparse(A)).data], [0, 6, 0, 0, 5, 0]);
 * ```
 */
export function transposeSparse(A: SparseEntries): SparseMatrix {
  return sparseMatrix(transposedEntries(sortedEntries(A)));
}

/** The entries column by column: those of the transpose row by row. */
export function toColumns(A: SparseEntries): SparseColumns {
  const { rowStarts, columnIndices, values } = transposedEntries(sortedEntries(A));
  return { rows: A.rows, columns: A.columns, columnStarts: rowStarts, rowIndices: columnIndices, values };
}

/**
 * The matrix with these entries, which are given column by column.
 *
 * @throws {ShapeError} When the arrays do not fit together.
 * @throws {DomainError} On a row that does not exist or an entry that is not finite.
 *
 * @example There and back
 * ```ts
 * import { fromColumns, fromTriplets, toColumns } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 3, [0, 0, 1], [2, 0, 1], [5, 4, 6]), C = toColumns(A);
 * assertEquals([...C.rowIndices], [0, 1, 0]);
 * assertEquals(fromColumns(C).columnIndices, A.columnIndices);
 * ```
 */
export function fromColumns(C: SparseColumns): SparseMatrix {
  return transposeSparse(sparseMatrix({
    rows: C.columns,
    columns: C.rows,
    rowStarts: C.columnStarts,
    columnIndices: C.rowIndices,
    values: C.values,
  }));
}

/**
 * The matrix whose row `rows[i]` and column `columns[j]` hold what A has in row i and column j; the columns go like the
 * rows if left out. It undoes the permutation of a factorization: `A = permuteSparse(PAPᵀ, permutation)`.
 *
 * @throws {ShapeError} When a permutation has another length.
 * @throws {DomainError} When one is no permutation.
 *
 * @example A cycle of three
 * ```ts
 * import { permuteSparse, sparseDiagonal, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = permuteSparse(sparseDiagonal([1, 2, 3]), [1, 2, 0]);
 * assertEquals([...toDense(A).data], [3, 0, 0, 0, 1, 0, 0, 0, 2]);
 * ```
 */
export function permuteSparse(
  A: SparseEntries,
  rows: ArrayLike<number>,
  columns: ArrayLike<number> = rows,
): SparseMatrix {
  const verb = "permute a sparse matrix", from = inversePermutation(verb, rows, A.rows);
  inversePermutation(verb, columns, A.columns);
  const S = sortedEntries(A), rowStarts = new Uint32Array(A.rows + 1);
  const columnIndices = new Uint32Array(S.values.length), values = new Float64Array(S.values.length);
  let place = 0;
  for (let i = 0; i < A.rows; i++) {
    for (let k = S.rowStarts[from[i]], end = S.rowStarts[from[i] + 1]; k < end; k++) {
      columnIndices[place] = columns[S.columnIndices[k]];
      values[place++] = S.values[k];
    }
    rowStarts[i + 1] = place;
  }
  return sparseMatrix(sortedEntries({ rows: A.rows, columns: A.columns, rowStarts, columnIndices, values }));
}

/** The permutation q with `q[p[k]] = k`; refuses what is no permutation of n places. */
export function inversePermutation(verb: string, p: ArrayLike<number>, n: number): Uint32Array {
  const q = new Uint32Array(n).fill(n);
  if (p.length !== n) throw new ShapeError(`Cannot ${verb}: expected a permutation of ${n} places, got ${p.length}`);
  for (let k = 0; k < n; k++) {
    if (q[p[k]] !== n) {
      throw new DomainError(`Cannot ${verb}: expected each place once in a permutation, got ${p[k]} at ${k}`);
    }
    q[p[k]] = k;
  }
  return q;
}
