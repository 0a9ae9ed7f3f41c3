/**
 * How array functions meet their arguments: on values they compute at once, on traced arrays they build nodes.
 *
 * @module
 */
import { evaluate } from "../interpret.ts";
import type { Node } from "../node.ts";
import { isTraced, type Operand, present, toNode } from "../values.ts";

/** The result of a function of nodes on arrays, of which some may be traced. */
export function apply(name: string, build: (...nodes: Node[]) => Node, ...operands: readonly Operand[]): Operand {
  const nodes = operands.map((operand) => toNode(operand, `apply ${name}`)), node = build(...nodes);
  return operands.some(isTraced) ? node : present(node.shape, evaluate([node])[0]);
}

/** The same for functions with several results. */
export function applySeveral(
  name: string,
  build: (...nodes: Node[]) => Node[],
  ...operands: readonly Operand[]
): Operand[] {
  const nodes = operands.map((operand) => toNode(operand, `apply ${name}`)), results = build(...nodes);
  if (operands.some(isTraced)) return results;
  return evaluate(results).map((data, i) => present(results[i].shape, data));
}
