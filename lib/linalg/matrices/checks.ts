/**
 * What every entry of this room checks before any work.
 *
 * @module
 */
import { DomainError, isFiniteVector, type Matrix, normInf, ShapeError, type Vector } from "../../core/mod.ts";

/** What has rows and columns. */
interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/** Writes `3 x 2`. */
export function shapeOf(A: Shape): string {
  return `${A.rows} x ${A.columns}`;
}

/** Refuses a matrix whose shape is none, or whose data have another length than it says. */
export function checkShape(verb: string, A: Matrix): void {
  if (!(A.rows >= 0 && A.columns >= 0 && Number.isInteger(A.rows) && Number.isInteger(A.columns))) {
    throw new ShapeError(`Cannot ${verb}: expected whole numbers of rows and columns, got ${shapeOf(A)}`);
  }
  if (A.data.length !== A.rows * A.columns) {
    throw new ShapeError(
      `Cannot ${verb}: expected ${shapeOf(A)} = ${A.rows * A.columns} entries, got ${A.data.length}`,
    );
  }
}

/** Refuses a matrix that is not whole or not finite; the message names the entry. */
export function checkFinite(verb: string, A: Matrix): void {
  checkShape(verb, A);
  if (normInf(A.data) < Infinity) return;
  const k = A.data.findIndex((a) => !Number.isFinite(a));
  throw new DomainError(
    `Cannot ${verb}: expected finite entries, got ${A.data[k]} at (${Math.floor(k / A.columns)}, ${k % A.columns})`,
  );
}

/** Refuses what has another number of rows than of columns, dense or sparse. */
export function checkSquareShape(verb: string, A: Shape): void {
  if (A.rows !== A.columns) throw new ShapeError(`Cannot ${verb}: expected a square matrix, got ${shapeOf(A)}`);
}

/** Refuses a matrix that is not square, whole and finite. */
export function checkSquare(verb: string, A: Matrix): void {
  checkSquareShape(verb, A);
  checkFinite(verb, A);
}

/** Refuses a vector of another length. */
export function checkLength(verb: string, what: string, x: Vector, length: number): void {
  if (x.length !== length) {
    throw new ShapeError(`Cannot ${verb}: expected ${what} of ${length} entries, got ${x.length}`);
  }
}

/** Refuses a vector that is not finite. */
export function checkFiniteEntries(verb: string, x: Vector): void {
  for (let i = 0; i < x.length; i++) {
    if (x[i] - x[i] !== 0) throw new DomainError(`Cannot ${verb}: expected finite entries, got ${x[i]} at index ${i}`);
  }
}

/** Refuses a result that has left the range of numbers. */
export function checkRange(verb: string, x: Vector): void {
  if (isFiniteVector(x)) return;
  throw new DomainError(`Cannot ${verb}: expected a result within the range of numbers, got one that overflows`);
}

/** The entries of one or more right-hand sides, row by row. */
export interface RightHandSide {
  readonly data: Vector;
  readonly columns: number;
}

/** Refuses a right-hand side that has not so many entries or rows, or is not finite. */
export function rightHandSide(verb: string, b: Vector | Matrix, rows: number): RightHandSide {
  if (b instanceof Float64Array) {
    checkLength(verb, "a right-hand side", b, rows);
    checkFiniteEntries(verb, b);
    return { data: b, columns: 1 };
  }
  checkFinite(verb, b);
  if (b.rows !== rows) {
    throw new ShapeError(`Cannot ${verb}: expected a right-hand side of ${rows} rows, got ${shapeOf(b)}`);
  }
  return b;
}

/** The matrix that a result goes to: a new one, or `out`, if it has the shape and is not one of the operands. */
export function target(verb: string, rows: number, columns: number, out?: Matrix, ...operands: Matrix[]): Matrix {
  if (!out) return { rows, columns, data: new Float64Array(rows * columns) };
  if (out.rows !== rows || out.columns !== columns || out.data.length !== rows * columns) {
    throw new ShapeError(`Cannot ${verb}: expected an out of ${rows} x ${columns}, got ${shapeOf(out)}`);
  }
  if (operands.some((A) => overlap(A.data, out.data))) {
    throw new ShapeError(`Cannot ${verb}: expected an out that shares no memory with the operands`);
  }
  return out;
}

function overlap(x: Vector, y: Vector): boolean {
  return x.buffer === y.buffer && x.byteOffset < y.byteOffset + y.byteLength &&
    y.byteOffset < x.byteOffset + x.byteLength;
}
