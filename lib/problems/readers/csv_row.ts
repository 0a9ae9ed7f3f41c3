/**
 * One row of a CSV file, split into fields.
 *
 * @module
 */
import { fail, type Place } from "./lines.ts";
import { finiteNumber, isBlank, parseNumber, textOf } from "./numbers.ts";

const QUOTE = 34, encoder = new TextEncoder();

/** The fields of the current row, as ranges of the line's bytes; quoted ones as text. Reused for every row. */
export class CsvRow {
  /** The number of fields. */
  count = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #begins: number[] = [];
  readonly #ends: number[] = [];
  readonly #texts: (string | undefined)[] = [];
  #open: string | undefined; // the text so far of a quoted field that goes on in the next line
  #openedAt = 0;

  constructor(readonly delimiter: number) {}

  /** Takes a line, and says whether a row is complete: not after an empty line, nor within a quoted field. */
  take(place: Place, bytes: Uint8Array, begin: number, end: number): boolean {
    this.#bytes = bytes;
    let at = begin;
    if (this.#open !== undefined) {
      at = this.#quoted(place, this.#open + "\n", begin, end);
      if (at < 0) return false;
    } else {
      this.count = 0;
      while (at < end && isBlank(bytes[at])) at++;
      if (at === end) return false;
      at = begin - 1;
    }
    while (at < end) { // at a delimiter, or before the line
      at = this.#field(place, at + 1, end);
      if (at < 0) return false;
    }
    return true;
  }

  /** Refuses a quoted field that is still open at the end of the file. */
  finish(place: Place): void {
    if (this.#open !== undefined) fail(place, "expected a closing quote, got the end of the data", this.#openedAt);
  }

  /** The text of a field. */
  text(j: number): string {
    return this.#texts[j] ?? textOf(this.#bytes, this.#begins[j], this.#ends[j]);
  }

  /** Whether nothing stands between the delimiters. */
  isEmpty(j: number): boolean {
    const text = this.#texts[j];
    return text === undefined ? this.#begins[j] === this.#ends[j] : text === "";
  }

  /** Whether a field holds a decimal number. */
  isNumber(j: number): boolean {
    const bytes = encoder.encode(this.text(j));
    return !Number.isNaN(parseNumber(bytes, 0, bytes.length));
  }

  /** The finite number in a field, or a refusal that names its column. */
  number(place: Place, j: number, what: (j: number) => string): number {
    const text = this.#texts[j];
    if (text === undefined) {
      const value = parseNumber(this.#bytes, this.#begins[j], this.#ends[j]);
      if (value - value === 0) return value;
      return finiteNumber(place, what(j), this.#bytes, this.#begins[j], this.#ends[j]);
    }
    const bytes = encoder.encode(text.trim());
    return finiteNumber(place, what(j), bytes, 0, bytes.length);
  }

  /** Reads the field that begins at `begin`; returns where its delimiter is, -1 if it goes on in the next line. */
  #field(place: Place, begin: number, end: number): number {
    const bytes = this.#bytes;
    let from = begin;
    while (from < end && isBlank(bytes[from]) && bytes[from] !== this.delimiter) from++;
    if (from < end && bytes[from] === QUOTE) return this.#quoted(place, "", from + 1, end);
    let at = from;
    while (at < end && bytes[at] !== this.delimiter) at++;
    let to = at;
    while (to > from && isBlank(bytes[to - 1])) to--;
    this.#begins[this.count] = from;
    this.#ends[this.count] = to;
    this.#texts[this.count++] = undefined;
    return at;
  }

  #quoted(place: Place, before: string, begin: number, end: number): number {
    const bytes = this.#bytes;
    let text = before, from = begin;
    for (;;) {
      let at = from;
      while (at < end && bytes[at] !== QUOTE) at++;
      text += textOf(bytes, from, at);
      if (at === end) {
        if (this.#open === undefined) {
          this.#openedAt = place.line;
          for (let j = 0; j < this.count; j++) this.#texts[j] = this.text(j); // the next line has other bytes
        }
        this.#open = text;
        return -1;
      }
      if (at + 1 < end && bytes[at + 1] === QUOTE) { // a doubled quote stands for one
        text += '"';
        from = at + 2;
        continue;
      }
      this.#open = undefined;
      this.#texts[this.count++] = text;
      at++;
      while (at < end && isBlank(bytes[at]) && bytes[at] !== this.delimiter) at++;
      if (at < end && bytes[at] !== this.delimiter) fail(place, "expected a delimiter after the closing quote");
      return at;
    }
  }
}
