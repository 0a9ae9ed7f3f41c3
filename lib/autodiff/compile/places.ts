/**
 * Places in arrays, axis by axis, as loops run: a view never moves entries, it changes the place that is asked of its
 * argument.
 *
 * @module
 */
import { applies, type Node } from "../node.ts";
import { broadcastPrimitive, permutePrimitive, reshapePrimitive } from "../primitives/structure.ts";
import { padPrimitive, slicePrimitive } from "../primitives/window.ts";
import { sameNumbers, type Shape, stridesOf } from "../shape.ts";

/**
 * The variable of the loop at a level, or none at level -1, plus an offset; or a variable that was read from an array
 * of indices.
 */
export interface Place {
  /** Of the loop, or of that on which the variable depends; -1 for a constant. */
  readonly level: number;
  /** What is added. */
  readonly offset: number;
  /** An index that was read. */
  readonly variable?: string;
}

/** A constant place. */
export function fixedAt(offset: number): Place {
  return { level: -1, offset };
}

/** Where an index that was read in places of the array of indices, held by a variable, is. */
export function readAt(variable: string, places: readonly Place[]): Place {
  return { level: deepest(places), offset: 0, variable };
}

/** The places that loops over all axes of a shape visit. */
export function everywhere(shape: Shape): Place[] {
  return shape.map((_, level) => ({ level, offset: 0 }));
}

/** The deepest loop on which places depend. */
export function deepest(places: readonly Place[]): number {
  let level = -1;
  for (const place of places) if (place.level > level) level = place.level;
  return level;
}

/** Tells entries of nodes apart. */
export function keyOf(node: Node, places: readonly Place[]): string {
  let key = `${node.id}@`;
  for (const { level, offset, variable = level } of places) key += `${variable}:${offset},`;
  return key;
}

function moved(places: readonly Place[], by: readonly number[], sign: number): Place[] {
  return places.map(({ level, offset }, axis) => ({ level, offset: offset + sign * by[axis] }));
}

/** Whether a reshape adds or removes nothing but axes of length 1. */
export function keepsAxes(node: Node): boolean {
  const long = (shape: Shape): number[] => shape.filter((n) => n !== 1);
  return sameNumbers(long(node.shape), long(node.inputs[0].shape));
}

/**
 * Where the argument of a view of one argument is asked for the entry at these places; nothing for a reshape that joins
 * or divides axes and for what reads indices. For padding the places may lie outside.
 */
export function source(node: Node, places: readonly Place[]): readonly Place[] | undefined {
  if (applies(node, broadcastPrimitive)) return node.attribute[1].map((axis) => places[axis]);
  if (applies(node, permutePrimitive)) {
    const asked = new Array<Place>(places.length);
    node.attribute.forEach((axis, i) => asked[axis] = places[i]);
    return asked;
  }
  if (applies(node, slicePrimitive)) return moved(places, node.attribute[0], 1);
  if (applies(node, padPrimitive)) return moved(places, node.attribute[0], -1);
  if (!applies(node, reshapePrimitive) || !keepsAxes(node)) return undefined;
  const kept = places.filter((_, axis) => node.shape[axis] !== 1);
  let next = 0;
  return node.inputs[0].shape.map((n) => n === 1 ? fixedAt(0) : kept[next++]);
}

/** Where the arguments of joined arrays start along the axis of joining, and where the last ends. */
export function boundaries({ inputs, attribute }: Node<number>): number[] {
  const starts = [0];
  for (const { shape } of inputs) starts.push(starts[starts.length - 1] + shape[attribute]);
  return starts;
}

/** The places in the argument that starts at `start` along an axis. */
export function withinPart(places: readonly Place[], axis: number, start: number): Place[] {
  return places.map((place, i) => i === axis ? { level: place.level, offset: place.offset - start } : place);
}

/** A run of entries in the memory of an array. */
export interface Stretch {
  /** The array. */
  readonly base: Node;
  /** Where it starts. */
  readonly offset: number;
}

/** Where the entries of a node lie row-major in memory, if they do so without being moved. */
export function stretchOf(node: Node, inMemory: (node: Node) => boolean): Stretch | undefined {
  if (inMemory(node)) return { base: node, offset: 0 };
  if (applies(node, reshapePrimitive)) return stretchOf(node.inputs[0], inMemory);
  if (!applies(node, slicePrimitive)) return undefined;
  const [starts] = node.attribute, { shape } = node.inputs[0];
  const last = node.shape.findIndex((n, axis) => n !== shape[axis]); // a window on one axis, behind axes of length 1
  if (!node.shape.every((n, axis) => axis < last ? n === 1 : axis === last || n === shape[axis])) return undefined;
  const inner = stretchOf(node.inputs[0], inMemory);
  const offset = stridesOf(shape).reduce((total, step, axis) => total + step * starts[axis], 0);
  return inner && { base: inner.base, offset: inner.offset + offset };
}
