/**
 * LIBSVM files: `label index:value index:value …`, one example per line.
 *
 * @module
 */
import { type Dataset, dataset } from "../dataset.ts";
import type { ByteSource, ReadOptions } from "./bytes.ts";
import { GrowingIntegers, GrowingNumbers } from "./growing.ts";
import { eachLine, fail } from "./lines.ts";
import { dataName } from "./name.ts";
import { excerpt, finiteNumber, isBlank, parseInteger } from "./numbers.ts";

/** Options of `readLibsvm`. */
export interface LibsvmOptions extends ReadOptions {
  /** The number of features, where the file may lack the last ones. Default: the largest index in the file. */
  readonly columns?: number;
}

const HASH = 35, COLON = 58, MOST = 2 ** 32 - 1;

/**
 * Reads LIBSVM (SVMlight) data into sparse rows. Indices count from 1 and increase; `#` begins a comment, empty lines
 * are skipped, `qid:` is not supported. It streams: memory holds the result and one piece of the file.
 *
 * Source: Chang and Lin, LIBSVM: a library for support vector machines (2011), and its README.
 *
 * @throws {ParseError} On anything else, naming source and line.
 *
 * @example Two examples
 * ```ts
 * import { readLibsvm } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const data = await readLibsvm(new TextEncoder().encode("+1 1:0.5 3:2\n-1 2:1 # the end\n"));
 * assertEquals([data.rows, data.columns], [2, 3]);
 * assertEquals(data.targets, Float64Array.of(1, -1));
 * ```
 */
export async function readLibsvm(source: ByteSource, options: LibsvmOptions = {}): Promise<Dataset> {
  const targets = new GrowingNumbers(), values = new GrowingNumbers();
  const columnIndices = new GrowingIntegers(), rowStarts = new GrowingIntegers();
  const most = options.columns ?? MOST;
  let columns = options.columns ?? 0;
  rowStarts.push(0);
  const end = await eachLine(source, "read LIBSVM data", options, (place) => (bytes, begin, lineEnd) => {
    const hash = bytes.subarray(begin, lineEnd).indexOf(HASH), end = hash < 0 ? lineEnd : begin + hash;
    let at = begin, last = 0;
    while (at < end && isBlank(bytes[at])) at++;
    if (at === end) return;
    const label = at;
    while (at < end && !isBlank(bytes[at])) at++;
    targets.push(finiteNumber(place, "the label", bytes, label, at));
    for (;;) {
      while (at < end && isBlank(bytes[at])) at++;
      if (at === end) break;
      const token = at;
      let colon = -1;
      for (; at < end && !isBlank(bytes[at]); at++) if (bytes[at] === COLON && colon < 0) colon = at;
      const index = colon < 0 ? -1 : parseInteger(bytes, token, colon);
      if (index < 0) fail(place, `expected index:value, got ${excerpt(bytes, token, at)}`);
      if (index <= last || index > most) {
        fail(
          place,
          index === 0
            ? "expected indices from 1 on, got 0"
            : index > most
            ? `expected indices up to ${most}, got ${index}`
            : `expected increasing indices, got ${index} after ${last}`,
        );
      }
      values.push(finiteNumber(place, `the value of feature ${index}`, bytes, colon + 1, at));
      columnIndices.push(index - 1);
      last = index;
    }
    rowStarts.push(values.length);
    if (last > columns) columns = last;
  });
  if (targets.length === 0) fail(end, "expected at least one example, got none");
  if (columns === 0) fail(end, "expected at least one feature, got none");
  return dataset({
    name: dataName(end.source),
    columns,
    features: { rowStarts: rowStarts.take(), columnIndices: columnIndices.take(), values: values.take() },
    targets: targets.take(),
  });
}
