/**
 * What all regions share: bodies are traced over operands and over what they close over; results lie packed in one
 * vector.
 *
 * @module
 */
import { TraceError } from "../errors.ts";
import { evaluate, interpreter } from "../interpret.ts";
import type { Node } from "../node.ts";
import type { Kernel } from "../primitive.ts";
import { pack } from "../primitives/packing.ts";
import { reshape } from "../primitives/structure.ts";
import { concatenate } from "../primitives/window.ts";
import type { Scratch } from "../scratch.ts";
import { sizeOf } from "../shape.ts";
import type { Program } from "../trace.ts";
import { leaves, replaceLeaves, type Tree } from "../tree.ts";
import { isTraced, present, toNode } from "../values.ts";
import { once } from "./programs.ts";

/** The arrays of a tree as nodes. */
export function nodesOf(tree: unknown, verb: string): Node[] {
  return leaves(tree).map((leaf) => toNode(leaf, verb));
}

/** Parts of a region's result in the form of a tree: nodes if anything is traced, else values. */
export function concludeRegion(
  parts: readonly Node[],
  result: Tree,
  operands: readonly unknown[],
  captured: readonly Node[],
): Tree {
  if (operands.some(isTraced) || captured.length > 0) return replaceLeaves(result, parts);
  const data = evaluate(parts);
  return replaceLeaves(result, parts.map(({ shape }, i) => present(shape, data[i])));
}

/** The program with its outputs in one vector. */
export function packed(program: Program): Program {
  return once(program, "packed", () => ({ inputs: program.inputs, outputs: [pack(program.outputs)] }));
}

/** What computes a program into one vector. */
export function bodyKernel(program: Program, scratch?: Scratch): Kernel {
  const body = interpreter(packed(program), scratch);
  return (inputs, out) => void body.run(inputs, [out]);
}

/** Results over a batch, with its axis in front, as one array of a vector for each member. */
export function packMembers(parts: readonly Node[], count: number): Node {
  return concatenate(parts.map((part) => reshape(part, [count, sizeOf(part.shape) / count])), 1);
}

/** Refuses results that have not the form that they must have. */
export function checkForm(verb: string, expected: readonly Node[], given: readonly Node[]): void {
  const form = (nodes: readonly Node[]): string => nodes.map(({ shape }) => `[${shape.join(", ")}]`).join(", ");
  if (form(expected) !== form(given)) {
    throw new TraceError(`Cannot ${verb}: expected results of the shapes ${form(expected)}, got ${form(given)}`);
  }
}
