/**
 * Tracing: a function of arrays is called on fresh inputs and leaves a program. Fresh inputs make nesting safe: what an
 * inner transformation differentiates never meets what an outer one does.
 *
 * @module
 */
import { TraceError } from "./errors.ts";
import {
  applies,
  constantPrimitive,
  input,
  inputPrimitive,
  literalPrimitive,
  Node,
  sharing,
  topological,
} from "./node.ts";
import { formatShape, type Shape } from "./shape.ts";
import { substitute } from "./substitute.ts";
import { leaves, replaceLeaves, type Tree } from "./tree.ts";
import { contents, isTraced, toNode } from "./values.ts";

/** A function as a graph: outputs as nodes over inputs. */
export interface Program {
  /** What is given, in order. */
  readonly inputs: readonly Node[];
  /** What is computed, in order. */
  readonly outputs: readonly Node[];
}

/** A program with the tree of its outputs. */
export interface TracedProgram extends Program {
  /** The result of the function, with nodes as arrays. */
  readonly result: Tree;
}

/** A stand-in for an array of which the shape alone is known, where a function is traced. */
export class ShapeOnly {
  /** An array of this shape. */
  constructor(readonly shape: Shape) {}
}

/**
 * A stand-in for an array of a shape, as an argument of `trace`.
 *
 * @throws {TraceError} When a length is no whole number.
 */
export function ofShape(...shape: number[]): ShapeOnly {
  if (shape.every((n) => Number.isSafeInteger(n) && n >= 0)) return new ShapeOnly(shape);
  throw new TraceError(`Cannot make an array: expected whole lengths, got ${formatShape(shape)}`);
}

/** An array or what stands for it, or a tuple or record of these. */
export type Example = Tree | ShapeOnly | readonly Example[] | { readonly [key: string]: Example };

/**
 * The program of a function for arguments of the shapes of these. Arrays that the function closes over become constants
 * by reference.
 *
 * @throws {TraceError} When the function uses a traced array as a number, or returns what is no array.
 */
export function trace(f: (...inputs: never) => Tree, ...examples: readonly Example[]): TracedProgram {
  return sharing(() => {
    const inputs: Node[] = [];
    const inputTrees = examples.map((example) => {
      const fresh = leaves(example).map((leaf) => input(shapeOfExample(leaf)));
      inputs.push(...fresh);
      return replaceLeaves(example, fresh);
    });
    const result = (f as (...inputs: readonly Tree[]) => Tree)(...inputTrees);
    const outputs = leaves(result).map((leaf) => toNode(leaf, "return from a traced function"));
    return { inputs, outputs, result: replaceLeaves(result, outputs) };
  });
}

function shapeOfExample(leaf: unknown): Shape {
  if (leaf instanceof ShapeOnly || isTraced(leaf)) return leaf.shape;
  return contents(leaf, "trace a function").shape;
}

/** A program that depends on nothing but its inputs, and the nodes from outside that its last inputs stand for. */
export interface ClosedProgram extends Program {
  /** Nodes of the surrounding program that the function closed over; the last inputs in the same order. */
  readonly captured: readonly Node[];
}

/**
 * The program of a function as the body of a region: nodes from outside that it uses become further inputs. A region
 * node takes its own operands and then `captured` as inputs.
 */
export function traceClosed(
  f: (...inputs: never) => Tree,
  ...examples: readonly Example[]
): ClosedProgram & TracedProgram {
  return sharing(() => {
    const start = new Node(literalPrimitive, [], 0, []).id, traced = trace(f, ...examples);
    const own = new Set(traced.inputs);
    const isOutside = (node: Node): boolean => node.id < start && !isConstant(node) && !own.has(node);
    const captured = topological(traced.outputs, isOutside).filter(isOutside);
    const stands = captured.map((node) => input(node.shape));
    const outputs = substitute(traced.outputs, new Map(captured.map((node, i) => [node, stands[i]])));
    return { inputs: [...traced.inputs, ...stands], outputs, captured, result: replaceLeaves(traced.result, outputs) };
  });
}

function isConstant(node: Node): boolean {
  return topological([node]).every((n) =>
    n.inputs.length > 0 || applies(n, constantPrimitive) || applies(n, literalPrimitive)
  );
}

/** The inputs that nodes depend on. */
export function freeInputs(outputs: readonly Node[]): Node[] {
  return topological(outputs).filter((node) => applies(node, inputPrimitive));
}
