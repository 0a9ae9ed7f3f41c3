/**
 * What all transformations share: a function is traced on fresh inputs, the nodes that come of it are computed at once
 * when all arguments are values, and otherwise become part of the program around.
 *
 * @module
 */
import { ShapeError } from "../core/mod.ts";
import { callerLine, TraceError } from "./errors.ts";
import { type Executable, interpreter } from "./interpret.ts";
import { input, type Node } from "./node.ts";
import { zeros } from "./primitives/structure.ts";
import type { Tangent } from "./primitive.ts";
import { pullback, pushforward } from "./differentiate.ts";
import { formatShape, sameNumbers } from "./shape.ts";
import { substitute } from "./substitute.ts";
import { freeInputs, trace, type TracedProgram } from "./trace.ts";
import { leaves, replaceLeaves, type Tree } from "./tree.ts";
import { contents, isTraced, type Operand, present, toNode } from "./values.ts";

/** A function of arrays, or of tuples and records of arrays. */
export type ArrayFunction = (...inputs: never) => Tree;

/**
 * The result in the place of its inputs: nodes over the arguments, or values if there is nothing traced in them.
 *
 * @param outputs Nodes over `inputs`, and perhaps over traced arrays from outside.
 */
export function conclude(outputs: readonly Node[], inputs: readonly Node[], operands: readonly unknown[]): Operand[] {
  const own = new Set(inputs);
  if (operands.some(isTraced) || freeInputs(outputs).some((node) => !own.has(node))) {
    const nodes = operands.map((operand) => toNode(operand, "differentiate"));
    return substitute(outputs, new Map(inputs.map((node, i) => [node, nodes[i]])));
  }
  return valuesOf(interpreter({ inputs, outputs }), outputs, operands);
}

function valuesOf(executable: Executable, outputs: readonly Node[], operands: readonly unknown[]): Operand[] {
  const data = executable.run(operands.map((operand) => contents(operand, "differentiate").data));
  return outputs.map((output, i) => present(output.shape, data[i]));
}

/**
 * The map from further operands to outputs that are nodes over `variables` and over `inputs`, where the latter are
 * fixed now. On values, what depends on the fixed ones alone is computed once.
 */
export function fixed(
  outputs: readonly Node[],
  inputs: readonly Node[],
  operands: readonly unknown[],
  variables: readonly Node[],
): (given: readonly unknown[]) => Operand[] {
  const nodes = operands.map((operand) => toNode(operand, "differentiate"));
  const bound = substitute(outputs, new Map(inputs.map((node, i) => [node, nodes[i]])));
  const own = new Set(variables), closed = freeInputs(bound).every((node) => own.has(node));
  let executable: Executable | undefined;
  return (given) =>
    closed && !given.some(isTraced)
      ? valuesOf(executable ??= interpreter({ inputs: variables, outputs: bound }), bound, given)
      : conclude(bound, variables, given);
}

/** A traced function whose first arrays are variables. */
export interface Differentiable extends TracedProgram {
  /** The inputs that belong to the first `count` arguments. */
  readonly variables: readonly Node[];
  /** The arrays of all arguments, in order. */
  readonly operands: readonly unknown[];
}

/** Traces a function at these arguments; `count` of them are variables. */
export function traceAt(f: ArrayFunction, primals: readonly Tree[], count: number): Differentiable {
  const program = trace(f, ...primals), variables = program.inputs.slice(0, leaves(primals.slice(0, count)).length);
  return { ...program, variables, operands: leaves(primals) };
}

/** Fresh inputs of the same shapes. */
export function freshLike(nodes: readonly Node[]): Node[] {
  return nodes.map((node) => input(node.shape));
}

/** The tangents of all outputs, zeros filled in. */
export function tangentsOf(outputs: readonly Node[], variables: readonly Node[], tangents: readonly Node[]): Node[] {
  const seeds = new Map(variables.map((node, i) => [node, tangents[i]]));
  return filled(pushforward(outputs, seeds), outputs);
}

/** The cotangents of all variables, zeros filled in. */
export function cotangentsOf(outputs: readonly Node[], variables: readonly Node[], seeds: readonly Node[]): Node[] {
  const directions = freshLike(variables);
  const tangents = pushforward(outputs, new Map(variables.map((node, i) => [node, directions[i]])));
  return filled(pullback(tangents, directions, seeds), variables);
}

function filled(tangents: readonly Tangent[], like: readonly Node[]): Node[] {
  return tangents.map((tangent, i) => tangent ?? zeros(like[i].shape));
}

/**
 * The arrays of a tree of tangents or cotangents, checked against the shapes that they must have.
 *
 * @throws {ShapeError} When number or shapes differ.
 */
export function checkedLeaves(verb: string, tree: unknown, like: readonly Node[]): unknown[] {
  const given = leaves(tree);
  if (given.length !== like.length) {
    throw new ShapeError(`Cannot ${verb}: expected ${like.length} arrays, got ${given.length}${callerLine()}`);
  }
  given.forEach((leaf, i) => {
    const shape = isTraced(leaf) ? leaf.shape : contents(leaf, verb).shape;
    if (!sameNumbers(shape, like[i].shape)) {
      throw new ShapeError(
        `Cannot ${verb}: expected shape ${formatShape(like[i].shape)}, got ${formatShape(shape)}${callerLine()}`,
      );
    }
  });
  return given;
}

/**
 * The one output of a program, which must be a scalar.
 *
 * @throws {TraceError} When there are several, or it is no scalar.
 */
export function scalarOutput(verb: string, outputs: readonly Node[]): Node {
  if (outputs.length === 1 && outputs[0].shape.length === 0) return outputs[0];
  const got = outputs.map((output) => formatShape(output.shape)).join(", ");
  throw new TraceError(`Cannot ${verb}: expected one scalar, got ${got}${callerLine()}; sum it, or take its jacobian`);
}

/** A tree of operands in the form of another tree. */
export function shaped(tree: unknown, arrays: readonly Operand[]): Tree {
  return replaceLeaves(tree, arrays);
}
