/**
 * The entries of a Matrix Market file, after its first line.
 *
 * @module
 */
import { sparseMatrix, type Vector } from "../../core/mod.ts";
import { sortSparse } from "../../linalg/mod.ts";
import type { Csr } from "../dataset.ts";
import { GrowingIntegers, GrowingNumbers } from "./growing.ts";
import { fail, type Place } from "./lines.ts";
import { excerpt, finiteNumber, isBlank, parseInteger } from "./numbers.ts";

/** What the first line says. */
export interface Header {
  readonly format: "coordinate" | "array";
  readonly pattern: boolean;
  readonly integer: boolean;
  readonly symmetry: "general" | "symmetric" | "skew-symmetric";
}

/** The words of a line, as ranges of bytes. Reused for every line. */
export class Tokens {
  count = 0;
  bytes: Uint8Array = new Uint8Array(0);
  readonly begins: number[] = [];
  readonly ends: number[] = [];

  split(bytes: Uint8Array, begin: number, end: number): void {
    this.bytes = bytes;
    this.count = 0;
    for (let at = begin; at < end;) {
      while (at < end && isBlank(bytes[at])) at++;
      if (at === end) return;
      this.begins[this.count] = at;
      while (at < end && !isBlank(bytes[at])) at++;
      this.ends[this.count++] = at;
    }
  }

  /** The k-th word as an integer `least … most`. */
  integer(place: Place, k: number, what: string, least: number, most: number): number {
    const value = parseInteger(this.bytes, this.begins[k], this.ends[k]);
    if (value >= least && value <= most) return value;
    const got = excerpt(this.bytes, this.begins[k], this.ends[k]);
    fail(place, `expected ${what} to be an integer from ${least} to ${most}, got ${got}`);
  }

  /** The k-th word as a finite number. */
  number(place: Place, k: number, integer: boolean): number {
    const value = finiteNumber(place, "the entry", this.bytes, this.begins[k], this.ends[k]);
    if (integer && !Number.isInteger(value)) fail(place, `expected an integer, got ${value}`);
    return value;
  }
}

const MOST = 2 ** 28; // rows or columns; their counters are an array

/** Reads the line of sizes; checks that a symmetric matrix is square. */
function sizes(place: Place, header: Header, tokens: Tokens, names: readonly string[]): number[] {
  if (tokens.count !== names.length) {
    fail(place, `expected ${names.length} sizes (${names.join(", ")}), got ${tokens.count}`);
  }
  const most = [MOST, MOST, 2 ** 32 - 2], found = names.map((name, k) => tokens.integer(place, k, name, 0, most[k]));
  if (header.symmetry !== "general" && found[0] !== found[1]) {
    fail(place, `expected a square matrix, as it is ${header.symmetry}, got ${found[0]} by ${found[1]}`);
  }
  return found;
}

/** The coordinate format: lines `row column value`. */
export class Coordinates {
  readonly rows: number;
  readonly columns: number;
  readonly #announced: number;
  #got = 0;
  readonly #i = new GrowingIntegers();
  readonly #j = new GrowingIntegers();
  readonly #values = new GrowingNumbers();
  readonly #lines = new GrowingIntegers();

