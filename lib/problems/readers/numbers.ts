/**
 * Numbers from bytes of text.
 *
 * @module
 */
import { fail, type Place } from "./lines.ts";

const decoder = new TextDecoder();
const POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`)); // exact up to 10²²
const PLUS = 43, MINUS = 45, DOT = 46, ZERO = 48, NINE = 57, E = 69, e = 101;

/** The text of some bytes; long ones are cut, for messages. */
export function excerpt(bytes: Uint8Array, begin: number, end: number): string {
  const text = decoder.decode(bytes.subarray(begin, Math.min(end, begin + 40)));
  return JSON.stringify(end - begin > 40 ? text + "…" : text);
}

/** The text of some bytes. */
export function textOf(bytes: Uint8Array, begin: number, end: number): string {
  return decoder.decode(bytes.subarray(begin, end));
}

/**
 * The nearest double to a decimal number, as `Number` finds it; NaN if the bytes are anything else (also for words,
 * hexadecimal digits and blanks, which `Number` would take).
 */
export function parseNumber(bytes: Uint8Array, begin: number, end: number): number {
  let at = begin, mantissa = 0, digits = 0, seen = 0, exponent = 0, negative = false;
  if (at < end && (bytes[at] === PLUS || bytes[at] === MINUS)) negative = bytes[at++] === MINUS;
  for (; at < end; at++) {
    const c = bytes[at];
    if (c < ZERO || c > NINE) break;
    mantissa = 10 * mantissa + (c - ZERO);
    if (mantissa > 0) digits++;
    seen++;
  }
  if (at < end && bytes[at] === DOT) {
    for (at++; at < end; at++) {
      const c = bytes[at];
      if (c < ZERO || c > NINE) break;
      mantissa = 10 * mantissa + (c - ZERO);
      if (mantissa > 0) digits++;
      seen++;
      exponent--;
    }
  }
  if (seen === 0) return NaN;
  if (at < end && (bytes[at] === E || bytes[at] === e)) {
    let power = 0, down = false;
    if (++at < end && (bytes[at] === PLUS || bytes[at] === MINUS)) down = bytes[at++] === MINUS;
    const first = at;
    for (; at < end; at++) {
      const c = bytes[at];
      if (c < ZERO || c > NINE) break;
      power = Math.min(10 * power + (c - ZERO), 100000);
    }
    if (at === first) return NaN;
    exponent += down ? -power : power;
  }
  if (at !== end) return NaN;
  if (digits > 15 || exponent < -22 || exponent > 22) return Number(textOf(bytes, begin, end));
  // both are exact doubles, so that one rounding remains (Clinger 1990)
  const value = exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
  return negative ? -value : value;
}

/** The finite number in some bytes, or a refusal that quotes them. */
export function finiteNumber(place: Place, what: string, bytes: Uint8Array, begin: number, end: number): number {
  const value = parseNumber(bytes, begin, end);
  if (value - value === 0) return value;
  fail(place, `expected ${what} to be a finite number, got ${excerpt(bytes, begin, end)}`);
}

/** The non-negative integer in some bytes, digits only; -1 if they are anything else or it has more than 15 digits. */
export function parseInteger(bytes: Uint8Array, begin: number, end: number): number {
  if (begin >= end || end - begin > 15) return -1;
  let value = 0;
  for (let at = begin; at < end; at++) {
    const c = bytes[at];
    if (c < ZERO || c > NINE) return -1;
    value = 10 * value + (c - ZERO);
  }
  return value;
}

/** Whether a byte is a blank within a line. */
export function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9;
}
