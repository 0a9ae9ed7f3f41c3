/**
 * Running a program without code generation: one call of a kernel for each node, over buffers that are planned once.
 *
 * Buffers are given back after their last reader, and an elementwise node writes over an argument that nobody reads
 * later. What depends on constants alone is computed when the plan is made.
 *
 * @module
 */
import { ShapeError } from "../core/mod.ts";
import { TraceError } from "./errors.ts";
import { applies, constantPrimitive, inputPrimitive, type Node, topological } from "./node.ts";
import type { Kernel } from "./primitive.ts";
import { reshapePrimitive, uniform } from "./primitives/structure.ts";
import { formatShape, sizeOf } from "./shape.ts";
import { Scratch } from "./scratch.ts";
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

/**
 * What refuses arrays of other lengths than a program's, on resizable memory, or out arrays that share memory with
 * others. Of the arrays of the last call it knows all but the length, which is 0 once their memory is taken away.
 */
export function checksOf(
  { inputs: given, outputs }: Program,
): (inputs: readonly Float64Array[], outs: readonly Float64Array[]) => void {
  const shapes = [...given, ...outputs].map(({ shape }) => shape), sizes = shapes.map(sizeOf), first = given.length;
  const seen: Float64Array[] = sizes.map(() => empty), buffers: ArrayBufferLike[] = seen.map(({ buffer }) => buffer);
  const refuse = (expected: string, k: number, got: string): never => {
    const what = k < first ? "inputs" : "outputs", place = k < first ? k : k - first;
    throw new ShapeError(`Cannot run a program: expected ${expected} at place ${place} of the ${what}, got ${got}`);
  };
  return (inputs, outs) => {
    checkCount("inputs", first, inputs.length);
    checkCount("outputs", sizes.length - first, outs.length);
    for (let k = 0; k < sizes.length; k++) {
      const array = k < first ? inputs[k] : outs[k - first];
      if (!(array instanceof Float64Array) || array.length !== sizes[k]) {
        const got = array instanceof Float64Array ? `${array.length}` : String(array);
        refuse(`${sizes[k]} entries of shape ${formatShape(shapes[k])}`, k, got);
      }
      if (array === seen[k]) continue;
      const { buffer } = array;
      if ((buffer as { resizable?: boolean }).resizable === true) {
        refuse("a buffer of fixed length", k, "a resizable one");
      }
      seen[k] = array;
      buffers[k] = buffer;
    }
    for (let k = first; k < sizes.length; k++) {
      for (let l = 0; l < k; l++) if (buffers[k] === buffers[l]) checkApart(seen[k], seen[l]);
    }
  };
}

function checkCount(what: string, expected: number, got: number): void {
  if (got !== expected) throw new ShapeError(`Cannot run a program: expected ${expected} ${what}, got ${got}`);
}

/** Refuses arrays in one buffer that overlap. */
function checkApart(x: Float64Array, y: Float64Array): void {
  if (x.length === 0 || y.length === 0) return;
  if (x.byteOffset < y.byteOffset + y.byteLength && y.byteOffset < x.byteOffset + x.byteLength) {
    throw new ShapeError("Cannot run a program: expected out arrays that share no memory with other arrays");
  }
}

/** The kernel of a node. */
function kernelOf(node: Node, scratch: Scratch): Kernel {
  if (node.primitive.kernel !== undefined) return node.primitive.kernel(node, scratch);
  const input = applies(node, inputPrimitive);
  throw new TraceError(
    `Cannot run a program: ${
      input ? "it depends on a traced array from outside" : `${node.primitive.name} has no kernel`
    }`,
  );
}

/** What runs a program: steps over numbered buffers, of which the first are the inputs. */
interface Plan {
  readonly buffers: Float64Array[];
  readonly steps: readonly Step[];
  /** The buffers of the outputs. */
  readonly places: readonly number[];
  /** The buffers of constants, and of what was computed from them. */
  readonly known: ReadonlySet<number>;
  /** What was taken from the scratch memory. */
  readonly taken: readonly Float64Array[];
}

