/**
 * The form in which incomplete factorizations read a matrix: sorted rows, and where their diagonal is.
 *
 * @module
 */
import { DomainError, type SparseEntries, type Vector } from "../../core/mod.ts";
import { checkSquareShape } from "../matrices/checks.ts";
import { sortedEntries } from "../sparse/layout.ts";
import { addSparse, isSymmetricSparse, sparseIdentity } from "../sparse/mod.ts";

/** A square matrix row by row: columns rise within a row, none occurs twice, and the diagonal is always there. */
export interface SquareRows extends SparseEntries {
  /** Where the diagonal entry of each row is. */
  readonly diagonal: Uint32Array;
}

/**
 * A in sorted rows, without a copy if it is so already. Entries that occur twice are added; a diagonal entry that is
 * missing becomes a zero.
 *
 * @throws {ShapeError} When A is not square.
 */
export function squareRows(verb: string, A: SparseEntries): SquareRows {
  const { rows: n } = A;
  checkSquareShape(verb, A);
  let entries = sortedEntries(A), diagonal = diagonalPlaces(entries);
  if (!diagonal) {
    entries = addSparse(1, entries, 0, sparseIdentity(n));
    diagonal = diagonalPlaces(entries)!;
  }
  const { rowStarts, columnIndices, values } = entries;
  return { rows: n, columns: n, rowStarts, columnIndices, values, diagonal };
}

function diagonalPlaces({ rows, rowStarts, columnIndices }: SparseEntries): Uint32Array | undefined {
  const places = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    let k = rowStarts[i];
    while (k < rowStarts[i + 1] && columnIndices[k] < i) k++;
    if (k === rowStarts[i + 1] || columnIndices[k] !== i) return undefined;
    places[i] = k;
  }
  return places;
}

/**
 * Refuses rows that are not symmetric up to `1e-8 max |aᵢⱼ|`.
 *
 * @throws {DomainError} When they are not.
 */
export function checkSymmetricRows(verb: string, A: SquareRows): void {
  if (!isSymmetricSparse(A, 1e-8)) throw new DomainError(`Cannot ${verb}: expected a symmetric matrix, got another`);
}

/**
 * The reciprocals of the diagonal.
 *
 * @throws {DomainError} When a diagonal entry is zero, or not positive where that is asked for.
 */
export function reciprocalDiagonal(verb: string, A: SquareRows, positive = false): Vector {
  const out = new Float64Array(A.rows);
  for (let i = 0; i < A.rows; i++) {
    const d = A.values[A.diagonal[i]];
    if (d === 0 || positive && d < 0) {
      throw new DomainError(
        `Cannot ${verb}: expected ${positive ? "a positive" : "no zero on the"} diagonal, got ${d} at (${i}, ${i})`,
      );
    }
    out[i] = 1 / d;
  }
  return out;
}

/** A copy of the entries up to the diagonal, or of those from the diagonal on. */
export function triangleOf(A: SquareRows, lower: boolean): SparseEntries {
  const { rows: n, diagonal } = A, rowStarts = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) {
    rowStarts[i + 1] = rowStarts[i] + (lower ? diagonal[i] + 1 - A.rowStarts[i] : A.rowStarts[i + 1] - diagonal[i]);
  }
  const columnIndices = new Uint32Array(rowStarts[n]), values = new Float64Array(rowStarts[n]);
  for (let i = 0; i < n; i++) {
    const from = lower ? A.rowStarts[i] : diagonal[i], to = lower ? diagonal[i] + 1 : A.rowStarts[i + 1];
    columnIndices.set(A.columnIndices.subarray(from, to), rowStarts[i]);
    values.set(A.values.subarray(from, to), rowStarts[i]);
  }
  return { rows: n, columns: n, rowStarts, columnIndices, values };
}
