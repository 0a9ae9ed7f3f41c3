/**
 * IDX files, the format of the MNIST images and labels.
 *
 * @module
 */
import { ParseError, ShapeError } from "../../core/mod.ts";
import { type Dataset, dataset } from "../dataset.ts";
import { bytesOf, type ByteSource, GzipError, type ReadOptions } from "./bytes.ts";
import { dataName } from "./name.ts";

/** An array of any number of dimensions, the last one fastest. */
export interface IdxArray {
  /** The name of its file. */
  readonly source: string;
  /** The lengths of the dimensions. */
  readonly shape: readonly number[];
  /** The entries in the type of the file. */
  readonly data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

type Elements = IdxArray["data"];

const TYPES: Readonly<Record<number, new (buffer: ArrayBuffer) => Elements>> = {
  0x08: Uint8Array,
  0x09: Int8Array,
  0x0b: Int16Array,
  0x0c: Int32Array,
  0x0d: Float32Array,
  0x0e: Float64Array,
};

/**
 * Reads an IDX file: two zero bytes, the type, the number of dimensions, their lengths, the entries, all big-endian.
 *
 * Source: LeCun, Cortes, Burges, The MNIST database of handwritten digits (1998), file formats.
 *
 * @throws {ParseError} On anything else, naming source and offset.
 *
 * @example Three bytes
 * ```ts
 * import { readIdx } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const { shape, data } = await readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9));
 * assertEquals(shape, [3]);
 * assertEquals(data, Uint8Array.of(7, 8, 9));
 * ```
 */
export async function readIdx(source: ByteSource, options: ReadOptions = {}): Promise<IdxArray> {
  const name = options.source ?? "input";
  let held = new Uint8Array(64), holding = 0;
  let shape: number[] | undefined, headLength = 4, total = Infinity;
  const fail = (offset: number, reason: string): never => {
    throw new ParseError("read an IDX file", name, 0, `at byte ${offset}: ${reason}`);
  };
  const readHead = (): void => {
    if (holding < 4) return;
    if (held[0] !== 0 || held[1] !== 0) fail(0, `expected two zero bytes, got ${held[0]} and ${held[1]}`);
    const elements = TYPES[held[2]] ?? fail(2, `expected the type 8, 9 or 11 to 14, got ${held[2]}`);
    if (held[3] === 0) fail(3, "expected at least one dimension, got none");
    headLength = 4 + 4 * held[3];
    if (holding < headLength) return;
    const view = new DataView(held.buffer);
    shape = Array.from({ length: held[3] }, (_, k) => view.getUint32(4 + 4 * k));
    total = headLength + shape.reduce((product, length) => product * length, elementSize(elements));
  };
  try {
    for await (const bytes of bytesOf(source)) {
      const needed = holding + bytes.length;
      if (needed > held.length) { // never by what the head announces, it may be wrong
        const larger = new Uint8Array(Math.max(needed, 2 * held.length));
        larger.set(held.subarray(0, holding));
        held = larger;
      }
      held.set(bytes, holding);
      holding = needed;
      if (!shape) readHead();
      if (holding > total) fail(total, `expected the end after ${shape!.join(" x ")} entries, got more bytes`);
    }
  } catch (error) {
    if (error instanceof GzipError) fail(holding, error.message);
    throw error;
  }
  if (!shape) return fail(holding, `expected a head of ${headLength} bytes, got the end of the data`);
  if (holding < total) {
    fail(holding, `expected ${total} bytes for ${shape.join(" x ")} entries, got the end of the data`);
  }
  return { source: name, shape, data: littleEndian(held.slice(headLength, total), TYPES[held[2]]) };
}

function elementSize(elements: new (buffer: ArrayBuffer) => Elements): number {
  return new elements(new ArrayBuffer(0)).BYTES_PER_ELEMENT;
}

/** Turns the bytes of each entry round, in place. */
function littleEndian(bytes: Uint8Array<ArrayBuffer>, elements: new (buffer: ArrayBuffer) => Elements): Elements {
  const out = new elements(bytes.buffer), size = out.BYTES_PER_ELEMENT;
  for (let k = 0; size > 1 && k < bytes.length; k += size) bytes.subarray(k, k + size).reverse();
  return out;
}

/**
 * A dataset of images and their labels: one row per image, bytes divided by 255, so that pixels lie in [0, 1].
 *
 * @param images An array of shape `count x …`.
 * @param labels An array of shape `count`.
 * @throws {ShapeError} When the counts differ or the labels are no vector.
 *
 * @example Two images of two pixels
 * ```ts
 * import { imageDataset, readIdx } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const images = await readIdx(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 255, 255, 0));
 * const labels = await readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 3, 4));
 * const data = imageDataset(images, labels);
 * assertEquals(data.features, Float64Array.of(0, 1, 1, 0));
 * assertEquals(data.targets, Float64Array.of(3, 4));
 * ```
 */
export function imageDataset(images: IdxArray, labels: IdxArray): Dataset {
  const rows = images.shape[0];
  if (labels.shape.length !== 1 || labels.shape[0] !== rows) {
    throw new ShapeError(`Cannot label ${rows} images: expected as many labels, got ${labels.shape.join(" x ")}`);
  }
  const unit = images.data instanceof Uint8Array ? 255 : 1;
  return dataset({
    name: dataName(images.source),
    columns: images.data.length / rows,
    features: Float64Array.from(images.data, (pixel) => pixel / unit),
    targets: Float64Array.from(labels.data),
  });
}
