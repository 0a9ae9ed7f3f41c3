/**
 * Matrix Market files.
 *
 * @module
 */
import type { Features } from "../dataset.ts";
import type { ByteSource, ReadOptions } from "./bytes.ts";
import { eachLine, fail, type Place } from "./lines.ts";
import { Coordinates, Dense, type Header, Tokens } from "./matrix_market_body.ts";
import { textOf } from "./numbers.ts";

/** A matrix from a file. */
export interface MatrixMarket {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Sparse rows for the coordinate format, dense rows for the array format; symmetric matrices in full. */
  readonly entries: Features;
  /** As the file says; `general` if it says nothing about the matrix. */
  readonly symmetry: "general" | "symmetric" | "skew-symmetric";
}

/** What `readMatrixMarket` is told. */
export interface MatrixMarketOptions extends ReadOptions {
  /** Whether an entry that is given more than once is refused, as the format has it, or summed. Default `refuse`. */
  readonly repeated?: "refuse" | "sum";
}

const VERB = "read a Matrix Market file", PERCENT = 37;

/**
 * Reads a Matrix Market file: `coordinate` or `array`; `real`, `integer` or `pattern` (ones); `general`, `symmetric` or
 * `skew-symmetric`, of which the file holds the lower triangle. It streams: memory holds the result, one piece of the
 * file and, for the coordinate format, the entries in their order.
 *
 * Source: Boisvert, Pozo, Remington, The Matrix Market exchange formats (1996), NISTIR 5935.
 *
 * @throws {ParseError} On anything else, also complex matrices, naming source and line.
 *
 * @example A symmetric matrix
 * ```ts
 * import { readMatrixMarket } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 4\n2 1 -1\n";
 * const { entries } = await readMatrixMarket(new TextEncoder().encode(text));
 * assertEquals(entries, {
 *   rowStarts: Uint32Array.of(0, 2, 3),
 *   columnIndices: Uint32Array.of(0, 1, 0),
 *   values: Float64Array.of(4, -1, -1),
 * });
 * ```
 */
export async function readMatrixMarket(source: ByteSource, options: MatrixMarketOptions = {}): Promise<MatrixMarket> {
  let header: Header | undefined, body: Coordinates | Dense | undefined;
  const tokens = new Tokens();
  const end = await eachLine(source, VERB, options, (place) => (bytes, begin, end) => {
    if (!header) {
      header = readHeader(place, textOf(bytes, begin, Math.min(end, begin + 200)));
      return;
    }
    if (bytes[begin] === PERCENT && begin < end) return;
    tokens.split(bytes, begin, end);
    if (tokens.count === 0) return;
    if (body) body.add(place, tokens);
    else body = header.format === "array" ? new Dense(place, header, tokens) : new Coordinates(place, header, tokens);
  });
  if (!header) fail(end, "expected a line %%MatrixMarket matrix …, got nothing");
  if (!body) fail(end, "expected a line with the size, got the end of the data");
  return {
    rows: body.rows,
    columns: body.columns,
    entries: body.take(end, options.repeated ?? "refuse"),
    symmetry: header.symmetry,
  };
}

function readHeader(place: Place, line: string): Header {
  const [banner, object, format, field, symmetry, ...rest] = line.trim().toLowerCase().split(/\s+/);
  if (banner !== "%%matrixmarket" || object !== "matrix") {
    fail(place, `expected a line %%MatrixMarket matrix …, got ${JSON.stringify(line.slice(0, 40))}`);
  }
  const one = <T extends string>(what: string, word: string | undefined, known: readonly T[]): T =>
    known.find((each) => each === word) ?? fail(place, `expected the ${what} to be ${known.join(" or ")}, got ${word}`);
  const header = {
    format: one("format", format, ["coordinate", "array"]),
    field: one("field", field, ["real", "double", "integer", "pattern"]),
    symmetry: one("symmetry", symmetry, ["general", "symmetric", "skew-symmetric"]),
  };
  const pattern = header.field === "pattern";
  if (pattern && (header.format === "array" || header.symmetry === "skew-symmetric") || rest.length > 0) {
    fail(place, `expected a combination that the format knows, got ${JSON.stringify(line.trim())}`);
  }
  return { format: header.format, symmetry: header.symmetry, pattern, integer: header.field === "integer" };
}
