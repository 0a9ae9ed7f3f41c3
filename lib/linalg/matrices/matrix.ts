/**
 * Making dense matrices, looking at parts of them, and taking them apart.
 *
 * A `Matrix` is plain data, `{ rows, columns, data }`, row-major; functions do the rest. So a matrix can be sent to a
 * worker, stored in a state, or be a view of a part of a longer vector.
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError, type Vector } from "../../core/mod.ts";
import { checkLength, checkShape, target } from "./checks.ts";
import { transposeBlock } from "../kernels/mod.ts";

/** An object with `size()` and `toArray()`, such as a matrix of mathjs. */
export interface SizedArray {
  /** The lengths of its dimensions. */
  readonly size: () => number[];
  /** Its entries as nested arrays. */
  readonly toArray: () => unknown;
}

/** An object with `to2DArray()`, such as a matrix of ml-matrix. */
export interface RowsOfNumbers {
  /** Its rows. */
  readonly to2DArray: () => ArrayLike<number>[];
}

/** What a matrix can be made from. */
export type MatrixSource = Matrix | readonly ArrayLike<number>[] | SizedArray | RowsOfNumbers;

/**
 * A matrix from its shape and its entries, row by row, which are copied; without entries it is zero. For a matrix that
 * shares memory with a Float64Array write `{ rows, columns, data }`.
 *
 * @throws {ShapeError} When a number of rows or columns is no whole number, or the count of entries is another.
 * @throws {DomainError} On an entry that is no number.
 *
 * @example From entries, from nested arrays
 * ```ts
 * import { matrix, toArray } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = matrix(2, 3, [1, 2, 3, 4, 5, 6]);
 * assertEquals(toArray(A), [[1, 2, 3], [4, 5, 6]]);
 * assertEquals(matrix([[1, 2, 3], [4, 5, 6]]), A);
 * ```
 */
export function matrix(rows: number, columns: number, entries?: ArrayLike<number>): Matrix;
/**
 * A matrix from an array of rows, from a matrix of mathjs or ml-matrix, or a copy of a matrix.
 *
 * @throws {ShapeError} When the rows differ in length, or the source has not two dimensions.
 * @throws {DomainError} On an entry that is no number.
 */
export function matrix(source: MatrixSource): Matrix;
export function matrix(first: number | MatrixSource, columns?: number, entries?: ArrayLike<number>): Matrix {
  if (typeof first !== "number") return fromSource(first);
  const rows = first, count = rows * columns!;
  if (!(Number.isSafeInteger(rows) && Number.isSafeInteger(columns) && rows >= 0 && columns! >= 0)) {
    throw new ShapeError(`Cannot make a matrix: expected whole numbers of rows and columns, got ${rows} x ${columns}`);
  }
  if (entries && entries.length !== count) {
    throw new ShapeError(
      `Cannot make a ${rows} x ${columns} matrix: expected ${count} entries, got ${entries.length}`,
    );
  }
  const data = new Float64Array(count);
  if (entries instanceof Float64Array) data.set(entries);
  else if (entries) fill(data, 0, entries);
  return { rows, columns: columns!, data };
}

function fromSource(source: MatrixSource): Matrix {
  if (Array.isArray(source)) return fromRows(source);
  if ("data" in source && source.data instanceof Float64Array) return matrix(source.rows, source.columns, source.data);
  if ("to2DArray" in source) return fromRows(source.to2DArray());
  if ("toArray" in source) {
    const size = source.size();
    if (size.length !== 2) {
      throw new ShapeError(`Cannot make a matrix: expected two dimensions, got ${size.length}`);
    }
    const made = fromRows(source.toArray() as ArrayLike<number>[]);
    return size[0] === 0 ? { ...made, columns: size[1] } : made;
  }
  throw new DomainError(
    "Cannot make a matrix: expected rows of numbers, or a matrix of this library, mathjs or ml-matrix",
  );
}

