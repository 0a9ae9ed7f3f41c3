/**
 * Running a program without code generation: one call of a kernel for each node, over buffers that are planned once.
 *
 * Buffers are given back after their last reader, and an elementwise node writes over an argument that nobody reads later. What
 * depends on constants alone is computed when the plan is made.
 *
 * @module
 */
import { ShapeError } from "../core/mod.ts";
import { TraceError } from "./errors.ts";
import { applies, constantPrimitive, inputPrimitive, literalPrimitive, type Node, topological } from "./node.ts";
import type { Kernel } from "./primitive.ts";
import { reshapePrimitive } from "./primitives/structure.ts";
import { formatShape, sizeOf } from "./shape.ts";
import { joinSiblings } from "./siblings.ts";
import { lower } from "./substitute.ts";
import type { Program } from "./trace.ts";

/** A program that can be run many times. It is not reentrant. */
export interface Executable {
  /** The size of its buffers. */
  readonly bytes: number;
  /**
   * Runs the program: entries of the inputs in order (numbers as arrays of one), into `outs` if given.
   *
   * @throws {ShapeError} When an array has another length, shares memory with an out, or is resizable.
   * @throws {TraceError} When it runs already.
   */
  run(inputs: readonly Float64Array[], outs?: readonly Float64Array[]): readonly Float64Array[];
}

interface Step {
  readonly kernel: Kernel;
  readonly from: readonly number[];
  readonly to: number;
  readonly operands: Float64Array[];
}

const empty = new Float64Array(0);

/** Refuses arrays of other lengths, on resizable memory, or out arrays that share memory with others. */
export function checkArrays(program: Program, inputs: readonly Float64Array[], outs: readonly Float64Array[]): void {
  checkLengths("inputs", program.inputs, inputs);
  checkLengths("outputs", program.outputs, outs);
  for (let i = 0; i < outs.length; i++) {
    for (let k = 0; k < inputs.length; k++) checkApart(outs[i], inputs[k]);
    for (let k = 0; k < i; k++) checkApart(outs[i], outs[k]);
  }
}

function checkLengths(what: string, nodes: readonly Node[], arrays: readonly Float64Array[]): void {
  if (arrays.length !== nodes.length) {
    throw new ShapeError(`Cannot run a program: expected ${nodes.length} ${what}, got ${arrays.length}`);
  }
  for (let i = 0; i < nodes.length; i++) {
    const array = arrays[i], size = sizeOf(nodes[i].shape);
    if (!(array instanceof Float64Array) || array.length !== size) {
      const got = array instanceof Float64Array ? `${array.length}` : String(array);
      throw new ShapeError(
        `Cannot run a program: expected ${size} entries of shape ${formatShape(nodes[i].shape)} at place ${i} of the ` +
          `${what}, got ${got}`,
      );
    }
    if ((array.buffer as { resizable?: boolean }).resizable === true) {
      throw new ShapeError(
        `Cannot run a program: expected ${what} on buffers of fixed length, got a resizable one at ${i}`,
      );
    }
  }
}

function checkApart(x: Float64Array, y: Float64Array): void {
  if (x.buffer !== y.buffer || x.length === 0 || y.length === 0) return;
  if (x.byteOffset < y.byteOffset + y.byteLength && y.byteOffset < x.byteOffset + x.byteLength) {
    throw new ShapeError("Cannot run a program: expected out arrays that share no memory with other arrays");
  }
}

/** The kernel of a node. */
function kernelOf(node: Node): Kernel {
  if (node.primitive.kernel !== undefined) return node.primitive.kernel(node);
  const input = applies(node, inputPrimitive);
  throw new TraceError(
    `Cannot run a program: ${
      input ? "it depends on a traced array from outside" : `${node.primitive.name} has no kernel`
    }`,
  );
}

