/**
 * Loops of a known number of steps as nodes: `(c, yᵢ) = f(c, xᵢ, θ)` for i = 0, 1, …, or from the last to the first.
 *
 * The tangent is a loop of its own, linear in the tangents, that reads the states c of the loop from a stored history;
 * its transpose runs the other way. Each computes again within a step what a step needs.
 *
 * @module
 */
import { repeated } from "../batching/batch.ts";
import { compile } from "../compile/compile.ts";
import { interpreter } from "../interpret.ts";
import { input, make, type Node, topological } from "../node.ts";
import { definePrimitive, type Kernel, type Primitive, type Tangent } from "../primitive.ts";
import { add } from "../primitives/arithmetic.ts";
import { pack, unpack } from "../primitives/packing.ts";
import { permute, zeros } from "../primitives/structure.ts";
import { range, type Shape, sizeOf } from "../shape.ts";
import { Scratch } from "../scratch.ts";
import type { Program } from "../trace.ts";
import {
  batchedProgram,
  filled,
  liveOf,
  marked,
  nameOf,
  once,
  seriesProgram,
  shapesOf,
  spread,
  type TangentProgram,
  tangentProgram,
  transposedProgram,
  unmarked,
} from "./programs.ts";
import { packMembers } from "./region.ts";

/**
 * A loop. Arguments of its node: the states at the start, all x along a first axis, θ. Results: the last states, all y.
 */
export interface Loop {
  /** One step: inputs are states, x, θ; outputs are the next states, then y. */
  readonly body: Program;
  /** How many states. */
  readonly states: number;
  /** How many x. */
  readonly given: number;
  /** How many steps. */
  readonly length: number;
  /** Whether the last x comes first; the y of a step has the place of its x. */
  readonly reverse: boolean;
}

/** Loops of at least so many steps are compiled. */
const LONG = 32;

/** The shapes of the results. */
export function resultShapes({ body: { outputs }, states, length }: Loop): Shape[] {
  return outputs.map(({ shape }, i) => i < states ? shape : [length, ...shape]);
}

/** The items of states, of x, and of θ. */
function divided<T>(items: readonly T[], { states, given }: Loop): [T[], T[], T[]] {
  return [items.slice(0, states), items.slice(states, states + given), items.slice(states + given)];
}

/** The loop that gives the states before each step as y. */
function historyOf(loop: Loop): Loop {
  return once(loop, "history", () => {
    const { inputs, outputs } = loop.body, { states } = loop;
    return { ...loop, body: { inputs, outputs: [...outputs.slice(0, states), ...inputs.slice(0, states)] } };
  });
}

/** The linear loop of tangents: its x are those of the loop, the needed states, and tangents of x. */
interface TangentLoop {
  readonly loop: Loop;
  /** Which states of the history it reads. */
  readonly needed: readonly boolean[];
  readonly step: TangentProgram;
}

function tangentLoop(loop: Loop, marks: readonly boolean[]): TangentLoop {
  return once(loop, `tangents ${nameOf(marks)}`, () => {
    const step = tangentProgram(loop.body, marks), count = loop.body.inputs.length;
    const [states, given, rest] = divided(step.inputs.slice(0, count), loop);
    const [stateMarks, givenMarks] = divided(marks, loop), directions = step.inputs.slice(count);
    const moving = stateMarks.filter(Boolean).length, driven = givenMarks.filter(Boolean).length;
    const used = new Set(topological(step.outputs)), needed = states.map((state) => used.has(state));
    const x = [...given, ...marked(states, needed), ...directions.slice(moving, moving + driven)];
    const inputs = [...directions.slice(0, moving), ...x, ...rest, ...directions.slice(moving + driven)];
    const outputs = step.outputs.filter((_, i) => i >= loop.states || stateMarks[i]);
    return { loop: { ...loop, body: { inputs, outputs }, states: moving, given: x.length }, needed, step };
  });
}

