/**
 * Matrix Market files, written.
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError, type SparseMatrix } from "../core/mod.ts";
import { sortSparse, transposeSparse } from "../linalg/mod.ts";

/** What `writeMatrixMarket` is told. */
export interface WriteMatrixMarketOptions {
  /** What the matrix is: of other than `general` ones the lower triangle is written. Default `general`. */
  readonly symmetry?: "general" | "symmetric" | "skew-symmetric";
  /** Whether to write the places of a sparse matrix of ones alone. Default false. */
  readonly pattern?: boolean;
  /** Lines of comment. Default none. */
  readonly comment?: string;
}

/**
 * The text of a Matrix Market file: in the coordinate format for a sparse matrix, in the array format for a dense one.
 * Numbers are written so that reading gives the same bits.
 *
 * Source: Boisvert, Pozo, Remington, The Matrix Market exchange formats (1996), NISTIR 5935.
 *
 * @throws {ShapeError} When the data do not fit the shape, or a symmetric matrix is not square.
 * @throws {DomainError} When an entry is not finite, the matrix is not what `symmetry` says, or a pattern is asked of a
 * dense matrix, a skew-symmetric one, or one with entries other than 1.
 *
 * @example There and back
 * ```ts
 * import { readMatrixMarket, writeMatrixMarket } from "@gradus/gradus/problems";
 * import { gridLaplacian } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = gridLaplacian(3), text = writeMatrixMarket(A, { symmetry: "symmetric" });
 * assertEquals(text.split("\n").slice(0, 3), ["%%MatrixMarket matrix coordinate real symmetric", "3 3 5", "1 1 2"]);
 * const { entries } = await readMatrixMarket(new TextEncoder().encode(text));
 * assertEquals(entries, { rowStarts: A.rowStarts, columnIndices: A.columnIndices, values: A.values });
 * ```
 */
export function writeMatrixMarket(A: SparseMatrix | Matrix, options: WriteMatrixMarketOptions = {}): string {
  const { symmetry = "general", pattern = false, comment } = options, sparse = "values" in A;
  if (symmetry !== "general" && A.rows !== A.columns) {
    refuse(`a square matrix, got ${A.rows} x ${A.columns}`, ShapeError);
  }
  if (pattern && (!sparse || symmetry === "skew-symmetric")) {
    refuse(`a sparse matrix that is not skew-symmetric to write its pattern, got another`);
  }
  const lines = [
    `%%MatrixMarket matrix ${sparse ? "coordinate" : "array"} ${pattern ? "pattern" : "real"} ${symmetry}`,
  ];
  if (comment !== undefined) { for (const line of comment.split(/\r?\n|\r/)) lines.push(`% ${line}`); }
  if (sparse) writeSparse(sortSparse(A), symmetry, pattern, lines);
  else writeDense(A, symmetry, lines);
  return lines.join("\n") + "\n";
}

type Symmetry = NonNullable<WriteMatrixMarketOptions["symmetry"]>;

function refuse(expectation: string, kind: typeof ShapeError | typeof DomainError = DomainError): never {
  throw new kind(`Cannot write a Matrix Market file: expected ${expectation}`);
}

/** The shortest text that reads as this number; that of -0 has its sign. */
const textOf = (x: number): string => Object.is(x, -0) ? "-0" : String(x);

/** Whether an entry is written; refuses one whose partner across the diagonal is not what it must be. */
function written(symmetry: Symmetry, i: number, j: number, entry: number, partner: number): boolean {
  if (!Number.isFinite(entry)) refuse(`finite entries, got ${entry} at (${i}, ${j})`);
  if (symmetry === "general") return true;
  if (partner !== (symmetry === "symmetric" ? entry : -entry)) {
    refuse(`a ${symmetry} matrix, got ${entry} at (${i}, ${j}) and ${partner} at (${j}, ${i})`);
  }
  return i > j || i === j && symmetry === "symmetric";
}

function writeSparse(A: SparseMatrix, symmetry: Symmetry, pattern: boolean, lines: string[]): void {
  const size = lines.push("") - 1, { rows, columns, rowStarts, columnIndices, values } = A;
  const partners = symmetry === "general" ? values : partnersOf(A, symmetry);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const j = columnIndices[k];
      if (pattern && values[k] !== 1) refuse(`ones to write a pattern, got ${values[k]} at (${i}, ${j})`);
      if (!written(symmetry, i, j, values[k], partners[k])) continue;
      lines.push(pattern ? `${i + 1} ${j + 1}` : `${i + 1} ${j + 1} ${textOf(values[k])}`);
    }
  }
  lines[size] = `${rows} ${columns} ${lines.length - size - 1}`;
}

/** For each entry the one across the diagonal; refuses a matrix of which one of the two is missing. */
function partnersOf(A: SparseMatrix, symmetry: Symmetry): Float64Array {
  const T = transposeSparse(A),
    same = (x: Uint32Array, y: Uint32Array): boolean => x.every((entry, k) => entry === y[k]);
  if (!same(T.rowStarts, A.rowStarts) || !same(T.columnIndices, A.columnIndices)) {
    refuse(`a ${symmetry} pattern, got another`);
  }
  return T.values;
}

function writeDense({ rows, columns, data }: Matrix, symmetry: Symmetry, lines: string[]): void {
  if (data.length !== rows * columns) refuse(`${rows} x ${columns} entries, got ${data.length}`, ShapeError);
  lines.push(`${rows} ${columns}`);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      const entry = data[i * columns + j];
      if (written(symmetry, i, j, entry, data[j * columns + i])) lines.push(textOf(entry));
    }
  }
}
