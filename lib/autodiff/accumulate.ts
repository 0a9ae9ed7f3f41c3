/**
 * Sums of cotangents. A function that reads its argument entry by entry leaves one padded entry for each: these are
 * joined, so that the gradient costs what the function costs, not n times n.
 *
 * @module
 */
import { applies, type Node } from "./node.ts";
import { add } from "./primitives/arithmetic.ts";
import { zeros } from "./primitives/structure.ts";
import { concatenate, padPrimitive, type Window } from "./primitives/window.ts";
import type { Shape } from "./shape.ts";

/** From how many windows on it is worth to join them. */
const MANY = 5;

/** The sum of nodes of one shape. */
export function total(parts: readonly Node[]): Node {
  const windows = parts.filter(isPad), joined = windows.length < MANY ? undefined : join(windows);
  const summands = joined === undefined ? parts : [...parts.filter((part) => !isPad(part)), joined];
  return summands.reduce((a, b) => add(a, b));
}

function isPad(node: Node): node is Node<Window> {
  return applies(node, padPrimitive);
}

/**
 * Windows side by side along one axis, with zeros between them; undefined if they overlap or differ on another axis.
 */
function join(windows: readonly Node<Window>[]): Node | undefined {
  const { shape } = windows[0], axis = windows[0].inputs[0].shape.findIndex((n, i) => n !== shape[i]);
  const fits = windows.every(({ inputs: [part] }) => part.shape.every((n, i) => i === axis || n === shape[i]));
  if (!fits) return undefined;
  const sorted = [...windows].sort((a, b) => a.attribute[0][axis] - b.attribute[0][axis]), pieces: Node[] = [];
  const blank = (length: number): Shape => shape.map((n, i) => i === axis ? length : n);
  let at = 0;
  for (const { attribute: [starts], inputs: [part] } of sorted) {
    if (starts[axis] < at) return undefined;
    if (starts[axis] > at) pieces.push(zeros(blank(starts[axis] - at)));
    pieces.push(part);
    at = starts[axis] + part.shape[axis];
  }
  if (at < shape[axis]) pieces.push(zeros(blank(shape[axis] - at)));
  return concatenate(pieces, axis);
}