/** For a loop that is linear in its states, and in the marked x and θ: the loop of cotangents, the other way. */
function transposedLoop(loop: Loop, marks: readonly boolean[]): Loop {
  return once(loop, `transpose ${nameOf(marks)}`, () => {
    const { body: { inputs, outputs }, states } = loop, linear = marks.map((mark, i) => mark || i < states);
    const step = transposedProgram(loop.body, linear), [, givenMarks, restMarks] = divided(linear, loop);
    const fixedGiven = givenMarks.filter((mark) => !mark).length, [, , rest] = divided(inputs, loop);
    const seeds = step.inputs.slice(step.inputs.length - outputs.length);
    const fixed = step.inputs.slice(0, step.inputs.length - outputs.length);
    const sums = marked(rest, restMarks).map(({ shape }) => input(shape)); // what θ has received
    const driven = givenMarks.filter(Boolean).length, own = step.outputs;
    const received = own.slice(states + driven).map((part, i) => add(sums[i], part));
    const given = [...fixed.slice(0, fixedGiven), ...seeds.slice(states)];
    return {
      body: {
        inputs: [...seeds.slice(0, states), ...sums, ...given, ...fixed.slice(fixedGiven)],
        outputs: [...own.slice(0, states), ...received, ...own.slice(states, states + driven)],
      },
      states: states + sums.length,
      given: given.length,
      length: loop.length,
      reverse: !loop.reverse,
    };
  });
}

/** The results of a loop in one vector. */
export const scanPrimitive: Primitive<Loop> = definePrimitive<Loop>({
  name: "scan",
  emission: "region",
  shape: (_, loop) => [resultShapes(loop).reduce((total, shape) => total + sizeOf(shape), 0)],
  jvp({ inputs, attribute: loop }, tangents) {
    const marks = spread(loop.body, loop.states, liveOf(tangents)), [states, given, rest] = divided(inputs, loop);
    const [stateMarks] = divided(marks, loop);
    const { loop: linear, needed, step } = tangentLoop(loop, marks);
    if (!step.live.includes(true)) return undefined;
    const history = historyOf(loop);
    const past = needed.includes(true)
      ? unpack(make(scanPrimitive, inputs, history), resultShapes(history)).slice(loop.states)
      : [];
    const [stateTangents, givenTangents, restTangents] = divided(tangents, loop);
    const present = (items: readonly Tangent[]): Node[] => items.filter((item) => item !== undefined);
    const all = make(scanPrimitive, [
      ...marked(filled(stateTangents, shapesOf(states)), stateMarks),
      ...given,
      ...(past.length > 0 ? marked(past, needed) : []),
      ...present(givenTangents),
      ...rest,
      ...present(restTangents),
    ], linear);
    const parts = unpack(all, resultShapes(linear));
    return pack(
      resultShapes(loop).map((shape, i) => i < loop.states && !stateMarks[i] ? zeros(shape) : parts.shift()!),
    );
  },
  transpose({ inputs, attribute: loop }, c, linear) {
    const back = transposedLoop(loop, linear), cotangents = unpack(c, resultShapes(loop));
    const [states, given, rest] = divided(inputs, loop), [, givenMarks, restMarks] = divided(linear, loop);
    const sums = marked(rest, restMarks).map(({ shape }) => zeros(shape));
    const all = make(scanPrimitive, [
      ...cotangents.slice(0, loop.states),
      ...sums,
      ...unmarked(given, givenMarks),
      ...cotangents.slice(loop.states),
      ...unmarked(rest, restMarks),
    ], back);
    const parts = unpack(all, resultShapes(back)), own = parts.slice(0, states.length);
    const received = parts.slice(states.length, back.states), driven = parts.slice(back.states);
    return [
      ...own,
      ...givenMarks.map((mark) => mark ? driven.shift() : undefined),
      ...restMarks.map((mark) => mark ? received.shift() : undefined),
    ];
  },
  jet({ inputs, attribute: loop }, series) {
    const order = series[0].length - 1, orders = range(0, order + 1), count = loop.body.outputs.length;
    const wide = once(loop, `series ${order}`, (): Loop => {
      const step = seriesProgram(loop.body, order), size = loop.body.inputs.length;
      const parts = orders.map((k) => divided(step.inputs.slice(k * size, (k + 1) * size), loop));
      const results = orders.map((k) => step.outputs.slice(k * count, (k + 1) * count));
      const sorted = [0, 1, 2].flatMap((kind) => parts.flatMap((part) => part[kind]));
      const outputs = [
        ...results.flatMap((result) => result.slice(0, loop.states)),
        ...results.flatMap((result) => result.slice(loop.states)),
      ];
      return {
        ...loop,
        body: { inputs: sorted, outputs },
        states: loop.states * orders.length,
        given: loop.given * orders.length,
      };
    });
    const shapes = shapesOf(inputs), terms = orders.map((k) => divided(filled(series.map((s) => s[k]), shapes), loop));
    const all = make(scanPrimitive, [0, 1, 2].flatMap((kind) => terms.flatMap((term) => term[kind])), wide);
    const parts = unpack(all, resultShapes(wide)), rest = count - loop.states;
    return orders.map((k) =>
      pack([
        ...parts.slice(k * loop.states, (k + 1) * loop.states),
        ...parts.slice(wide.states + k * rest, wide.states + (k + 1) * rest),
      ])
    );
  },
  batch({ attribute: loop }, inputs, axes) {
    const marks = axes.map((axis, i) => axis !== null || i < loop.states);
    const count = inputs[axes.findIndex((axis) => axis !== null)].shape[0];
    const wide = once(loop, `batch ${count} ${nameOf(marks)}`, (): Loop => ({
      ...loop,
      body: batchedProgram(loop.body, marks, count),
    }));
    const arranged = inputs.map((node, i) => {
      if (i < loop.states) return axes[i] === null ? repeated(node, count) : node;
      return i < loop.states + loop.given && axes[i] !== null ? swapFirst(node) : node;
    });
    const parts = unpack(make(scanPrimitive, arranged, wide), resultShapes(wide));
    return [packMembers(parts.map((part, i) => i < loop.states ? part : swapFirst(part)), count), 0];
  },
  kernel: ({ attribute }, scratch = new Scratch()) => loopKernel(attribute, scratch),
});

