/**
 * The two halves of differentiation, on nodes: pushing tangents forward, and pulling cotangents back through a linear
 * program. Reverse mode is both in turn.
 *
 * @module
 */
import { total } from "./accumulate.ts";
import { TraceError } from "./errors.ts";
import { type Node, topological } from "./node.ts";
import type { Tangent } from "./primitive.ts";

/** The tangents of outputs for given tangents of some nodes; all others count as constant. */
export function pushforward(outputs: readonly Node[], seeds: ReadonlyMap<Node, Node>): Tangent[] {
  const tangents = new Map<Node, Tangent>(seeds);
  for (const node of topological(outputs, (node) => seeds.has(node))) {
    if (tangents.has(node) || node.inputs.length === 0) continue;
    const given = node.inputs.map((input) => tangents.get(input));
    if (given.some((t) => t !== undefined)) tangents.set(node, node.primitive.jvp(node, given));
  }
  return outputs.map((output) => tangents.get(output));
}

/**
 * The cotangents of `inputs` for given cotangents of outputs that are linear in them: the transposed program.
 *
 * @throws {TraceError} When a primitive on the way has no transpose.
 */
export function pullback(
  outputs: readonly Tangent[],
  inputs: readonly Node[],
  seeds: readonly Tangent[],
): Tangent[] {
  const live = outputs.filter((output) => output !== undefined), order = topological(live);
  const linear = new Set(inputs);
  for (const node of order) if (node.inputs.some((input) => linear.has(input))) linear.add(node);
  const parts = new Map<Node, Node[]>();
  const receive = (node: Node, part: Tangent): void => {
    if (part === undefined) return;
    const list = parts.get(node);
    if (list === undefined) parts.set(node, [part]);
    else list.push(part);
  };
  outputs.forEach((output, i) => output && receive(output, seeds[i]));
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i], list = parts.get(node);
    if (list === undefined || node.inputs.length === 0 || !linear.has(node)) continue;
    const marks = node.inputs.map((input) => linear.has(input));
    if (node.primitive.transpose === undefined) {
      throw new TraceError(`Cannot differentiate in reverse mode: ${node.primitive.name} has no transpose`);
    }
    const given = node.primitive.transpose(node, total(list), marks);
    for (let k = 0; k < marks.length; k++) if (marks[k]) receive(node.inputs[k], given[k]);
  }
  return inputs.map((input) => {
    const list = parts.get(input);
    return list && total(list);
  });
}
