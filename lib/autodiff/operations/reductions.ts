/**
 * Reductions along axes, and functions that normalize along axes.
 *
 * @module
 */
import type { Node } from "../node.ts";
import { divide, negate, subtract } from "../primitives/arithmetic.ts";
import * as cumulative from "../primitives/cumulative.ts";
import { logsumexpAlong, normAlong, softmaxAlong } from "../primitives/macros.ts";
import { largest, productAlong, restore, sum as sumNode } from "../primitives/reductions.ts";
import { permute } from "../primitives/structure.ts";
import { sizeOf } from "../shape.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";
import { type Axes, axesOf, axisOf, keeping, movedToEnd, toEnd } from "./axes.ts";

/** Options of reductions. */
export interface ReductionOptions {
  /** Along which axes; negative ones count from the last. Default: all. */
  readonly axes?: Axes;
  /** Whether these axes stay, with length 1. Default: false. */
  readonly keepAxes?: boolean;
}

function reduced(
  name: string,
  x: Operand,
  { axes, keepAxes }: ReductionOptions,
  reduce: (node: Node, axes: readonly number[]) => Node,
): Operand {
  return apply(name, (node) => {
    const list = axesOf(name, node.shape, axes);
    return list.length === 0 ? node : keeping(reduce(node, list), node.shape, list, keepAxes);
  }, x);
}

/** `Σ xᵢ`. */
export function sum(x: Operand, options: ReductionOptions = {}): Operand {
  return reduced("sum", x, options, sumNode);
}

/** `Σ xᵢ / n`; NaN along an axis without entries. */
export function mean(x: Operand, options: ReductionOptions = {}): Operand {
  return reduced(
    "mean",
    x,
    options,
    (node, axes) => divide(sumNode(node, axes), sizeOf(axes.map((axis) => node.shape[axis]))),
  );
}

/** `Π xᵢ`; derivatives are right where entries are 0. */
export function product(x: Operand, options: ReductionOptions = {}): Operand {
  return reduced("product", x, options, (node, axes) => [...axes].reverse().reduce(productAlong, node));
}

/** The largest entry; NaN if any is. At ties the derivative is the mean of theirs. */
export function maximum(x: Operand, options: ReductionOptions = {}): Operand {
  return reduced("maximum", x, options, largest);
}

/** The smallest entry; NaN if any is. At ties the derivative is the mean of theirs. */
export function minimum(x: Operand, options: ReductionOptions = {}): Operand {
  return reduced("minimum", x, options, (node, axes) => negate(largest(negate(node), axes)));
}

/** `log Σ exp xᵢ`, without overflow. */
export function logsumexp(x: Operand, options: ReductionOptions = {}): Operand {
  return reduced("logsumexp", x, options, (node, axes) => {
    const rank = node.shape.length;
    return logsumexpAlong(movedToEnd(node, axes), [rank - axes.length, rank]);
  });
}

/** The Euclidean norm `√Σ xᵢ²`; its derivative at 0 is 0. */
export function norm(x: Operand, options: ReductionOptions = {}): Operand {
  return reduced("norm", x, options, (node, axes) => {
    const rank = node.shape.length;
    return normAlong(movedToEnd(node, axes), [rank - axes.length, rank]);
  });
}

/** Options of softmax. */
export interface SoftmaxOptions {
  /** Along which axes the entries are normalized. Default: the last. */
  readonly axes?: Axes;
}

function normalized(
  name: string,
  x: Operand,
  axes: Axes | undefined,
  of: (node: Node, start: number) => Node,
): Operand {
  return apply(name, (node) => {
    const rank = node.shape.length, list = axesOf(name, node.shape, axes ?? -1), [order, inverse] = toEnd(rank, list);
    return permute(of(permute(node, order), rank - list.length), inverse);
  }, x);
}

/** `exp xᵢ / Σ exp xⱼ`, without overflow. */
export function softmax(x: Operand, options: SoftmaxOptions = {}): Operand {
  return normalized("softmax", x, options.axes, (node, start) => softmaxAlong(node, [start, node.shape.length]));
}

/** `xᵢ - log Σ exp xⱼ`, without overflow. */
export function logSoftmax(x: Operand, options: SoftmaxOptions = {}): Operand {
  return normalized("logSoftmax", x, options.axes, (node, start) => {
    const axes = [start, node.shape.length] as const;
    return subtract(node, restore(logsumexpAlong(node, axes), node.shape, axes));
  });
}

/** Options of `cumulativeSum`. */
export interface CumulativeOptions {
  /** Default: the last. */
  readonly axis?: number;
  /** Whether to sum from the end. Default: false. */
  readonly reverse?: boolean;
}

/** The sums `x₀ + … + xᵢ` along an axis. */
export function cumulativeSum(x: Operand, options: CumulativeOptions = {}): Operand {
  return apply("cumulativeSum", (node) => {
    const axis = axisOf("cumulativeSum", node.shape, options.axis ?? -1);
    return cumulative.cumulativeSum(node, axis, options.reverse === true ? 1 : 0);
  }, x);
}