/** The first two axes exchanged: members and steps. */
function swapFirst(node: Node): Node {
  return permute(node, [1, 0, ...range(2, node.shape.length)]);
}

/**
 * Runs the steps over buffers of one step. These are the same at every step, which a compiled body checks once: states
 * are copied, not exchanged.
 */
function loopKernel({ body, states, given, length, reverse }: Loop, scratch: Scratch): Kernel {
  const take = (nodes: readonly Node[]): Float64Array[] => nodes.map(({ shape }) => scratch.take(sizeOf(shape)));
  const now = take(body.inputs.slice(0, states + given)), next = take(body.outputs);
  const executable = length < LONG ? interpreter(body, scratch) : compile(body);
  if (length >= LONG) scratch.count(executable.bytes);
  for (const buffer of [...now, ...next]) scratch.give(buffer);
  return (inputs, out) => {
    const operands = [...now, ...inputs.slice(states + given)];
    for (let i = 0; i < states; i++) now[i].set(inputs[i]);
    for (let step = 0; step < length; step++) {
      const at = reverse ? length - 1 - step : step;
      for (let i = states; i < states + given; i++) copy(inputs[i], at * now[i].length, now[i], 0, now[i].length);
      executable.run(operands, next);
      let start = 0;
      for (let i = 0; i < states; start += now[i++].length) now[i].set(next[i]);
      for (let i = states; i < next.length; start += length * next[i++].length) {
        copy(next[i], 0, out, start + at * next[i].length, next[i].length);
      }
    }
    for (let i = 0, start = 0; i < states; start += now[i++].length) out.set(now[i], start);
  };
}

function copy(from: Float64Array, start: number, to: Float64Array, place: number, count: number): void {
  for (let i = 0; i < count; i++) to[place + i] = from[start + i];
}
