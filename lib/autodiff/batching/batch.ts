/**
 * Programs over a batch: every node that depends on a batched input gets one more axis in front.
 *
 * @module
 */
import { input, type Node, topological } from "../node.ts";
import { broadcastAxes, permute, reshape } from "../primitives/structure.ts";
import { concatenate, slice } from "../primitives/window.ts";
import { range } from "../shape.ts";
import { substitute } from "../substitute.ts";
import type { Program } from "../trace.ts";
import { entrywise, rules } from "./rules.ts";

/** A node over a batch with its axis in front, or one that is the same for all. */
export interface Batched {
  /** The node. */
  readonly node: Node;
  /** Whether it has the axis. */
  readonly batched: boolean;
}

/** The node with an axis moved to the front. */
export function toFront(node: Node, axis: number): Node {
  return permute(node, [axis, ...range(0, node.shape.length).filter((other) => other !== axis)]);
}

/** The node repeated along a new first axis. */
export function repeated(node: Node, count: number): Node {
  return broadcastAxes(node, [count, ...node.shape], range(1, node.shape.length + 1));
}

/** The same node for each member of the batch, side by side; for primitives without a rule. */
function unrolled(node: Node, inputs: readonly Node[], axes: readonly (number | null)[], count: number): Node {
  const members = range(0, count).map((i) => {
    const own = inputs.map((given, k) => {
      if (axes[k] === null) return given;
      const shape = given.shape.slice(1);
      return reshape(slice(given, given.shape.map((_, axis) => axis === 0 ? i : 0), [1, ...shape]), shape);
    });
    const member = substitute([node], new Map(node.inputs.map((given, k) => [given, own[k]])))[0];
    return reshape(member, [1, ...node.shape]);
  });
  return concatenate(members, 0);
}

/** The node applied to arguments of which some have the axis of the batch in front. */
function batchedNode(node: Node, arguments_: readonly Batched[], count: number): Node {
  const inputs = arguments_.map(({ node }) => node), axes = arguments_.map(({ batched }) => batched ? 0 : null);
  if (node.primitive.batch !== undefined) {
    const [result, axis] = node.primitive.batch(node, inputs, axes);
    return axis === 0 ? result : toFront(result, axis);
  }
  const rule = node.primitive.emission === "elementwise" ? entrywise : rules.get(node.primitive.id);
  return rule?.(node, inputs, axes, count) ?? unrolled(node, inputs, axes, count);
}

/** The outputs over a batch of `count`, for replacements of some nodes. */
export function batch(
  outputs: readonly Node[],
  replacements: ReadonlyMap<Node, Batched>,
  count: number,
): Batched[] {
  const images = new Map<Node, Batched>(replacements);
  for (const node of topological(outputs, (node) => replacements.has(node))) {
    if (images.has(node)) continue;
    const given = node.inputs.map((input) => images.get(input)!);
    if (given.some(({ batched }) => batched)) {
      images.set(node, { node: batchedNode(node, given, count), batched: true });
    } else {
      const same = substitute([node], new Map(node.inputs.map((input, i) => [input, given[i].node])))[0];
      images.set(node, { node: same, batched: false });
    }
  }
  return outputs.map((output) => images.get(output)!);
}

/** The program over a batch: marked inputs and all outputs have the axis. */
export function batchProgram(program: Program, marks: readonly boolean[], count: number): Program {
  const inputs = program.inputs.map(({ shape }, i) => input(marks[i] ? [count, ...shape] : shape));
  const images = new Map(program.inputs.map((node, i) => [node, { node: inputs[i], batched: marks[i] }]));
  const outputs = batch(program.outputs, images, count);
  return { inputs, outputs: outputs.map(({ node, batched }) => batched ? node : repeated(node, count)) };
}
