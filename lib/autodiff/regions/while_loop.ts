/**
 * Loops of a number of steps that is not known beforehand, for forward mode.
 *
 * @module
 */
import { repeated } from "../batching/batch.ts";
import { compile } from "../compile/compile.ts";
import { callerLine, TraceError } from "../errors.ts";
import { make, type Node, sharing } from "../node.ts";
import { definePrimitive, type Kernel, type Primitive } from "../primitive.ts";
import { greater, select } from "../primitives/comparison.ts";
import { pack, unpack } from "../primitives/packing.ts";
import { largest } from "../primitives/reductions.ts";
import { broadcastAxes, zeros } from "../primitives/structure.ts";
import { Scratch } from "../scratch.ts";
import { range, sizeOf } from "../shape.ts";
import { substitute } from "../substitute.ts";
import { type Program, traceClosed } from "../trace.ts";
import type { ArrayFunction } from "../transform.ts";
import { leaves, type Tree } from "../tree.ts";
import type { Operand } from "../values.ts";
import {
  batchedProgram,
  filled,
  fresh,
  liveOf,
  marked,
  nameOf,
  once,
  seriesProgram,
  shapesOf,
  sizeOfAll,
  spread,
  tangentProgram,
} from "./programs.ts";
import { checkForm, concludeRegion, nodesOf, packMembers } from "./region.ts";

/** Arguments of its node: states, θ. Both programs have these as inputs. */
interface While {
  /** A number that is not 0 while the loop goes on. */
  readonly condition: Program;
  /** The next states. */
  readonly body: Program;
  readonly states: number;
}

/** The condition over other inputs, of which those in front stand for its own. */
function over(condition: Program, inputs: readonly Node[], own: readonly Node[]): Program {
  return { inputs, outputs: substitute(condition.outputs, new Map(condition.inputs.map((node, i) => [node, own[i]]))) };
}

/** The last states in one vector. */
const whilePrimitive: Primitive<While> = definePrimitive<While>({
  name: "whileLoop",
  emission: "region",
  shape: (_, { body }) => [sizeOfAll(body.outputs)],
  jvp({ inputs, attribute }, tangents) {
    const { body, condition, states } = attribute, marks = spread(body, states, liveOf(tangents));
    const moving = marks.slice(0, states), given = filled(tangents, shapesOf(inputs));
    const wide = once(attribute, `tangents ${nameOf(marks)}`, (): While => {
      const step = tangentProgram(body, marks), own = step.inputs.slice(0, inputs.length);
      const directions = step.inputs.slice(inputs.length), count = moving.filter(Boolean).length;
      const all = [
        ...own.slice(0, states),
        ...directions.slice(0, count),
        ...own.slice(states),
        ...directions.slice(count),
      ];
      const outputs = [...body.outputs, ...marked(step.outputs, moving)];
      return { condition: over(condition, all, own), body: { inputs: all, outputs }, states: states + count };
    });
    const all = make(whilePrimitive, [
      ...inputs.slice(0, states),
      ...marked(given.slice(0, states), moving),
      ...inputs.slice(states),
      ...marked(given.slice(states), marks.slice(states)),
    ], wide);
    const parts = unpack(all, shapesOf(wide.body.outputs)).slice(states);
    return pack(body.outputs.map(({ shape }, i) => moving[i] ? parts.shift()! : zeros(shape)));
  },
  transpose() {
    throw new TraceError(
      "Cannot differentiate in reverse mode: whileLoop does not know how many steps to go back. Use scan for a fixed number of " +
        "steps, customRoot or customFixedPoint for a loop that ends at a solution, or forward mode",
    );
  },
  jet({ inputs, attribute }, series) {
    const { body, condition, states } = attribute, order = series[0].length - 1, orders = range(0, order + 1);
    const wide = once(attribute, `series ${order}`, (): While => {
      const step = seriesProgram(body, order), size = body.inputs.length;
      const part = (from: number, to: number): Node[] =>
        orders.flatMap((k) => step.inputs.slice(k * size + from, k * size + to));
      const all = [...part(0, states), ...part(states, size)];
      return {
        condition: over(condition, all, step.inputs),
        body: { inputs: all, outputs: step.outputs },
        states: states * orders.length,
      };
    });
    const terms = orders.map((k) => filled(series.map((s) => s[k]), shapesOf(inputs)));
    const arguments_ = [
      ...terms.flatMap((term) => term.slice(0, states)),
      ...terms.flatMap((term) => term.slice(states)),
    ];
    const parts = unpack(make(whilePrimitive, arguments_, wide), shapesOf(wide.body.outputs));
    return orders.map((k) => pack(parts.slice(k * states, (k + 1) * states)));
  },
  batch({ attribute }, inputs, axes) { // goes on while any member does; those that are done stay as they are
    const { body, condition, states } = attribute, marks = axes.map((axis, i) => axis !== null || i < states);
    const count = inputs[axes.findIndex((axis) => axis !== null)].shape[0];
    const wide = once(attribute, `batch ${count} ${nameOf(marks)}`, (): While => {
      const step = batchedProgram(body, marks, count), going = batchedProgram(condition, marks, count);
      const active = over(going, step.inputs, step.inputs).outputs[0];
      const outputs = step.outputs.map((next, i) =>
        select(broadcastAxes(active, next.shape, [0]), next, step.inputs[i])
      );
      const any = greater(largest(active), 0);
      return { condition: { inputs: step.inputs, outputs: [any] }, body: { inputs: step.inputs, outputs }, states };
    });
    const all = inputs.map((node, i) => i < states && axes[i] === null ? repeated(node, count) : node);
    const parts = unpack(make(whilePrimitive, all, wide), shapesOf(wide.body.outputs));
    return [packMembers(parts, count), 0];
  },
  kernel: ({ attribute }, scratch = new Scratch()) => whileKernel(attribute, scratch),
});

