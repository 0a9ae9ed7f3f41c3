/**
 * Axes as callers write them: negative ones count from the last.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import type { Node } from "../node.ts";
import { permute, reshape } from "../primitives/structure.ts";
import { otherAxes, range, type Shape } from "../shape.ts";

/** One axis or several; negative ones count from the last. */
export type Axes = number | readonly number[];

/** One axis, counted from the first. */
export function axisOf(name: string, shape: Shape, axis: number): number {
  const counted = axis < 0 ? axis + shape.length : axis;
  if (Number.isSafeInteger(counted) && counted >= 0 && counted < shape.length) return counted;
  return refuse(name, `an axis of the array, not ${axis}`, shape);
}

/** Axes counted from the first, in order; all if none are given. */
export function axesOf(name: string, shape: Shape, axes?: Axes): number[] {
  if (axes === undefined) return range(0, shape.length);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => axisOf(name, shape, axis)).sort((a, b) =>
    a - b
  );
  if (list.some((axis, i) => axis === list[i - 1])) refuse(name, `different axes, not [${axes}]`, shape);
  return list;
}

/** The order of axes that brings these to the end, neighbours of each other, and its inverse. */
export function toEnd(rank: number, axes: readonly number[]): readonly [order: number[], inverse: number[]] {
  const order = [...otherAxes(rank, axes), ...axes];
  return [order, order.map((_, i) => order.indexOf(i))];
}

/** With the axes moved to the end. */
export function movedToEnd(node: Node, axes: readonly number[]): Node {
  return permute(node, toEnd(node.shape.length, axes)[0]);
}

/** With length 1 at the axes that were reduced, if they are to be kept. */
export function keeping(node: Node, shape: Shape, axes: readonly number[], keepAxes: boolean | undefined): Node {
  return keepAxes === true ? reshape(node, shape.map((n, i) => axes.includes(i) ? 1 : n)) : node;
}