/** Plans a program. */
export function interpreter(program: Program): Executable {
  const outputs = joinSiblings(lower(program.outputs)), order = topological(outputs);
  const buffers: Float64Array[] = program.inputs.map(() => empty), steps: Step[] = [], place = new Map<Node, number>();
  const known = new Set<number>(), last = new Map<number, number>(), free = new Map<number, number[]>();
  let bytes = 0;
  program.inputs.forEach((node, i) => place.set(node, i));
  const buffer = (size: number): number => {
    bytes += 8 * size;
    return buffers.push(new Float64Array(size)) - 1;
  };
  const rootOf = (node: Node): Node => applies(node, reshapePrimitive) ? rootOf(node.inputs[0]) : node;
  const roots = new Map(order.map((node) => [node, rootOf(node)]));
  const lastReader = new Map<Node, number>();
  order.forEach((node, at) => node.inputs.forEach((input) => lastReader.set(roots.get(input)!, at)));
  const outputRoots = new Set(outputs.map((output) => roots.get(output)!));

  order.forEach((node, at) => {
    if (place.has(node)) return;
    if (applies(node, literalPrimitive) || applies(node, constantPrimitive)) {
      const data = applies(node, constantPrimitive)
        ? node.attribute[1]
        : Float64Array.of((node as Node<number>).attribute);
      place.set(node, buffers.push(data) - 1);
      known.add(place.get(node)!);
      return;
    }
    const from = node.inputs.map((input) => place.get(input)!);
    if (roots.get(node) !== node) {
      place.set(node, from[0]);
      return;
    }
    const kernel = kernelOf(node),
      size = sizeOf(node.shape),
      constant = from.length > 0 && from.every((p) => known.has(p));
    const dying = node.inputs.map((input) => roots.get(input)!).filter((root) =>
      lastReader.get(root) === at && !outputRoots.has(root) && last.has(place.get(root)!)
    );
    let to = -1;
    if (!constant && !outputRoots.has(node)) {
      const over = node.primitive.emission === "elementwise"
        ? dying.find((root) => buffers[place.get(root)!].length === size)
        : undefined;
      if (over !== undefined) to = place.get(over)!;
      else to = free.get(size)?.pop() ?? -1;
    }
    if (to < 0) to = buffer(size);
    place.set(node, to);
    if (constant) {
      known.add(to);
      kernel(from.map((p) => buffers[p]), buffers[to]);
      return;
    }
    if (!outputRoots.has(node)) last.set(to, at);
    for (const p of new Set(dying.map((root) => place.get(root)!))) {
      if (p === to) continue;
      last.delete(p);
      const size = buffers[p].length, list = free.get(size);
      if (list === undefined) free.set(size, [p]);
      else list.push(p);
    }
    steps.push({ kernel, from, to, operands: from.map((p) => buffers[p]) });
  });

  // an output that is computed, and only once among the outputs, is computed into the caller's array
  const places = outputs.map((output) => place.get(output)!);
  const direct = places.map((p, i) => p >= program.inputs.length && !known.has(p) && places.indexOf(p) === i);
  let busy = false;
  const run = (inputs: readonly Float64Array[], given?: readonly Float64Array[]): readonly Float64Array[] => {
    if (busy) throw new TraceError("Cannot run a program: it runs already, and is not reentrant");
    const outs = given ?? outputs.map((output) => new Float64Array(sizeOf(output.shape)));
    checkArrays(program, inputs, outs);
    busy = true;
    try {
      for (let i = 0; i < inputs.length; i++) buffers[i] = inputs[i];
      for (let i = 0; i < outs.length; i++) if (direct[i]) buffers[places[i]] = outs[i];
      for (let s = 0; s < steps.length; s++) {
        const { kernel, from, to, operands } = steps[s];
        for (let i = 0; i < from.length; i++) operands[i] = buffers[from[i]];
        kernel(operands, buffers[to]);
      }
      for (let i = 0; i < outs.length; i++) if (!direct[i]) outs[i].set(buffers[places[i]]);
    } finally {
      busy = false;
    }
    return outs;
  };
  return { bytes, run };
}

/** The entries of nodes, for given entries of inputs. */
export function evaluate(
  outputs: readonly Node[],
  inputs: readonly Node[] = [],
  values: readonly Float64Array[] = [],
): readonly Float64Array[] {
  return interpreter({ inputs, outputs }).run(values);
}
