/**
 * Which nodes of a program get memory. All others are computed in the loops of those that need them.
 *
 * Outputs, reductions, results of kernels and what kernels read do; so does what is expensive and needed twice, and
 * what would make the body of a loop too long. Scalars are local variables.
 *
 * @module
 */
import { applies, inputPrimitive, type Node, topological } from "../node.ts";
import { broadcastPrimitive, reshapePrimitive } from "../primitives/structure.ts";
import { keepsAxes, stretchOf } from "./places.ts";
import { COSTLY, costOf, isFixedGather, isShortSum, roleOf, termsOf } from "./roles.ts";

/** What is stored. */
export interface Storage {
  /** Arguments first. */
  readonly order: readonly Node[];
  /** Nodes with memory, or local variables if they are scalars, that are computed at each run. */
  readonly stored: ReadonlySet<Node>;
  /** Nodes that depend on constants alone and are computed once. */
  readonly known: ReadonlySet<Node>;
  /** How many formulas computing an entry takes, those of stored arguments not included. */
  readonly weight: ReadonlyMap<Node, number>;
}

/** Longer formulas are divided. */
const LONG = 200;

/** Whether a node keeps entries without being computed. */
export function isLeaf(node: Node): boolean {
  return roleOf(node) === "array" || roleOf(node) === "literal";
}

/**
 * Whether a broadcast repeats along other axes than the last ones: an entry is then asked for in several turns of outer
 * loops.
 */
function repeatsOuter(node: Node): boolean {
  return applies(node, broadcastPrimitive) && node.attribute[1].some((axis, i) => axis !== i);
}

/** The array of which a kernel reads the entries for this argument. */
export function operandOf(node: Node): Node {
  return applies(node, reshapePrimitive) ? operandOf(node.inputs[0]) : node;
}

/** Decides what is stored. */
export function storageOf(outputs: readonly Node[]): Storage {
  const order = topological(outputs), stored = new Set<Node>(), users = new Map<Node, Node[]>();
  const cost = new Map<Node, number>(), weight = new Map<Node, number>(), fixed = new Set<Node>();
  for (const node of order) {
    users.set(node, []);
    for (const input of node.inputs) users.get(input)!.push(node);
    const role = roleOf(node);
    if (!applies(node, inputPrimitive) && node.inputs.every((input) => fixed.has(input))) fixed.add(node);
    if (isLeaf(node)) {
      cost.set(node, 0);
      weight.set(node, role === "literal" ? 0 : 1);
      continue;
    }
    const times = isShortSum(node) ? termsOf(node) : 1;
    const total = (of: ReadonlyMap<Node, number>, counted: boolean): number =>
      node.inputs.reduce((sum, input) => sum + (counted && stored.has(input) ? 1 : of.get(input)!), 0);
    weight.set(node, times * total(weight, true) + (role === "view" ? 0 : times));
    if (role === "kernel" || role === "reduction" && !isShortSum(node)) stored.add(node);
    else if (role === "elementwise" && node.shape.length === 0) stored.add(node);
    else if (weight.get(node)! > LONG) stored.add(node);
    const own = times * (total(cost, false) + (role === "view" ? 0 : costOf(node)));
    cost.set(node, stored.has(node) ? 0 : own);
  }
  for (const output of outputs) if (!isLeaf(output)) stored.add(output);

  const inMemory = (node: Node): boolean =>
    roleOf(node) === "array" || stored.has(node) && (node.shape.length > 0 || roleOf(node) === "kernel");
  const needers = new Map<Node, readonly Node[]>(); // of each node that is not stored, up to two stored ones
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i], direct = users.get(node)!, found = new Set<Node>();
    for (const user of direct) {
      for (const needer of stored.has(user) ? [user] : needers.get(user)!) if (found.size < 2) found.add(needer);
    }
    needers.set(node, [...found]);
    if (!isLeaf(node) && !stored.has(node) && roleOf(node) !== "view") {
      const again = found.size > 1 || direct.some(repeatsOuter) || fixed.has(node);
      if (again && cost.get(node)! >= COSTLY) stored.add(node);
    }
    if (roleOf(node) === "kernel" || isFixedGather(node)) {
      for (const input of node.inputs) if (!isLeaf(operandOf(input))) stored.add(operandOf(input));
    } else if (
      applies(node, reshapePrimitive) && !keepsAxes(node) && stretchOf(node.inputs[0], inMemory) === undefined
    ) {
      if (!isLeaf(operandOf(node))) stored.add(operandOf(node));
    }
  }
  const known = new Set([...stored].filter((node) => fixed.has(node)));
  for (const node of known) stored.delete(node);
  return { order, stored, known, weight };
}
