/**
 * The reduced row echelon form of a sparse matrix modulo a prime.
 *
 * ```
 * forward, short rows first:  w ← row;  while w has its first entry in a column with a pivot row:  w ← w - w_j (pivot row j)
 *                             what is left, divided by its first entry, is the pivot row of that column
 * backward, from the right:   the same for the columns of other pivots, with rows that are reduced already
 * ```
 *
 * Short rows make the pivots, so that little fills in: Markowitz's idea with the order of columns fixed.
 *
 * Source: FiniteFieldSolve: Exactly Solving Large Linear Systems in High-Energy Theory (2023), arXiv 2311.01671.
 *
 * @module
 */
import { addMultiple, checkPrime, inverseModulo, multiplyModulo, reciprocal } from "./prime_field.ts";
import { type RationalMatrix, rowsModulo, type SparseRow, type SparseRows, wholeRows } from "./rational_matrix.ts";

/** A matrix in reduced row echelon form modulo a prime. */
export interface EchelonModulo extends SparseRows<Int32Array> {
  /** The columns of the first entries, which are 1: one for each row, increasing. */
  readonly pivots: readonly number[];
}

/**
 * The reduced row echelon form modulo a prime `p < 2³¹`. Fractions are cleared row by row first.
 *
 * @throws {DomainError} When `p` is no such prime, or an entry is not finite.
 * @throws {ShapeError} When rows differ in length, or an entry lies outside.
 *
 * @example Modulo 7
 * ```ts
 * import { rrefMod } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const { pivots, rows } = rrefMod([[2, 4, 1], [3, 6, 5]], 7); // the second row is 5 times the first
 * assertEquals(pivots, [0]);
 * assertEquals([...rows[0].values], [1, 2, 4]);
 * ```
 */
export function rrefMod(A: RationalMatrix, p: number): EchelonModulo {
  checkPrime("reduce rows", p);
  return rowReduce(rowsModulo(wholeRows("reduce rows", A), p), p);
}

/** The reduced row echelon form of residues. */
export function rowReduce({ columns, rows }: SparseRows<Int32Array>, p: number): EchelonModulo {
  const inverse = reciprocal(p), w = new Int32Array(columns);
  const pivotRows: (SparseRow<Int32Array> | undefined)[] = Array(columns).fill(undefined);
  const shortFirst = rows.filter((row) => row.places.length > 0).sort((a, b) => a.places.length - b.places.length);
  for (const row of shortFirst) {
    scatter(row, w);
    let j = row.places[0];
    for (; j < columns; j++) {
      if (w[j] === 0) continue;
      const pivot = pivotRows[j];
      if (!pivot) break;
      addMultiple(w, p - w[j], pivot.places, pivot.values, p, inverse);
    }
    if (j < columns) pivotRows[j] = monic(gather(w, j), p, inverse);
  }
  const pivots = [...pivotRows.keys()].filter((j) => pivotRows[j]);
  for (let i = pivots.length - 1; i >= 0; i--) {
    const row = pivotRows[pivots[i]]!;
    scatter(row, w);
    for (let k = 1; k < row.places.length; k++) {
      const j = row.places[k], pivot = pivotRows[j];
      if (pivot) addMultiple(w, p - w[j], pivot.places, pivot.values, p, inverse); // brings in no column of a pivot
    }
    pivotRows[pivots[i]] = gather(w, pivots[i]);
  }
  return { columns, pivots, rows: pivots.map((j) => pivotRows[j]!) };
}

function scatter({ places, values }: SparseRow<Int32Array>, w: Int32Array): void {
  for (let k = 0; k < places.length; k++) w[places[k]] = values[k];
}

/** Takes the entries from column `from` on out of `w`, which is 0 then. */
function gather(w: Int32Array, from: number): SparseRow<Int32Array> {
  let count = 0;
  for (let j = from; j < w.length; j++) if (w[j] !== 0) count++;
  const places = new Uint32Array(count), values = new Int32Array(count);
  for (let j = from, k = 0; k < count; j++) {
    if (w[j] === 0) continue;
    places[k] = j;
    values[k++] = w[j];
    w[j] = 0;
  }
  return { places, values };
}

function monic({ places, values }: SparseRow<Int32Array>, p: number, inverse: number): SparseRow<Int32Array> {
  const f = inverseModulo(values[0], p);
  return { places, values: values.map((v) => multiplyModulo(v, f, p, inverse)) };
}
