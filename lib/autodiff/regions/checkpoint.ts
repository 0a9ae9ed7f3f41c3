/**
 * Rematerialization: what a function computes on the way is not kept for its derivative but computed again.
 *
 * @module
 */
import { make, type Node, sharing } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { pack, unpack } from "../primitives/packing.ts";
import { range } from "../shape.ts";
import { type Program, traceClosed } from "../trace.ts";
import type { ArrayFunction } from "../transform.ts";
import { leaves, type Tree } from "../tree.ts";
import {
  batchedProgram,
  filled,
  liveOf,
  marked,
  seriesProgram,
  shapesOf,
  sizeOfAll,
  tangentProgram,
  transposedProgram,
  unmarked,
} from "./programs.ts";
import { bodyKernel, concludeRegion, nodesOf, packMembers } from "./region.ts";

/** The outputs of a program, the attribute, in one vector; what it computes on the way stays inside. */
export const checkpointPrimitive: Primitive<Program> = definePrimitive<Program>({
  name: "checkpoint",
  emission: "region",
  shape: (_, { outputs }) => [sizeOfAll(outputs)],
  jvp({ inputs, attribute }, tangents) {
    const marks = liveOf(tangents), program = tangentProgram(attribute, marks);
    if (!program.live.includes(true)) return undefined;
    return make(checkpointPrimitive, [...inputs, ...marked(tangents as Node[], marks)], program);
  },
  transpose({ inputs, attribute }, c, linear) {
    const program = transposedProgram(attribute, linear);
    const cotangents = unpack(c, shapesOf(attribute.outputs));
    const all = make(checkpointPrimitive, [...unmarked(inputs, linear), ...cotangents], program);
    const parts = unpack(all, shapesOf(program.outputs));
    return linear.map((mark) => mark ? parts.shift() : undefined);
  },
  jet({ attribute }, series) {
    const order = series[0].length - 1, program = seriesProgram(attribute, order);
    const shapes = shapesOf(attribute.inputs),
      inputs = range(0, order + 1).flatMap((k) => filled(series.map((s) => s[k]), shapes));
    const all = unpack(make(checkpointPrimitive, inputs, program), shapesOf(program.outputs));
    const count = attribute.outputs.length;
    return range(0, order + 1).map((k) => pack(all.slice(k * count, (k + 1) * count)));
  },
  batch({ attribute }, inputs, axes) {
    const marks = axes.map((axis) => axis !== null), count = inputs[marks.indexOf(true)].shape[0];
    const program = batchedProgram(attribute, marks, count);
    const all = make(checkpointPrimitive, inputs, program);
    return [packMembers(unpack(all, shapesOf(program.outputs)), count), 0];
  },
  kernel: ({ attribute }, scratch) => bodyKernel(attribute, scratch),
});

/**
 * The same function, of which derivatives keep the arguments alone: reverse mode computes again what f computes on the
 * way, at the cost of one more evaluation. The memory of a chain of n such functions is that of one of them and of n
 * arguments.
 *
 * @example A chain whose inner arrays are not kept
 * ```ts
 * import { checkpoint, exp, grad, type Operand, sin, sum } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const f = (x: Operand) => sin(exp(sin(x))), block = checkpoint(f);
 * const gradient = grad((x: Operand) => sum(block(block(x)))), plain = grad((x: Operand) => sum(f(f(x))));
 * assertAlmostEquals(gradient(Float64Array.of(0.5))[0], plain(Float64Array.of(0.5))[0], 1e-15);
 * ```
 */
export function checkpoint<X extends readonly Tree[], Y extends Tree>(f: (...x: X) => Y): (...x: X) => Y {
  return (...x) =>
    sharing(() => {
      const { inputs, outputs, captured, result } = traceClosed(f as unknown as ArrayFunction, ...x);
      const arguments_ = [...nodesOf(x, "apply checkpoint"), ...captured];
      const all = make(checkpointPrimitive, arguments_, { inputs, outputs });
      return concludeRegion(unpack(all, shapesOf(outputs)), result, leaves(x), captured) as Y;
    });
}
