/**
 * Shapes, parts and indices of arrays.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import type { Node } from "../node.ts";
import { add } from "../primitives/arithmetic.ts";
import * as index from "../primitives/index.ts";
import * as views from "../primitives/structure.ts";
import * as windows from "../primitives/window.ts";
import { range, sameNumbers, type Shape, sizeOf } from "../shape.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";
import { axisOf } from "./axes.ts";

/**
 * To a larger shape by NumPy's rule: axes are matched from the last, those of length 1 repeat.
 *
 * @throws {ShapeError} When it does not fit.
 */
export function broadcastTo(x: Operand, shape: Shape): Operand {
  return apply("broadcastTo", (node) => views.broadcastTo(node, shape), x);
}

/**
 * The same entries in another shape; one length may be -1 and follows from the others.
 *
 * @throws {ShapeError} When the sizes differ.
 */
export function reshape(x: Operand, shape: Shape): Operand {
  return apply("reshape", (node) => {
    const known = sizeOf(shape.filter((n) => n !== -1));
    return views.reshape(node, shape.map((n) => n === -1 ? sizeOf(node.shape) / known : n));
  }, x);
}

/**
 * With other order of the axes: axis i of the result is axis `order[i]` of x. Default: all reversed, for a matrix the
 * transpose.
 *
 * @throws {ShapeError} When `order` does not name each axis once.
 */
export function transpose(x: Operand, order?: readonly number[]): Operand {
  return apply("transpose", (node) => views.permute(node, order ?? range(0, node.shape.length).reverse()), x);
}

/**
 * The part from `start` up to, not including, `end` along an axis, by default the first; negative numbers count from
 * the end.
 *
 * @throws {ShapeError} When it does not lie inside.
 */
export function slice(x: Operand, start: number, end?: number, axis: number = 0): Operand {
  return apply("slice", (node) => {
    const a = axisOf("slice", node.shape, axis), n = node.shape[a];
    const from = start < 0 ? start + n : start, to = end === undefined ? n : end < 0 ? end + n : end;
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to < from || to > n) {
      refuse("slice", `a part from ${start} to ${end ?? "the end"} inside axis ${axis}`, node.shape);
    }
    const starts = node.shape.map((_, i) => i === a ? from : 0);
    return windows.slice(node, starts, node.shape.map((m, i) => i === a ? to - from : m));
  }, x);
}

/**
 * The slice at one index of an axis, by default the first, without that axis: an entry of a vector, a row of a matrix.
 *
 * @throws {ShapeError} When there is no such index.
 */
export function take(x: Operand, index: number, axis: number = 0): Operand {
  return apply("take", (node) => {
    const a = axisOf("take", node.shape, axis), at = index < 0 ? index + node.shape[a] : index;
    if (!Number.isSafeInteger(at)) refuse("take", `a whole index, not ${index}`, node.shape);
    const one = windows.slice(
      node,
      node.shape.map((_, i) => i === a ? at : 0),
      node.shape.map((n, i) => i === a ? 1 : n),
    );
    return views.reshape(one, node.shape.filter((_, i) => i !== a));
  }, x);
}

/**
 * With zeros around: `before[i]` in front of and `after[i]` behind axis i.
 *
 * @throws {ShapeError} When there are not as many numbers as axes.
 */
export function pad(x: Operand, before: readonly number[], after: readonly number[]): Operand {
  return apply("pad", (node) => {
    if (before.length !== node.shape.length || after.length !== before.length) {
      refuse("pad", `widths for each axis, not [${before}] and [${after}]`, node.shape);
    }
    return windows.pad(node, before, node.shape.map((n, i) => before[i] + n + after[i]));
  }, x);
}

/**
 * Arrays one after the other along an axis, by default the first.
 *
 * @throws {ShapeError} When there is none, or they differ on other axes.
 */
export function concatenate(arrays: readonly Operand[], axis: number = 0): Operand {
  if (arrays.length === 0) refuse("concatenate", "at least one array");
  return apply(
    "concatenate",
    (...nodes) => windows.concatenate(nodes, axisOf("concatenate", nodes[0].shape, axis)),
    ...arrays,
  );
}

/**
 * Arrays of one shape along a new axis, by default the first: scalars to a vector, vectors to the rows of a matrix.
 *
 * @throws {ShapeError} When there is none, or the shapes differ.
 */
export function stack(arrays: readonly Operand[], axis: number = 0): Operand {
  if (arrays.length === 0) refuse("stack", "at least one array");
  return apply("stack", (...nodes) => {
    const shape = nodes[0].shape, at = axis < 0 ? axis + shape.length + 1 : axis;
    if (!(Number.isSafeInteger(at) && at >= 0 && at <= shape.length)) {
      refuse("stack", `a place ${axis} for an axis`, shape);
    }
    const longer = (s: Shape): Shape => [...s.slice(0, at), 1, ...s.slice(at)];
    return windows.concatenate(nodes.map((node) => views.reshape(node, longer(node.shape))), at);
  }, ...arrays);
}

/**
 * Slices along an axis, by default the first, at an array of indices; the axis is replaced by those of the indices.
 *
 * @throws {DomainError} When an index is not whole or too large, as soon as it is known.
 */
export function gather(x: Operand, indices: Operand, axis: number = 0): Operand {
  return apply("gather", (node, at) => index.gather(node, at, axisOf("gather", node.shape, axis)), x, indices);
}

/**
 * x with `updates` added to its slices along an axis, by default the first, at an array of indices; repeated ones add
 * up.
 *
 * @throws {ShapeError} When `updates` is not x with the axis replaced by those of the indices.
 * @throws {DomainError} When an index is not whole or too large, as soon as it is known.
 */
export function scatterAdd(x: Operand, indices: Operand, updates: Operand, axis: number = 0): Operand {
  return apply(
    "scatterAdd",
    (node: Node, at: Node, parts: Node) => {
      const a = axisOf("scatterAdd", node.shape, axis), sums = index.scatterAdd(parts, at, a, node.shape[a]);
      return sameNumbers(sums.shape, node.shape)
        ? add(node, sums)
        : refuse("scatterAdd", "updates in place of the slices", node.shape, at.shape, parts.shape);
    },
    x,
    indices,
    updates,
  );
}
