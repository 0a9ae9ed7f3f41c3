/**
 * The rows of a batch: gathered into buffers that are used again, or viewed where they lie if they are neighbours.
 *
 * @module
 */
import { DomainError, ShapeError } from "../../core/mod.ts";
import { formatShape, type Shape, sizeOf } from "../shape.ts";
import { contents, type Value } from "../values.ts";

/** Data of examples: an array whose first axis counts them, or a tuple or record of such arrays. */
export type Data = Value | readonly Value[] | Readonly<Record<string, Value>>;

/** An array of examples. */
export interface Examples {
  /** Row after row. */
  readonly data: Float64Array;
  /** The shape of one example. */
  readonly shape: Shape;
}

/**
 * The arrays of examples, and their number.
 *
 * @throws {ShapeError} When there are none, or numbers of them differ.
 */
export function examplesOf(arrays: readonly unknown[]): readonly [Examples[], number] {
  const all = arrays.map((array) => contents(array, "take examples")), count = all[0]?.shape[0] ?? 0;
  for (const { shape } of all) {
    if (count === 0 || shape[0] !== count) {
      throw new ShapeError(
        `Cannot take examples: expected arrays with equally many rows, got ${
          all.map((array) => formatShape(array.shape)).join(" and ")
        }`,
      );
    }
  }
  return [all.map(({ data, shape }) => ({ data, shape: shape.slice(1) })), count];
}

/** What writes the arrays of batches of one size into a list. */
export function gatherer(
  examples: readonly Examples[],
  total: number,
): (batch: Uint32Array, list: Float64Array[], at: number) => void {
  const widths = examples.map(({ shape }) => sizeOf(shape));
  let buffers: readonly Float64Array[] | undefined;
  return (batch, list, at) => {
    const first = batch[0], size = batch.length;
    let neighbours = true;
    for (let k = 0; k < size; k++) {
      if (batch[k] >= total) {
        throw new DomainError(`Cannot take a batch: expected examples below ${total}, got ${batch[k]} at place ${k}`);
      }
      if (batch[k] !== first + k) neighbours = false;
    }
    if (!neighbours) buffers ??= widths.map((width) => new Float64Array(size * width));
    for (let a = 0; a < examples.length; a++) {
      const { data } = examples[a], width = widths[a];
      if (neighbours) list[at + a] = data.subarray(first * width, (first + size) * width);
      else copyRows(data, width, batch, list[at + a] = buffers![a]);
    }
  };
}

function copyRows(data: Float64Array, width: number, batch: Uint32Array, out: Float64Array): void {
  for (let k = 0, to = 0; k < batch.length; k++) {
    for (let from = batch[k] * width, end = from + width; from < end; from++) out[to++] = data[from];
  }
}
