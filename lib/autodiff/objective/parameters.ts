/**
 * The variables of an objective: one vector, or the shaped blocks of a layout, each an input of its programs, so that
 * no block is ever copied.
 *
 * @module
 */
import { DomainError, type Layout, ShapeError, type Vector } from "../../core/mod.ts";
import { sizeOf } from "../shape.ts";
import { ShapeOnly } from "../trace.ts";
import { type Operand, present, type Value } from "../values.ts";

/** How many variables there are, as one vector. */
export interface OneVector {
  /** The length of the vector. */
  readonly dimension: number;
}

/** Which named blocks the vector of variables is made of. */
export interface InBlocks<Name extends string> {
  /** The blocks, by `layout` of core. */
  readonly layout: Layout<Name>;
}

/** Named arrays. */
export type Blocks<Name extends string> = Readonly<Record<Name, Operand>>;

/** The variables of an objective. */
export interface Parameters {
  /** The length of the vector. */
  readonly dimension: number;
  /** What stands for them where a function is traced: one array or a record. */
  readonly example: ShapeOnly | { readonly [name: string]: ShapeOnly };
  /** How many arrays these are. */
  readonly count: number;
  /** What writes the arrays of a vector into a list, from a position on. */
  view(list: Float64Array[], at: number): (x: Vector) => void;
}

/**
 * The variables that options describe.
 *
 * @throws {DomainError} When they describe none.
 */
export function parametersOf(options: Partial<OneVector & InBlocks<string>>): Parameters {
  const { dimension, layout } = options;
  if (layout === undefined) {
    if (dimension === undefined || !Number.isSafeInteger(dimension) || dimension < 1) {
      throw new DomainError(`Cannot make an objective: expected a layout or a positive dimension, got ${dimension}`);
    }
    return { dimension, example: new ShapeOnly([dimension]), count: 1, view: (list, at) => (x) => void (list[at] = x) };
  }
  const { blocks, size } = layout;
  return {
    dimension: size,
    example: Object.fromEntries(blocks.map(({ name, shape }) => [name, new ShapeOnly(shape)])),
    count: blocks.length,
    view(list, at) {
      let last: Vector | undefined;
      return (x) => {
        if (x === last) return;
        if (x.length !== size) throw new ShapeError(`Cannot split a vector: expected ${size} entries, got ${x.length}`);
        blocks.forEach(({ offset, shape }, i) => list[at + i] = x.subarray(offset, offset + sizeOf(shape)));
        last = x;
      };
    },
  };
}

/**
 * The blocks of a vector as numbers, vectors, matrices and arrays that share its memory.
 *
 * @throws {ShapeError} When the vector has another length than the layout.
 */
export function blocksOf<Name extends string>(layout: Layout<Name>, x: Vector): Readonly<Record<Name, Value>> {
  const arrays: Float64Array[] = [];
  parametersOf({ layout }).view(arrays, 0)(x);
  const entries = layout.blocks.map(({ name, shape }, i) => [name, present(shape, arrays[i])]);
  return Object.fromEntries(entries) as Record<Name, Value>;
}
