/**
 * Lines of text as ranges of bytes, without a string for each of them.
 *
 * @module
 */
import { ParseError } from "../../core/mod.ts";
import { bytesOf, type ByteSource, GzipError, type ReadOptions } from "./bytes.ts";

/** Where a reader is, for its messages. */
export interface Place {
  /** As in `read LIBSVM data`. */
  readonly verb: string;
  readonly source: string;
  /** The current line, counted from 1. */
  line: number;
}

/** Bytes `begin … end - 1` of `bytes` hold a line without its end; they are overwritten after the call. */
export type LineVisitor = (bytes: Uint8Array, begin: number, end: number) => void;

/** Refuses the input at the given place. */
export function fail(place: Place, reason: string, line: number = place.line): never {
  throw new ParseError(place.verb, place.source, line, reason);
}

const LF = 10, CR = 13;

/**
 * Calls `visit` for each line. Lines end with LF or CRLF; a byte order mark is skipped. Memory: one piece of the
 * source and the longest line.
 */
export async function eachLine(
  source: ByteSource,
  verb: string,
  options: ReadOptions,
  begin: (place: Place) => LineVisitor,
): Promise<Place> {
  const place: Place = { verb, source: options.source ?? "input", line: 0 }, visit = begin(place);
  let held = new Uint8Array(0), holding = 0; // the begin of a line whose end is still to come
  const line = (bytes: Uint8Array, from: number, to: number) => {
    if (++place.line === 1 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
    visit(bytes, from, to > from && bytes[to - 1] === CR ? to - 1 : to);
  };
  const hold = (bytes: Uint8Array, from: number, to: number) => {
    const needed = holding + to - from;
    if (needed > held.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * held.length));
      larger.set(held.subarray(0, holding));
      held = larger;
    }
    held.set(bytes.subarray(from, to), holding);
    holding = needed;
  };
  try {
    for await (const bytes of bytesOf(source)) {
      let from = 0;
      for (let to = bytes.indexOf(LF); to >= 0; to = bytes.indexOf(LF, from)) {
        if (holding > 0) {
          hold(bytes, from, to);
          line(held, 0, holding);
          holding = 0;
        } else {
          line(bytes, from, to);
        }
        from = to + 1;
      }
      if (from < bytes.length) hold(bytes, from, bytes.length);
    }
  } catch (error) {
    if (error instanceof GzipError) fail(place, error.message, place.line + 1);
    throw error;
  }
  if (holding > 0) line(held, 0, holding);
  return place;
}
