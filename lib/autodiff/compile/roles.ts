/**
 * What a code generator can do with a node of a lowered program.
 *
 * @module
 */
import { applies, constantPrimitive, inputPrimitive, literalPrimitive, type Node } from "../node.ts";
import { gatherPrimitive, scatterAddPrimitive } from "../primitives/index.ts";
import { largestPrimitive, sumPrimitive } from "../primitives/reductions.ts";
import { broadcastPrimitive, permutePrimitive, reshapePrimitive } from "../primitives/structure.ts";
import { concatenatePrimitive, padPrimitive, slicePrimitive } from "../primitives/window.ts";
import { type Shape, sizeOf } from "../shape.ts";

/** What a node is to the generator; whatever it cannot write as a formula is the call of a kernel. */
export type Role = "literal" | "array" | "elementwise" | "view" | "reduction" | "kernel";

const views: ReadonlySet<number> = new Set(
  [broadcastPrimitive, permutePrimitive, reshapePrimitive, slicePrimitive, padPrimitive, concatenatePrimitive]
    .map(({ id }) => id),
);

/** The role of a node. */
export function roleOf(node: Node): Role {
  const { primitive } = node;
  if (applies(node, literalPrimitive)) return "literal";
  if (applies(node, inputPrimitive) || applies(node, constantPrimitive)) return "array";
  if (primitive.expression !== undefined) return "elementwise";
  if (views.has(primitive.id) || isFixedGather(node)) return "view";
  return applies(node, sumPrimitive) || applies(node, largestPrimitive) || isFixedScatter(node)
    ? "reduction"
    : "kernel";
}

/** Whether a node takes entries at constant indices. */
export function isFixedGather(node: Node): node is Node<number> {
  return applies(node, gatherPrimitive) && applies(node.inputs[1], constantPrimitive);
}

/** Whether a node adds entries at constant indices. */
export function isFixedScatter(node: Node): node is Node<readonly [axis: number, length: number]> {
  return applies(node, scatterAddPrimitive) && applies(node.inputs[1], constantPrimitive);
}

/** The shape over which a node is computed. */
export function domainOf(node: Node): Shape {
  return roleOf(node) === "reduction" ? node.inputs[0].shape : node.shape;
}

/** The axes of its domain that a reduction removes or replaces, from the first up to, not including, the second. */
export function reducedAxes(node: Node): readonly [start: number, end: number] {
  if (isFixedScatter(node)) return [node.attribute[0], node.attribute[0] + node.inputs[1].shape.length];
  return node.attribute as readonly [number, number];
}

/** Sums of at most so many entries are written out where they are needed. */
const FEW = 4;

/** Whether a node is a short sum. */
export function isShortSum(node: Node): boolean {
  return applies(node, sumPrimitive) && termsOf(node) <= FEW;
}

/** How many entries of the argument a sum adds. */
export function termsOf(node: Node): number {
  const [start, end] = reducedAxes(node);
  return sizeOf(node.inputs[0].shape.slice(start, end));
}

/** About how long one entry takes, in additions. */
export function costOf(node: Node): number {
  const formula = node.primitive.expression?.(node.inputs.map(() => "a"), node.attribute);
  if (formula === undefined) return 0;
  if (/Math\.(?!max|min|abs|floor|sign|sqrt)|erf/.test(formula)) return 20;
  return /\/|sqrt/.test(formula) ? 5 : 1;
}

/** At this cost an entry is rather stored than computed twice. */
export const COSTLY = 4;
