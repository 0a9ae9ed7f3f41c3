/**
 * Transformations of the programs that regions carry: what rules of regions are made of.
 *
 * What is made of a program is kept with it, so that equal regions stay equal and are computed once.
 *
 * @module
 */
import { batchProgram } from "../batching/batch.ts";
import { pullback, pushforward } from "../differentiate.ts";
import { input, type Node } from "../node.ts";
import type { Tangent } from "../primitive.ts";
import { zeros } from "../primitives/structure.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { PowerSeries } from "../taylor/series.ts";
import type { Program } from "../trace.ts";

const made = new WeakMap<object, Map<string, unknown>>();

/** What `make` makes of an object for a key, made once. */
export function once<T>(of: object, key: string, make: () => T): T {
  let table = made.get(of);
  if (table === undefined) made.set(of, table = new Map());
  if (!table.has(key)) table.set(key, make());
  return table.get(key) as T;
}

/** A name for marks. */
export function nameOf(marks: readonly boolean[]): string {
  return marks.map((mark) => mark ? "1" : "0").join("");
}

/** The shapes of nodes. */
export function shapesOf(nodes: readonly Node[]): Shape[] {
  return nodes.map(({ shape }) => shape);
}

/** How many entries nodes have together. */
export function sizeOfAll(nodes: readonly Node[]): number {
  return nodes.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** The items that are marked. */
export function marked<T>(items: readonly T[], marks: readonly boolean[]): T[] {
  return items.filter((_, i) => marks[i]);
}

/** The items that are not. */
export function unmarked<T>(items: readonly T[], marks: readonly boolean[]): T[] {
  return items.filter((_, i) => !marks[i]);
}

/** Which tangents are there. */
export function liveOf(tangents: readonly Tangent[]): boolean[] {
  return tangents.map((tangent) => tangent !== undefined);
}

/** Nodes for tangents, zeros where there is none. */
export function filled(tangents: readonly Tangent[], shapes: readonly Shape[]): Node[] {
  return shapes.map((shape, i) => tangents[i] ?? zeros(shape));
}

/** New inputs like the nodes. */
export function fresh(nodes: readonly Node[]): Node[] {
  return nodes.map(({ shape }) => input(shape));
}

/** A program of tangents and which of its outputs are not zero. */
export interface TangentProgram extends Program {
  /** Which outputs have a tangent. */
  readonly live: readonly boolean[];
}

/** The tangents of all outputs: inputs are those of the program, then tangents of the marked ones. */
export function tangentProgram(program: Program, marks: readonly boolean[]): TangentProgram {
  return once(program, `tangents ${nameOf(marks)}`, () => {
    const variables = marked(program.inputs, marks), directions = fresh(variables);
    const tangents = pushforward(program.outputs, new Map(variables.map((node, i) => [node, directions[i]])));
    const outputs = filled(tangents, shapesOf(program.outputs));
    return { inputs: [...program.inputs, ...directions], outputs, live: liveOf(tangents) };
  });
}

/**
 * The marks of the inputs of a step, with those of states that marked inputs reach after some steps; the first inputs
 * and outputs are the states.
 */
export function spread(step: Program, states: number, marks: readonly boolean[]): boolean[] {
  let all = [...marks];
  while (true) {
    const { live } = tangentProgram(step, all), next = all.map((mark, i) => mark || i < states && live[i]);
    if (nameOf(next) === nameOf(all)) return all;
    all = next;
  }
}

/**
 * The transpose of a program that is linear in the marked inputs: inputs are the others, then cotangents of the
 * outputs; outputs are cotangents of the marked ones.
 */
export function transposedProgram(program: Program, marks: readonly boolean[]): Program {
  return once(program, `transpose ${nameOf(marks)}`, () => {
    const variables = marked(program.inputs, marks), seeds = fresh(program.outputs);
    const outputs = filled(pullback(program.outputs, variables, seeds), shapesOf(variables));
    return { inputs: [...unmarked(program.inputs, marks), ...seeds], outputs };
  });
}

/** Taylor coefficients: inputs of order 0, then of order 1, …; outputs the same way. */
export function seriesProgram(program: Program, order: number): Program {
  return once(program, `series ${order}`, () => {
    const terms = Array.from({ length: order }, () => fresh(program.inputs));
    const seeds = new Map(program.inputs.map((node, i) => [node, [node, ...terms.map((term) => term[i])]]));
    const series = new PowerSeries(seeds, order).of(program.outputs), outputs: Node[] = [];
    for (let k = 0; k <= order; k++) outputs.push(...filled(series.map((of) => of[k]), shapesOf(program.outputs)));
    return { inputs: [...program.inputs, ...terms.flat()], outputs };
  });
}

/** The program over a batch: marked inputs and all outputs have its axis in front. */
export function batchedProgram(program: Program, marks: readonly boolean[], count: number): Program {
  return once(program, `batch ${count} ${nameOf(marks)}`, () => batchProgram(program, marks, count));
}