/** Runs the steps over the same buffers, which the compiled programs check once: states are copied, not exchanged. */
function whileKernel({ condition, body, states }: While, scratch: Scratch): Kernel {
  const take = (): Float64Array[] => body.outputs.map(({ shape }) => scratch.take(sizeOf(shape)));
  const now = take(),
    next = take(),
    decide = compile(condition),
    step = compile(body),
    decision = [new Float64Array(1)];
  scratch.count(decide.bytes + step.bytes);
  for (const buffer of [...now, ...next]) scratch.give(buffer);
  return (inputs, out) => {
    const operands = [...now, ...inputs.slice(states)];
    for (let i = 0; i < states; i++) now[i].set(inputs[i]);
    while (decide.run(operands, decision)[0][0] !== 0) {
      step.run(operands, next);
      for (let i = 0; i < states; i++) now[i].set(next[i]);
    }
    for (let i = 0, start = 0; i < states; start += now[i++].length) out.set(now[i], start);
  };
}

/**
 * The state after `state = step(state)` as long as the condition holds. Forward mode, Taylor mode and batches go
 * through it; reverse mode does not, for what it would have to store is not known beforehand: see `scan`, and
 * `customRoot` for solvers.
 *
 * @param condition A number that is not 0 while the loop goes on.
 * @param step To the next state, of the same shapes.
 * @param init The state at the start: an array, or a tuple or record of arrays.
 * @throws {TraceError} When the state changes its form, the condition is no number, or reverse mode comes upon it.
 *
 * @example Newton's iteration for a square root, and its derivative
 * ```ts
 * import { abs, divide, greater, jvp, multiply, type Operand, square, subtract, add, whileLoop } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const root = (a: Operand) =>
 *   whileLoop(
 *     (x: Operand) => greater(abs(subtract(square(x), a)), 1e-12),
 *     (x: Operand) => multiply(0.5, add(x, divide(a, x))),
 *     a,
 *   );
 * assertAlmostEquals(jvp(root, [4], [1]).tangent as number, 1 / 4, 1e-6);
 * ```
 */
export function whileLoop<C extends Tree>(condition: (state: C) => Operand, step: (state: C) => C, init: C): C {
  return sharing(() => {
    const states = nodesOf(init, "apply whileLoop");
    const going = traceClosed(condition as unknown as ArrayFunction, init);
    const next = traceClosed(step as unknown as ArrayFunction, init);
    checkForm("apply whileLoop", states, next.outputs);
    if (going.outputs.length !== 1 || going.outputs[0].shape.length > 0) {
      throw new TraceError(`Cannot apply whileLoop: expected a condition that is a number${callerLine()}`);
    }
    const loop: While = {
      condition: { inputs: [...going.inputs, ...fresh(next.captured)], outputs: going.outputs },
      body: {
        inputs: [...next.inputs.slice(0, states.length), ...fresh(going.captured), ...next.inputs.slice(states.length)],
        outputs: next.outputs,
      },
      states: states.length,
    };
    const captured = [...going.captured, ...next.captured];
    const parts = unpack(make(whilePrimitive, [...states, ...captured], loop), shapesOf(next.outputs));
    return concludeRegion(parts, next.result, leaves(init), captured) as C;
  });
}
