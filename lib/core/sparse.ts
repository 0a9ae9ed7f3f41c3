/**
 * Linear operators, and sparse matrices in compressed rows as one form of them.
 *
 * @module
 */
import { DomainError, ShapeError } from "./errors.ts";
import type { Vector } from "./vector.ts";

/** A linear map `A: Rⁿ → Rᵐ`, known by its products. */
export interface LinearOperator {
  /** `m`. */
  readonly rows: number;
  /** `n`. */
  readonly columns: number;
  /** Writes `A x` into `out`. */
  readonly apply: (x: Vector, out: Vector) => void;
  /** Writes `Aᵀ y` into `out`. */
  readonly applyTranspose: (y: Vector, out: Vector) => void;
}

/** The entries of a sparse matrix, row by row (CSR). */
export interface SparseEntries {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Row `i` has the entries from `rowStarts[i]` up to, not including, `rowStarts[i + 1]`; `rows + 1` numbers. */
  readonly rowStarts: Uint32Array;
  /** The column of each entry. */
  readonly columnIndices: Uint32Array;
  /** The value of each entry. */
  readonly values: Vector;
}

/** A sparse matrix: its entries and its products. */
export interface SparseMatrix extends SparseEntries, LinearOperator {}

/** Visits the entries of a row that are not 0, in the order of storage. */
export function eachEntry(
  { rowStarts, columnIndices, values }: SparseEntries,
  row: number,
  visit: (column: number, value: number) => void,
): void {
  for (let k = rowStarts[row]; k < rowStarts[row + 1]; k++) if (values[k] !== 0) visit(columnIndices[k], values[k]);
}

/** What a signed index can hold. */
const LARGEST = 2 ** 31 - 1;

/**
 * A sparse matrix from its entries, which are not copied. Entries that occur twice count as their sum.
 *
 * @throws {ShapeError} When the arrays do not fit together, or there are 2³¹ columns or more.
 * @throws {DomainError} On a column that does not exist or an entry that is not finite.
 *
 * @example Products with a matrix of three entries
 * ```ts
 * import { sparseMatrix } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * const A = sparseMatrix({ // [[1, 0, 2], [0, 3, 0]]
 *   rows: 2,
 *   columns: 3,
 *   rowStarts: Uint32Array.of(0, 2, 3),
 *   columnIndices: Uint32Array.of(0, 2, 1),
 *   values: Float64Array.of(1, 2, 3),
 * });
 * const out = new Float64Array(2);
 * A.apply(Float64Array.of(1, 1, 1), out);
 * assertEquals([...out], [3, 3]);
 * ```
 */
export function sparseMatrix(entries: SparseEntries): SparseMatrix {
  const { rows, columns, rowStarts, columnIndices, values } = entries, count = values.length;
  if (rowStarts.length !== rows + 1 || rowStarts[0] !== 0 || rowStarts[rows] !== count) {
    throw new ShapeError(
      `Cannot make a sparse matrix: expected ${rows + 1} row starts from 0 to ${count}, ` +
        `got ${rowStarts.length} from ${rowStarts[0]} to ${rowStarts[rowStarts.length - 1]}`,
    );
  }
  if (columnIndices.length !== count) {
    throw new ShapeError(
      `Cannot make a sparse matrix: expected a column for each of ${count} values, got ${columnIndices.length}`,
    );
  }
  if (columns > LARGEST || count > LARGEST) {
    throw new ShapeError(
      `Cannot make a sparse matrix: expected at most ${LARGEST} columns and entries, got ${columns} and ${count}`,
    );
  }
  for (let i = 0; i < rows; i++) {
    if (rowStarts[i] > rowStarts[i + 1]) {
      throw new ShapeError(
        `Cannot make a sparse matrix: expected row starts that do not fall, row ${i} starts at ${rowStarts[i]}, ` +
          `the next at ${rowStarts[i + 1]}`,
      );
    }
  }
  for (let k = 0; k < count; k++) {
    if (columnIndices[k] >= columns || !Number.isFinite(values[k])) {
      throw new DomainError(
        `Cannot make a sparse matrix: expected finite values in columns below ${columns}, entry ${k} is ${values[k]} ` +
          `in column ${columnIndices[k]}`,
      );
    }
  }
  // signed views of the same numbers: they are read faster
  const starts = signed(rowStarts), indices = signed(columnIndices);
  return {
    rows,
    columns,
    rowStarts,
    columnIndices,
    values,
    // Two rows at a time: loops this long are compiled by themselves. Shorter ones are taken into the caller by a compiler
    // that does not optimize them well, and run at a third of the speed.
    apply: (x, out) => {
      let i = 0, k = 0;
      for (; i + 1 < rows; i += 2) {
        const middle = starts[i + 1], end = starts[i + 2];
        let s = 0, t = 0;
        for (; k < middle; k++) s += values[k] * x[indices[k]];
        out[i] = s;
        for (; k < end; k++) t += values[k] * x[indices[k]];
        out[i + 1] = t;
      }
      if (i < rows) {
        const end = starts[rows];
        let s = 0;
        for (; k < end; k++) s += values[k] * x[indices[k]];
        out[i] = s;
      }
    },
    applyTranspose: (y, out) => {
      out.fill(0);
      let i = 0, k = 0;
      for (; i + 1 < rows; i += 2) {
        const middle = starts[i + 1], end = starts[i + 2], s = y[i], t = y[i + 1];
        for (; k < middle; k++) out[indices[k]] += values[k] * s;
        for (; k < end; k++) out[indices[k]] += values[k] * t;
      }
      if (i < rows) { for (const s = y[i]; k < values.length; k++) out[indices[k]] += values[k] * s; }
    },
  };
}

function signed(x: Uint32Array): Int32Array {
  return new Int32Array(x.buffer, x.byteOffset, x.length);
}
