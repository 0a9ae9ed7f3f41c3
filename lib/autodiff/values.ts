/**
 * Arrays as callers see them: a number, a vector, a matrix, an array of any rank, or a traced one.
 *
 * @module
 */
import { type Matrix, ShapeError } from "../core/mod.ts";
import { callerLine, TraceError } from "./errors.ts";
import { constant, literal, Node } from "./node.ts";
import { formatShape, type Shape, sizeOf } from "./shape.ts";

/** An array of any rank, row-major. */
export interface NdArray {
  /** The lengths of its axes. */
  readonly shape: Shape;
  /** Its entries. */
  readonly data: Float64Array;
}

/** A known array; results are numbers, vectors, matrices for up to two axes. */
export type Value = number | Float64Array | Matrix | NdArray;

/** A traced array: what a function receives while it is differentiated or compiled. */
export type Traced = Node;

/** What array functions take and return: they compute on values at once, and build a program on traced arrays. */
export type Operand = Value | Traced;

/** Whether this is traced. */
export function isTraced(x: unknown): x is Traced {
  return x instanceof Node;
}

/** Whether this is a matrix or an array of any rank. */
export function isArrayObject(x: unknown): x is Matrix | NdArray {
  return typeof x === "object" && x !== null && (x as { data?: unknown }).data instanceof Float64Array &&
    ("rows" in x || "shape" in x);
}

function describe(x: unknown): string {
  if (Array.isArray(x)) return "a plain array (use Float64Array.of or matrix)";
  if (x instanceof Promise) return "a promise (functions of arrays are synchronous)";
  return typeof x === "function" ? "a function" : typeof x === "object" && x !== null ? "an object" : String(x);
}

/**
 * Shape and entries of a value.
 *
 * @throws {TraceError} When it is none.
 * @throws {ShapeError} When the number of entries is not what the shape says.
 */
export function contents(x: unknown, verb: string): NdArray {
  if (typeof x === "number") return { shape: [], data: Float64Array.of(x) };
  if (x instanceof Float64Array) return { shape: [x.length], data: x };
  if (!isArrayObject(x)) {
    throw new TraceError(
      `Cannot ${verb}: expected a number, a Float64Array, a matrix or an array with shape and data, got ${
        describe(x)
      }` +
        callerLine(),
    );
  }
  const shape = "shape" in x ? x.shape : [x.rows, x.columns];
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || sizeOf(shape) !== x.data.length) {
    throw new ShapeError(
      `Cannot ${verb}: expected ${formatShape(shape)} to hold ${x.data.length} entries${callerLine()}`,
    );
  }
  return { shape, data: x.data };
}

/** The node of a traced array or a value. */
export function toNode(x: unknown, verb: string): Node {
  if (isTraced(x)) return x;
  if (typeof x === "number") return literal(x);
  const { shape, data } = contents(x, verb);
  return constant(shape, data);
}

/** The value with a shape and entries. */
export function present(shape: Shape, data: Float64Array): Value {
  if (shape.length === 0) return data[0];
  if (shape.length === 1) return data;
  return shape.length === 2 ? { rows: shape[0], columns: shape[1], data } : { shape, data };
}

/** The shape of an array, traced or not. */
export function shapeOf(x: Operand): Shape {
  return isTraced(x) ? x.shape : contents(x, "take the shape").shape;
}

/**
 * A result as a number.
 *
 * @throws {TraceError} When it is traced or not a number.
 */
export function asNumber(x: Operand): number {
  if (typeof x === "number") return x;
  throw new TraceError(`Cannot use an array as a number: got ${kindOf(x)}${callerLine()}`);
}

/**
 * A result as a vector.
 *
 * @throws {TraceError} When it is traced or has not one axis.
 */
export function asVector(x: Operand): Float64Array {
  if (x instanceof Float64Array) return x;
  throw new TraceError(`Cannot use an array as a vector: got ${kindOf(x)}${callerLine()}`);
}

/**
 * A result as a matrix.
 *
 * @throws {TraceError} When it is traced or has not two axes.
 */
export function asMatrix(x: Operand): Matrix {
  if (isArrayObject(x) && "rows" in x) return x;
  throw new TraceError(`Cannot use an array as a matrix: got ${kindOf(x)}${callerLine()}`);
}

function kindOf(x: Operand): string {
  return isTraced(x) ? `a traced array of shape ${formatShape(x.shape)}` : `the shape ${formatShape(shapeOf(x))}`;
}
