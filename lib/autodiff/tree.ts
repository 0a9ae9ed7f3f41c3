/**
 * Arguments and results made of several arrays: tuples and records of arrays, nested.
 *
 * @module
 */
import type { Node } from "./node.ts";
import { isArrayObject, isTraced, type Operand, type Value } from "./values.ts";

/** An array, or a tuple or record of these. */
export type Tree = Operand | readonly Tree[] | { readonly [key: string]: Tree };

/** The type of what has the same arrays at the same places, as a gradient has. */
export type Like<T> = T extends number ? number : T extends Value | Node ? T : { [K in keyof T]: Like<T[K]> };

/**
 * Whether this is an array, traced or not, rather than a tuple or record; what is neither counts as an array and is
 * refused there.
 */
function isLeaf(x: unknown): boolean {
  if (typeof x !== "object" || x === null) return true;
  if (isTraced(x) || isArrayObject(x) || ArrayBuffer.isView(x)) return true;
  return !Array.isArray(x) && Object.getPrototypeOf(x) !== Object.prototype && Object.getPrototypeOf(x) !== null;
}

/** The arrays of a tree, in order. */
export function leaves(tree: unknown, into: unknown[] = []): unknown[] {
  if (isLeaf(tree)) into.push(tree);
  else for (const child of Object.values(tree as object)) leaves(child, into);
  return into;
}

/** The tree with other arrays, taken in order from an iterator. */
function refill(tree: unknown, next: () => Operand): Tree {
  if (isLeaf(tree)) return next();
  if (Array.isArray(tree)) return tree.map((child) => refill(child, next));
  return Object.fromEntries(Object.entries(tree as object).map(([key, child]) => [key, refill(child, next)]));
}

/** The tree with other arrays in the same order. */
export function replaceLeaves(tree: unknown, arrays: readonly Operand[]): Tree {
  let at = 0;
  return refill(tree, () => arrays[at++]);
}
