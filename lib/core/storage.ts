/**
 * Dense storage: row-major matrices, and layouts that name the shaped blocks of one flat vector of parameters.
 *
 * @module
 */
import { DomainError, ShapeError } from "./errors.ts";
import type { Vector } from "./vector.ts";

/** A dense matrix, row-major: entry (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** `rows * columns` entries, row after row. */
  readonly data: Float64Array;
}

/** A block of a layout: a shape, and where it starts in the flat vector. */
export interface Block<Name extends string = string> {
  /** Unique in its layout. */
  readonly name: Name;
  /** Where it starts in the flat vector. */
  readonly offset: number;
  /** One length for a vector, two for a matrix, more for an array of more axes. */
  readonly shape: readonly [number, ...number[]];
}

/**
 * Names shaped blocks of a flat vector. The vector stays one; `matrix` and `vector` give views of it without copying.
 *
 * @example The parameters of a linear layer
 * ```ts
 * import { layout, matrixOf } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * const parameters = layout({ weights: [2, 3], bias: [2] });
 * const x = new Float64Array(parameters.size);
 * matrixOf(parameters, x, "weights").data[4] = 7; // row 1, column 1
 * assertEquals([...x], [0, 0, 0, 0, 7, 0, 0, 0]);
 * ```
 */
export interface Layout<Name extends string = string> {
  /** The length of the flat vector. */
  readonly size: number;
  /** In the order of the flat vector. */
  readonly blocks: readonly Block<Name>[];
}

/**
 * A layout from names and shapes, in the order given.
 *
 * @throws {DomainError} On a length that is not a positive integer.
 */
export function layout<Name extends string>(
  shapes: Readonly<Record<Name, readonly [number, ...number[]]>>,
): Layout<Name> {
  let offset = 0;
  const blocks = (Object.keys(shapes) as Name[]).map((name) => {
    const shape = shapes[name];
    for (const length of shape) {
      if (!Number.isSafeInteger(length) || length < 1) {
        throw new DomainError(`Cannot lay out block "${name}": expected positive integer lengths, got [${shape}]`);
      }
    }
    const block = { name, offset, shape };
    offset += sizeOf(block);
    return block;
  });
  return { size: offset, blocks };
}

/** The part of `x` that a block covers, as a vector view. */
export function vectorOf(layout: Layout, x: Vector, name: string): Vector {
  const block = find(layout, x, name);
  return x.subarray(block.offset, block.offset + sizeOf(block));
}

/**
 * The part of `x` that a block covers, as a matrix view; a vector block is one row, further axes are joined with the
 * second.
 */
export function matrixOf(layout: Layout, x: Vector, name: string): Matrix {
  const block = find(layout, x, name), rows = block.shape.length === 1 ? 1 : block.shape[0];
  return { rows, columns: sizeOf(block) / rows, data: vectorOf(layout, x, name) };
}

function sizeOf({ shape }: Block): number {
  return shape.reduce((size, length) => size * length, 1);
}

function find(layout: Layout, x: Vector, name: string): Block {
  if (x.length !== layout.size) {
    throw new ShapeError(`Cannot view block "${name}": the layout has ${layout.size} entries, the vector ${x.length}`);
  }
  const block = layout.blocks.find((b) => b.name === name);
  if (!block) {
    throw new DomainError(
      `Cannot view block "${name}": the layout has ${layout.blocks.map((b) => `"${b.name}"`).join(", ")}`,
    );
  }
  return block;
}
