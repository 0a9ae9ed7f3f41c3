/**
 * A program that grows while an MPS file is read.
 *
 * @module
 */
import type { SparseLinearProgram } from "../../constrained/mod.ts";
import type { SparseMatrix } from "../../core/mod.ts";
import { fromTriplets } from "../../linalg/mod.ts";
import { GrowingNumbers } from "./growing.ts";
import { fail, type Place } from "./lines.ts";
import type { MpsProgram } from "./mps.ts";
import { type Field, type MpsLine, type Section, SECTIONS } from "./mps_fields.ts";

/** Entries of a matrix. */
class Triplets {
  readonly rows: GrowingNumbers = new GrowingNumbers();
  readonly columns: GrowingNumbers = new GrowingNumbers();
  readonly values: GrowingNumbers = new GrowingNumbers();

  add(row: number, column: number, value: number): void {
    this.rows.push(row);
    this.columns.push(column);
    this.values.push(value);
  }

  take(rows: number, columns: number): SparseMatrix {
    return fromTriplets(rows, columns, this.rows.take(), this.columns.take(), this.values.take());
  }
}

/** Places of rows that are not in the matrix. */
const OBJECTIVE = -1, LEFT_OUT = -2;

/** What has been read. */
export class MpsModel {
  /** The current section. */
  section: Section | undefined;
  /** Whether ENDATA was seen. */
  ended = false;
  readonly #place: Place;
  readonly #rows = new Map<string, number>();
  readonly #columns = new Map<string, number>();
  readonly #types: string[] = [];
  readonly #cost: number[] = [];
  readonly #matrix = new Triplets();
  readonly #hessian = new Triplets();
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #isLowerSet: boolean[] = [];
  readonly #right: number[] = [];
  readonly #range: number[] = [];
  readonly #integers = new Set<number>();
  /** The set of right-hand sides, ranges and bounds that counts: the first one. */
  readonly #sets: Partial<Record<Section, string>> = {};
  /** The rows of the current column, to see entries that come twice. */
  readonly #seen = new Set<number>();
  #name = "";
  #constant = 0;
  #maximize = false;
  #hasObjective = false;
  #isWhole = false;
  #last: string | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  /** A line that begins a section. */
  open(line: string): void {
    const [word, ...rest] = line.split(/\s+/), section = word.toUpperCase();
    if (section === "NAME") this.#name = rest.join(" ");
    else if (section === "ENDATA") this.ended = true;
    else if ((SECTIONS as readonly string[]).includes(section)) {
      this.section = section as Section;
      this.#last = undefined;
      if (section === "OBJSENSE" && rest.length > 0) this.#sense({ text: rest[0], column: line.indexOf(rest[0]) + 1 });
    } else {
      fail(
        this.#place,
        `column 1: expected a section (NAME, ${SECTIONS.join(", ")}, ENDATA), got ${JSON.stringify(word)}`,
      );
    }
  }

  /** A line of the current section. */
  add(line: MpsLine): void {
    switch (this.section) {
      case "OBJSENSE":
        return this.#sense(line.code!);
      case "ROWS":
        return this.#row(line.code!, line.head!);
      case "COLUMNS":
        return this.#column(line);
      case "RHS":
      case "RANGES":
        return this.#rightHandSide(line);
      case "BOUNDS":
        return this.#bound(line);
      default:
        return this.#curvature(line);
    }
  }

  #sense({ text, column }: Field): void {
    if (!/^(MIN|MAX)(IMIZE)?$/i.test(text)) {
      fail(this.#place, `column ${column}: expected MIN or MAX, got ${quoted(text)}`);
    }
    this.#maximize = /^MAX/i.test(text);
  }