  constructor(place: Place, readonly header: Header, tokens: Tokens) {
    [this.rows, this.columns, this.#announced] = sizes(place, header, tokens, ["rows", "columns", "entries"]);
  }

  add(place: Place, tokens: Tokens): void {
    const { pattern, integer, symmetry } = this.header, words = pattern ? 2 : 3;
    if (tokens.count !== words) {
      fail(place, `expected row, column${pattern ? "" : " and value"}, got ${tokens.count} words`);
    }
    if (this.#got === this.#announced) fail(place, `expected ${this.#announced} entries, got more`);
    const i = tokens.integer(place, 0, "the row", 1, this.rows) - 1;
    const j = tokens.integer(place, 1, "the column", 1, this.columns) - 1;
    if (symmetry !== "general" && (i < j || (i === j && symmetry === "skew-symmetric"))) {
      fail(
        place,
        `expected an entry below the diagonal, as the matrix is ${symmetry}, got row ${i + 1}, column ${j + 1}`,
      );
    }
    const value = pattern ? 1 : tokens.number(place, 2, integer);
    this.#got++;
    this.#push(place, i, j, value);
    if (symmetry !== "general" && i !== j) this.#push(place, j, i, symmetry === "symmetric" ? value : -value);
  }

  #push(place: Place, i: number, j: number, value: number): void {
    this.#i.push(i);
    this.#j.push(j);
    this.#values.push(value);
    this.#lines.push(place.line);
  }

  /** The entries in rows; the entries of a row in columns. */
  take(end: Place, repeated: "refuse" | "sum"): Csr {
    if (this.#got < this.#announced) fail(end, `expected ${this.#announced} entries, got ${this.#got}`);
    const i = this.#i.take(), j = this.#j.take(), values = this.#values.take(), lines = this.#lines.take();
    const inColumns = counted(j, this.columns, undefined).order;
    const { order, starts } = counted(i, this.rows, inColumns); // keeps the order of columns within a row
    const columnIndices = order.map((k) => j[k]), entries = Float64Array.from(order, (k) => values[k]);
    if (repeated === "sum") {
      const A = { rows: this.rows, columns: this.columns, rowStarts: starts, columnIndices, values: entries };
      const summed = sortSparse(sparseMatrix(A));
      return { rowStarts: summed.rowStarts, columnIndices: summed.columnIndices, values: summed.values };
    }
    for (let row = 0; row < this.rows; row++) {
      for (let p = starts[row] + 1; p < starts[row + 1]; p++) {
        if (columnIndices[p] === columnIndices[p - 1]) {
          fail(
            end,
            `expected each entry once, got row ${row + 1}, column ${columnIndices[p] + 1} again`,
            lines[order[p]],
          );
        }
      }
    }
    return { rowStarts: starts, columnIndices, values: entries };
  }
}

/** Positions in the order of their keys, equal ones in the order given (counting sort); where each key begins. */
function counted(
  keys: Uint32Array,
  range: number,
  given: Uint32Array | undefined,
): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(range + 1), order = new Uint32Array(keys.length);
  for (let k = 0; k < keys.length; k++) starts[keys[k] + 1]++;
  for (let key = 0; key < range; key++) starts[key + 1] += starts[key];
  const next = starts.slice();
  for (let k = 0; k < keys.length; k++) {
    const entry = given ? given[k] : k;
    order[next[keys[entry]]++] = entry;
  }
  return { order, starts };
}

/** The array format: one value per line, column after column. */
export class Dense {
  readonly rows: number;
  readonly columns: number;
  readonly #announced: number;
  readonly #values = new GrowingNumbers();

  constructor(place: Place, readonly header: Header, tokens: Tokens) {
    [this.rows, this.columns] = sizes(place, header, tokens, ["rows", "columns"]);
    const n = this.rows, below = n * (n - 1) / 2;
    this.#announced = { general: n * this.columns, symmetric: below + n, "skew-symmetric": below }[header.symmetry];
  }

  add(place: Place, tokens: Tokens): void {
    if (tokens.count !== 1) fail(place, `expected one value per line, got ${tokens.count}`);
    if (this.#values.length === this.#announced) fail(place, `expected ${this.#announced} values, got more`);
    this.#values.push(tokens.number(place, 0, this.header.integer));
  }

  /** The values row after row. */
  take(end: Place): Vector {
    const { rows, columns, header: { symmetry } } = this, given = this.#values.take();
    if (given.length < this.#announced) fail(end, `expected ${this.#announced} values, got ${given.length}`);
    const out = new Float64Array(rows * columns);
    for (let j = 0, k = 0; j < columns; j++) {
      const first = symmetry === "general" ? 0 : symmetry === "symmetric" ? j : j + 1;
      for (let i = first; i < rows; i++) {
        const value = given[k++];
        out[i * columns + j] = value;
        if (symmetry !== "general" && i !== j) out[j * columns + i] = symmetry === "symmetric" ? value : -value;
      }
    }
    return out;
  }
}
