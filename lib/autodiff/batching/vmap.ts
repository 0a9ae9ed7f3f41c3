/**
 * Functions of arrays over batches, without loops.
 *
 * @module
 */
import { ShapeError } from "../../core/mod.ts";
import { callerLine, TraceError } from "../errors.ts";
import { input, type Node, sharing } from "../node.ts";
import { type ArrayFunction, conclude, shaped } from "../transform.ts";
import { ShapeOnly, trace } from "../trace.ts";
import { leaves, replaceLeaves, type Tree } from "../tree.ts";
import { type Operand, shapeOf } from "../values.ts";
import { batch, type Batched, repeated, toFront } from "./batch.ts";

/** Options of `vmap`. */
export interface VmapOptions {
  /**
   * For each argument the axis that numbers the members, in all of its arrays; null if all share it. Default: 0 for
   * all.
   */
  readonly axes?: readonly (number | null)[];
}

/**
 * The function over a batch: applied to arguments with one more axis it gives the results for all members, stacked
 * along a first axis. Members are computed together, not in turn: a product of a matrix with a vector becomes one of
 * two matrices.
 *
 * @throws {ShapeError} By the function, when an axis is not there or lengths differ.
 * @throws {TraceError} By the function, when no argument has the axis.
 *
 * @example Gradients for each row of a matrix
 * ```ts
 * import { grad, type Operand, square, sum, vmap } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const gradients = vmap(grad((x: Operand) => sum(square(x))));
 * const rows = { rows: 2, columns: 2, data: Float64Array.of(1, 2, 3, 4) };
 * assertEquals(gradients(rows), { rows: 2, columns: 2, data: Float64Array.of(2, 4, 6, 8) });
 * ```
 */
export function vmap(f: ArrayFunction, options: VmapOptions = {}): (...arguments_: Tree[]) => Tree {
  return (...given) =>
    sharing(() => {
      const axes = given.flatMap((tree, i) => leaves(tree).map(() => options.axes === undefined ? 0 : options.axes[i]));
      const operands = given.flatMap((tree) => leaves(tree)) as Operand[];
      const count = countOf(operands, axes);
      const members = operands.map((operand, i) => new ShapeOnly(memberShape(shapeOf(operand), axes[i])));
      let at = 0;
      const examples = given.map((tree) => {
        const own = members.slice(at, at += leaves(tree).length);
        return replaceLeaves(tree, own as unknown as Operand[]);
      });
      const { inputs, outputs, result } = trace(f, ...examples);
      const fresh = operands.map((operand) => input(shapeOf(operand)));
      const images = new Map<Node, Batched>(inputs.map((node, i) => {
        const axis = axes[i];
        return [node, { node: axis === null ? fresh[i] : toFront(fresh[i], axis), batched: axis !== null }];
      }));
      const all = batch(outputs, images, count).map(({ node, batched }) => batched ? node : repeated(node, count));
      return shaped(result, conclude(all, fresh, operands));
    });
}

function memberShape(shape: readonly number[], axis: number | null): number[] {
  return shape.filter((_, i) => i !== axis);
}

/** The number of members. */
function countOf(operands: readonly Operand[], axes: readonly (number | null)[]): number {
  let count: number | undefined;
  operands.forEach((operand, i) => {
    const axis = axes[i], shape = shapeOf(operand);
    if (axis === null) return;
    if (!(axis >= 0 && axis < shape.length)) {
      throw new ShapeError(`Cannot batch: expected an axis ${axis}, got the shape [${shape}]${callerLine()}`);
    }
    if (count !== undefined && count !== shape[axis]) {
      throw new ShapeError(`Cannot batch: expected ${count} members, got ${shape[axis]}${callerLine()}`);
    }
    count = shape[axis];
  });
  if (count === undefined || count === 0) {
    throw new TraceError(`Cannot batch: expected at least one argument with members${callerLine()}`);
  }
  return count;
}