function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows.length > 0 ? rows[0].length : 0, data = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i].length !== columns) {
      throw new ShapeError(
        `Cannot make a matrix: expected rows of equal length, got ${columns} and, in row ${i}, ${rows[i].length}`,
      );
    }
    fill(data, i * columns, rows[i]);
  }
  return { rows: rows.length, columns, data };
}

function fill(data: Vector, from: number, entries: ArrayLike<number>): void {
  for (let i = 0; i < entries.length; i++) {
    const a = entries[i];
    if (typeof a !== "number") {
      throw new DomainError(`Cannot make a matrix: expected numbers, got ${typeof a} at entry ${from + i}`);
    }
    data[from + i] = a;
  }
}

/** The identity matrix of order `n`. */
export function identity(n: number): Matrix {
  const I = matrix(n, n);
  for (let i = 0; i < n; i++) I.data[i * (n + 1)] = 1;
  return I;
}

/** The square matrix with these entries on its diagonal. */
export function diagonal(entries: ArrayLike<number>): Matrix {
  const n = entries.length, D = matrix(n, n);
  for (let i = 0; i < n; i++) D.data[i * (n + 1)] = entries[i];
  return D;
}

/** The entries on the diagonal of a matrix of any shape. */
export function diagonalOf(A: Matrix): Vector {
  checkShape("take the diagonal", A);
  const d = new Float64Array(Math.min(A.rows, A.columns));
  for (let i = 0; i < d.length; i++) d[i] = A.data[i * (A.columns + 1)];
  return d;
}

/**
 * The rows from `from` up to, not including, `to`, as a view: it shares memory with `A`.
 *
 * @throws {ShapeError} When these are no rows of `A`.
 *
 * @example A view of two rows
 * ```ts
 * import { matrix, rowRange } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 2], [3, 4], [5, 6]]);
 * rowRange(A, 1, 3).data[0] = 7;
 * assertEquals(A.data[2], 7);
 * ```
 */
export function rowRange(A: Matrix, from: number, to: number): Matrix {
  checkShape("view rows", A);
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= A.rows)) {
    throw new ShapeError(`Cannot view rows ${from} to ${to}: expected rows within 0 to ${A.rows}`);
  }
  return { rows: to - from, columns: A.columns, data: A.data.subarray(from * A.columns, to * A.columns) };
}

/**
 * Row `i` as a view: it shares memory with `A`.
 *
 * @throws {ShapeError} When `A` has no such row.
 */
export function row(A: Matrix, i: number): Vector {
  return rowRange(A, i, i + 1).data;
}

/**
 * A copy of column `j`, into `out` if given.
 *
 * @throws {ShapeError} When `A` has no such column, or `out` another length.
 */
export function column(A: Matrix, j: number, out: Vector = new Float64Array(A.rows)): Vector {
  checkShape("take a column", A);
  checkLength("take a column", "an out", out, A.rows);
  if (!(Number.isSafeInteger(j) && 0 <= j && j < A.columns)) {
    throw new ShapeError(`Cannot take column ${j}: expected a column within 0 to ${A.columns - 1}`);
  }
  for (let i = 0; i < A.rows; i++) out[i] = A.data[i * A.columns + j];
  return out;
}

/** The rows as arrays of numbers. */
export function toArray(A: Matrix): number[][] {
  checkShape("make an array", A);
  return Array.from({ length: A.rows }, (_, i) => [...A.data.subarray(i * A.columns, (i + 1) * A.columns)]);
}

/**
 * The transpose `Aᵀ`, into `out` if given.
 *
 * @throws {ShapeError} When `out` has another shape, or shares memory with `A`.
 */
export function transpose(A: Matrix, out?: Matrix): Matrix {
  checkShape("transpose a matrix", A);
  const { rows: m, columns: n, data: a } = A, B = target("transpose a matrix", n, m, out, A);
  transposeBlock(m, n, a, 0, n, B.data, 0, m);
  return B;
}