  #row(type: Field, name: Field): void {
    const letter = type.text.toUpperCase();
    if (!/^[NELG]$/.test(letter)) {
      fail(this.#place, `column ${type.column}: expected a row of type N, E, L or G, got ${quoted(type.text)}`);
    }
    if (this.#rows.has(name.text)) this.#twice("row", name);
    if (letter === "N") {
      this.#rows.set(name.text, this.#hasObjective ? LEFT_OUT : OBJECTIVE);
      this.#hasObjective = true;
      return;
    }
    this.#rows.set(name.text, this.#types.length);
    this.#types.push(letter);
    this.#right.push(0);
    this.#range.push(NaN);
  }

  #column({ head, pairs }: MpsLine): void {
    const name = head!.text, mark = pairs[0].value;
    if (pairs[0].name.text === "'MARKER'") {
      const word = mark?.text ?? "";
      if (word !== "'INTORG'" && word !== "'INTEND'") {
        fail(this.#place, `column ${mark?.column ?? 1}: expected 'INTORG' or 'INTEND', got ${quoted(word)}`);
      }
      this.#isWhole = word === "'INTORG'";
      return;
    }
    if (name !== this.#last) {
      if (this.#columns.has(name)) this.#twice("column", head!, " (entries of a column stand together)");
      if (this.#isWhole) this.#integers.add(this.#columns.size);
      this.#columns.set(name, this.#columns.size);
      this.#cost.push(0);
      this.#lower.push(0);
      this.#upper.push(Infinity);
      this.#isLowerSet.push(false);
      this.#seen.clear();
      this.#last = name;
    }
    const j = this.#columns.size - 1;
    for (const { name: row, value } of pairs) {
      const i = this.#find(this.#rows, "row", row), a = this.#number(row, value);
      if (i !== LEFT_OUT && this.#seen.has(i)) this.#twice("entry of row", row);
      this.#seen.add(i);
      if (i === OBJECTIVE) this.#cost[j] = a;
      else if (i >= 0 && a !== 0) this.#matrix.add(i, j, a);
    }
  }

  #rightHandSide({ head, pairs }: MpsLine): void {
    if (!this.#counts(head)) return;
    for (const { name, value } of pairs) {
      const i = this.#find(this.#rows, "row", name), b = this.#number(name, value);
      if (this.section === "RHS") {
        if (i === OBJECTIVE) this.#constant = -b;
        else if (i >= 0) this.#right[i] = b;
      } else if (i >= 0) this.#range[i] = b;
    }
  }

  /** Whether a line belongs to the first set of its section. */
  #counts(head: Field | undefined): boolean {
    const section = this.section!, name = head?.text ?? "";
    return (this.#sets[section] ??= name) === name;
  }

  #bound({ code, head, pairs }: MpsLine): void {
    if (!this.#counts(head)) return;
    const { name, value } = pairs[0], j = this.#find(this.#columns, "column", name), type = code!.text.toUpperCase();
    switch (type) {
      case "FR":
        this.#lower[j] = -Infinity;
        this.#upper[j] = Infinity;
        break;
      case "MI":
        this.#lower[j] = -Infinity;
        this.#isLowerSet[j] = true;
        return;
      case "PL":
        this.#upper[j] = Infinity;
        return;
      case "BV":
        this.#lower[j] = 0;
        this.#upper[j] = 1;
        break;
      case "LO":
      case "LI":
        this.#lower[j] = this.#number(name, value);
        break;
      case "UP":
      case "UI":
        this.#upper[j] = this.#number(name, value);
        if (this.#upper[j] < 0 && !this.#isLowerSet[j]) this.#lower[j] = -Infinity;
        break;
      case "FX":
        this.#lower[j] = this.#upper[j] = this.#number(name, value);
        break;
      default:
        fail(
          this.#place,
          `column ${code!.column}: expected a bound of type LO, UP, FX, FR, MI, PL, BV, LI or UI, got ${quoted(type)}`,
        );
    }
    if (!type.startsWith("U")) this.#isLowerSet[j] = true;
    if (type === "BV" || type.endsWith("I")) this.#integers.add(j);
  }

  #curvature({ head, pairs }: MpsLine): void {
    const i = this.#find(this.#columns, "column", head!);
    for (const { name, value } of pairs) {
      const j = this.#find(this.#columns, "column", name), q = this.#number(name, value);
      if (q === 0) continue;
      this.#hessian.add(i, j, q);
      if (this.section !== "QMATRIX" && i !== j) this.#hessian.add(j, i, q);
    }
  }

  #find(names: Map<string, number>, what: string, { text, column }: Field): number {
    return names.get(text) ?? fail(this.#place, `column ${column}: expected a known ${what}, got ${quoted(text)}`);
  }

  #number(name: Field, value: Field | undefined): number {
    if (!value) fail(this.#place, `column ${name.column}: expected a number after ${quoted(name.text)}, got nothing`);
    const number = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(value.text)
      ? Number(value.text.replace(/[dD]/, "e"))
      : NaN;
    if (Number.isFinite(number)) return number;
    if (this.section === "BOUNDS" && /^[+-]?inf(inity)?$/i.test(value.text)) {
      return value.text.startsWith("-") ? -Infinity : Infinity;
    }
    fail(this.#place, `column ${value.column}: expected a finite number, got ${quoted(value.text)}`);
  }

  #twice(what: string, { text, column }: Field, more = ""): never {
    fail(this.#place, `column ${column}: expected each ${what} once, got ${quoted(text)} again${more}`);
  }

  /** The program. */
  finish(): MpsProgram {
    const m = this.#types.length, n = this.#columns.size, sign = this.#maximize ? -1 : 1;
    if (n === 0) fail(this.#place, "expected at least one column, got none");
    const rowLower = new Float64Array(m), rowUpper = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const type = this.#types[i], b = this.#right[i], r = this.#range[i], hasRange = !Number.isNaN(r);
      rowLower[i] = type === "L" ? hasRange ? b - Math.abs(r) : -Infinity : type === "E" && r < 0 ? b + r : b;
      rowUpper[i] = type === "G" ? hasRange ? b + Math.abs(r) : Infinity : type === "E" && r > 0 ? b + r : b;
    }
    const linear: SparseLinearProgram = {
      kind: "linear-program",
      ...(this.#name !== "" && { name: this.#name }),
      objective: Float64Array.from(this.#cost, (c) => sign * c),
      matrix: this.#matrix.take(m, n),
      rowLower,
      rowUpper,
      lower: Float64Array.from(this.#lower),
      upper: Float64Array.from(this.#upper),
      ...(this.#integers.size > 0 && { integer: flags(n, this.#integers) }),
    };
    const hessian = this.#hessian.values.length > 0 ? this.#hessian.take(n, n) : undefined;
    if (hessian && sign < 0) hessian.values.forEach((q, k) => hessian.values[k] = -q);
    return {
      name: this.#name,
      problem: hessian
        ? { kind: "quadratic-program", ...(this.#name !== "" && { name: this.#name }), hessian, linear }
        : linear,
      constant: sign * this.#constant,
      maximize: this.#maximize,
      rowNames: [...this.#rows].filter(([, i]) => i >= 0).map(([name]) => name),
      columnNames: [...this.#columns.keys()],
      integers: [...this.#integers],
    };
  }
}

function flags(n: number, places: Iterable<number>): Uint8Array {
  const all = new Uint8Array(n);
  for (const j of places) all[j] = 1;
  return all;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