function planned(inputs: readonly Node[], outputs: readonly Node[], scratch: Scratch): Plan {
  const order = topological(outputs), buffers: Float64Array[] = inputs.map(() => empty), steps: Step[] = [];
  const place = new Map<Node, number>(inputs.map((node, i) => [node, i])), known = new Set<number>();
  const rootOf = (node: Node): Node => applies(node, reshapePrimitive) ? rootOf(node.inputs[0]) : node; // shares its buffer
  const kept = new Set(outputs.map(rootOf)), lastReader = new Map<Node, number>();
  order.forEach((node, at) => node.inputs.forEach((input) => lastReader.set(rootOf(input), at)));
  const temporary = new Set<number>(), free = new Map<number, number[]>(), taken: Float64Array[] = [];
  const allocate = (size: number): number => {
    const buffer = scratch.take(size);
    taken.push(buffer);
    return buffers.push(buffer) - 1;
  };
  const release = (p: number): void => {
    temporary.delete(p);
    const size = buffers[p].length, list = free.get(size);
    if (list === undefined) free.set(size, [p]);
    else list.push(p);
  };

  order.forEach((node, at) => {
    if (place.has(node)) return;
    const from = node.inputs.map((input) => place.get(input)!), size = sizeOf(node.shape);
    const data = dataOf(node, scratch);
    if (data !== undefined) {
      place.set(node, buffers.push(data) - 1);
      known.add(place.get(node)!);
    } else if (applies(node, reshapePrimitive)) {
      place.set(node, from[0]);
    } else if (from.length > 0 && from.every((p) => known.has(p))) {
      const to = buffers.push(scratch.fresh(size)) - 1;
      kernelOf(node, new Scratch())(from.map((p) => buffers[p]), buffers[to]);
      place.set(node, to);
      known.add(to);
    } else {
      const dying = new Set(
        node.inputs.map(rootOf).filter((root) => lastReader.get(root) === at).map((root) => place.get(root)!)
          .filter((p) => temporary.has(p)),
      );
      const inPlace = node.primitive.emission === "elementwise" && !kept.has(node);
      const over = inPlace ? [...dying].find((p) => buffers[p].length === size) : undefined;
      const to = over ?? (kept.has(node) ? undefined : free.get(size)?.pop()) ?? allocate(size);
      for (const p of dying) if (p !== to) release(p);
      if (!kept.has(node)) temporary.add(to);
      place.set(node, to);
      const kernel = kernelOf(node, scratch); // with its result taken, so that its own memory is apart
      steps.push({ kernel, from, to, operands: from.map((p) => buffers[p]) });
    }
  });
  return { buffers, steps, places: outputs.map((output) => place.get(output)!), known, taken };
}

/** The entries of constants, and of numbers that are repeated. */
function dataOf(node: Node, scratch: Scratch): Float64Array | undefined {
  const value = uniform(node);
  if (value !== undefined) return scratch.uniform(sizeOf(node.shape), value);
  return applies(node, constantPrimitive) ? node.attribute[1] : undefined;
}

/**
 * Plans a program, to be run many times.
 *
 * @param scratch For bodies of regions: memory that others use when this does not run. Default: its own.
 * @throws {TraceError} When it depends on traced arrays that are not its inputs, or a primitive cannot be computed.
 *
 * @example A gradient into an array of the caller
 * ```ts
 * import { grad, interpreter, type Operand, square, sum, trace } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = grad((x: Operand) => sum(square(x))), x = Float64Array.of(1, 2), out = new Float64Array(2);
 * const program = interpreter(trace((x: Operand) => gradient(x), x));
 * program.run([x], [out]);
 * assertEquals(out, Float64Array.of(2, 4));
 * ```
 */
export function interpreter(program: Program, scratch?: Scratch): Executable {
  const outputs = joinSiblings(lower(program.outputs)), memory = scratch ?? new Scratch();
  const { buffers, steps, places, known, taken } = planned(program.inputs, outputs, memory);
  if (scratch !== undefined) { for (const buffer of taken) scratch.give(buffer); }
  // an output that is computed, and only once among the outputs, is computed into the caller's array
  const direct = places.map((p, i) => p >= program.inputs.length && !known.has(p) && places.indexOf(p) === i);
  const check = checksOf(program);
  let busy = false;
  const run = (inputs: readonly Float64Array[], given?: readonly Float64Array[]): readonly Float64Array[] => {
    if (busy) throw new TraceError("Cannot run a program: it runs already, and is not reentrant");
    const outs = given ?? outputs.map((output) => new Float64Array(sizeOf(output.shape)));
    check(inputs, outs);
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
  return { bytes: memory.bytes, run };
}

/** The entries of nodes, for given entries of inputs. */
export function evaluate(
  outputs: readonly Node[],
  inputs: readonly Node[] = [],
  values: readonly Float64Array[] = [],
): readonly Float64Array[] {
  return interpreter({ inputs, outputs }).run(values);
}
