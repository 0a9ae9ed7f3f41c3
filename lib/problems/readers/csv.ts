/**
 * CSV files: a table of numbers with a column of targets.
 *
 * @module
 */
import { DomainError, type Vector } from "../../core/mod.ts";
import { type Dataset, dataset } from "../dataset.ts";
import type { ByteSource, ReadOptions } from "./bytes.ts";
import { CsvRow } from "./csv_row.ts";
import { GrowingNumbers } from "./growing.ts";
import { eachLine, fail, type Place } from "./lines.ts";
import { dataName } from "./name.ts";

/** Options of `readCsv`. */
export interface CsvOptions extends ReadOptions {
  /**
   * The target's column: its name in the header, or its place from 0, from the end if negative. Default -1, the last.
   */
  readonly target?: string | number;
  /** Whether the first line has the names of the columns. Default true. */
  readonly header?: boolean;
  /** Lines before the header or the first row that are no part of the table. Default 0. */
  readonly skipLines?: number;
  /** The character between fields. Default a comma. */
  readonly delimiter?: string;
}

/**
 * Reads a CSV table into dense rows. All fields but the target's must be finite numbers. Fields may be quoted, with
 * `""` for a quote, and then hold delimiters and line breaks; empty lines are skipped. Where the first target is no
 * number, the targets are words: they become 0, 1, … in the order of the alphabet, and `classes` has the words. It
 * streams: memory holds the result and one piece of the file.
 *
 * Source: RFC 4180.
 *
 * @throws {ParseError} On anything else, naming source and line.
 *
 * @example Words as targets
 * ```ts
 * import { readCsv } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const text = 'width,height,kind\n1,2,"tall"\n3,1,flat\n';
 * const data = await readCsv(new TextEncoder().encode(text), { target: "kind" });
 * assertEquals(data.features, Float64Array.of(1, 2, 3, 1));
 * assertEquals(data.targets, Float64Array.of(1, 0));
 * assertEquals(data.classes, ["flat", "tall"]);
 * ```
 */
export async function readCsv(source: ByteSource, options: CsvOptions = {}): Promise<Dataset> {
  const { target = -1, header = true, skipLines = 0, delimiter = "," } = options;
  if (delimiter.length !== 1 || delimiter.charCodeAt(0) > 127 || /["\r\n]/.test(delimiter)) {
    throw new DomainError(
      `Cannot read CSV data: expected one character as delimiter, got ${JSON.stringify(delimiter)}`,
    );
  }
  if (typeof target === "string" && !header) {
    throw new DomainError(`Cannot read CSV data: expected the target's place without a header, got ${target}`);
  }
  const row = new CsvRow(delimiter.charCodeAt(0)), features = new GrowingNumbers(), labels = new Labels();
  let names: string[] | undefined, fields = 0, targetAt = -1, rows = 0;
  const nameOf = (j: number) => names ? `column ${j + 1} (${names[j]})` : `column ${j + 1}`;
  const end = await eachLine(source, "read CSV data", options, (place) => (bytes, begin, lineEnd) => {
    if (place.line <= skipLines || !row.take(place, bytes, begin, lineEnd)) return;
    if (fields === 0) { // the first row tells the shape
      fields = row.count;
      if (header) names = Array.from({ length: fields }, (_, j) => row.text(j));
      targetAt = findTarget(place, target, fields, names ?? []);
      if (header) return;
    }
    if (row.count !== fields) fail(place, `expected ${fields} fields, got ${row.count}`);
    for (let j = 0; j < fields; j++) {
      if (row.isEmpty(j)) fail(place, `expected a value in ${nameOf(j)}, got an empty field`);
      if (j === targetAt) labels.add(place, row, j, nameOf(j));
      else features.push(row.number(place, j, nameOf));
    }
    rows++;
  });
  row.finish(end);
  if (rows === 0) fail(end, "expected at least one row, got none");
  if (fields === 1) fail(end, "expected a target and at least one feature in each row, got one field");
  return dataset({
    name: dataName(end.source),
    columns: fields - 1,
    features: features.take(),
    ...labels.take(),
  });
}

function findTarget(place: Place, target: string | number, fields: number, names: string[]): number {
  const at = typeof target === "string" ? names.indexOf(target) : target < 0 ? fields + target : target;
  if (Number.isInteger(at) && at >= 0 && at < fields) return at;
  const known = typeof target === "string" ? `one of ${names.join(", ")}` : `${-fields} to ${fields - 1}`;
  fail(place, `expected the target to be ${known}, got ${target}`);
}

/** The targets: numbers, or words if the first one is no number. */
class Labels {
  readonly #numbers = new GrowingNumbers();
  readonly #codes = new Map<string, number>();
  #words = false;

  add(place: Place, row: CsvRow, column: number, what: string): void {
    if (this.#numbers.length === 0) this.#words = !row.isNumber(column);
    if (!this.#words) return this.#numbers.push(row.number(place, column, () => what));
    const word = row.text(column);
    let code = this.#codes.get(word);
    if (code === undefined) this.#codes.set(word, code = this.#codes.size);
    this.#numbers.push(code);
  }

  take(): { targets: Vector; classes?: string[] } {
    const targets = this.#numbers.take();
    if (!this.#words) return { targets };
    const classes = [...this.#codes.keys()].sort(), order = new Map(classes.map((word, k) => [word, k]));
    const renumbered = Array.from(this.#codes.keys(), (word) => order.get(word)!); // codes are in order of appearance
    return { targets: targets.map((code) => renumbered[code]), classes };
  }
}
