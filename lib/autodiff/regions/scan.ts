/**
 * Loops of a known number of steps that derivatives go through in both modes.
 *
 * @module
 */
import { ShapeError } from "../../core/mod.ts";
import { callerLine } from "../errors.ts";
import { input, make, type Node, sharing } from "../node.ts";
import { unpack } from "../primitives/packing.ts";
import { reshape } from "../primitives/structure.ts";
import { concatenate, slice } from "../primitives/window.ts";
import { ShapeOnly, traceClosed } from "../trace.ts";
import type { ArrayFunction } from "../transform.ts";
import { leaves, replaceLeaves, type Tree } from "../tree.ts";
import type { Operand } from "../values.ts";
import { checkForm, concludeRegion, nodesOf } from "./region.ts";
import { type Loop, resultShapes, scanPrimitive } from "./scan_node.ts";

/** Options of `scan`. */
export interface ScanOptions {
  /** The number of steps; needed when there is no x. Default: that of x. */
  readonly length?: number;
  /** Whether to go from the last x to the first. Default: false. */
  readonly reverse?: boolean;
  /**
   * Whether derivatives store about `√n` of the n states instead of all, and compute the others again from these, at
   * the cost of one more evaluation. Default: false.
   */
  readonly checkpoint?: boolean;
}

/** What a loop returns. */
export type Scanned<C, Y> = readonly [last: C, all: Y];

/**
 * The loop `[c, yᵢ] = step(c, xᵢ)` over the slices of x along the first axis: returns the last c, and all y stacked
 * along a first axis. The step is traced once; each step costs what the step costs.
 *
 * Reverse mode stores c for every step (with `checkpoint` for about `2 √n` of them) and nothing else: what a step
 * computes on the way is computed again.
 *
 * @param step From the state and a slice of x to the next state, of the same shapes, and y.
 * @param init The state at the start: an array, or a tuple or record of arrays.
 * @param x Arrays with a common first length, or an empty tuple.
 * @throws {ShapeError} When lengths differ, or there is neither x nor a length.
 * @throws {TraceError} When the state changes its form.
 *
 * @example The derivative of a recurrence
 * ```ts
 * import { grad, multiply, type Operand, scan, sin } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const f = (a: Operand) => scan((c: Operand, x: Operand) => [sin(multiply(a, c)), x], 0.5, new Float64Array(3))[0];
 * const g = (a: number) => Math.sin(a * Math.sin(a * Math.sin(a * 0.5)));
 * assertAlmostEquals(grad(f)(0.9), (g(0.9 + 1e-6) - g(0.9 - 1e-6)) / 2e-6, 1e-8);
 * ```
 */
export function scan<C extends Tree, X extends Tree, Y extends Tree>(
  step: (state: C, x: X) => readonly [C, Y],
  init: C,
  x: X,
  options: ScanOptions = {},
): Scanned<C, Y> {
  return sharing(() => {
    const states = nodesOf(init, "scan"), given = nodesOf(x, "scan"), length = lengthOf(given, options.length);
    const slices = replaceLeaves(x, given.map(({ shape }) => new ShapeOnly(shape.slice(1)) as unknown as Operand));
    const traced = traceClosed(step as unknown as ArrayFunction, init, slices as never);
    const { inputs, outputs, captured, result } = traced, body = { inputs, outputs };
    checkForm("scan", states, outputs.slice(0, states.length));
    const loop: Loop = { body, states: states.length, given: given.length, length, reverse: options.reverse === true };
    const run = options.checkpoint === true ? inSegments : plain;
    const parts = run(loop, [...states, ...given, ...captured]);
    return concludeRegion(parts, result, [...leaves(init), ...leaves(x)], captured) as unknown as Scanned<C, Y>;
  });
}

function lengthOf(given: readonly Node[], stated: number | undefined): number {
  const lengths = new Set(given.map(({ shape }) => shape[0]));
  if (stated !== undefined) lengths.add(stated);
  const [length] = lengths;
  if (lengths.size !== 1 || !Number.isSafeInteger(length) || length < 0) {
    throw new ShapeError(
      `Cannot scan: expected one number of steps, got ${[...lengths].map(String).join(", ") || "none"}${callerLine()}`,
    );
  }
  return length;
}

function plain(loop: Loop, inputs: readonly Node[]): Node[] {
  return unpack(make(scanPrimitive, inputs, loop), resultShapes(loop));
}

/** A loop over segments of about `√n` steps, each a loop inside of a step, and a loop over what remains. */
function inSegments(loop: Loop, inputs: readonly Node[]): Node[] {
  const { length, states, given, reverse } = loop, each = Math.max(1, Math.round(Math.sqrt(length)));
  const segments = Math.floor(length / each), rest = length - segments * each, whole = segments * each;
  const start = inputs.slice(0, states), x = inputs.slice(states, states + given), theta = inputs.slice(states + given);
  const part = (node: Node, from: number, count: number): Node =>
    slice(node, node.shape.map((_, i) => i === 0 ? from : 0), [count, ...node.shape.slice(1)]);
  // the remainder is what comes last: the first x where the loop goes from the last to the first
  const offset = reverse ? rest : 0, remainder = reverse ? 0 : whole;
  const inner = { ...loop, length: each }, tail = { ...loop, length: rest };
  const outer: Loop = { ...loop, body: segmentOf(inner), length: segments };
  const cut = x.map((node) => reshape(part(node, offset, whole), [segments, each, ...node.shape.slice(1)]));
  const first = plain(outer, [...start, ...cut, ...theta]),
    ys = first.slice(states).map((y) => reshape(y, [whole, ...y.shape.slice(2)]));
  if (rest === 0) return [...first.slice(0, states), ...ys];
  const last = plain(tail, [...first.slice(0, states), ...x.map((node) => part(node, remainder, rest)), ...theta]);
  const joined = last.slice(states).map((y, i) => concatenate(reverse ? [y, ys[i]] : [ys[i], y], 0));
  return [...last.slice(0, states), ...joined];
}

/** A loop as the step of another. */
function segmentOf(loop: Loop): Loop["body"] {
  const shapes = loop.body.inputs.map(({ shape }, i) =>
    i >= loop.states && i < loop.states + loop.given ? [loop.length, ...shape] : shape
  );
  const inputs = shapes.map((shape) => input(shape));
  return { inputs, outputs: plain(loop, inputs) };
}
