/**
 * Sorting and what follows from it. The order of entries is constant almost everywhere: derivatives follow the entries
 * to their places; of equal ones the first counts as the smaller.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { callerLine, refuse } from "../errors.ts";
import { constant, type Node } from "../node.ts";
import { add, multiply } from "../primitives/arithmetic.ts";
import { gather } from "../primitives/index.ts";
import { sorted } from "../primitives/order.ts";
import { permute, reshape } from "../primitives/structure.ts";
import { slice } from "../primitives/window.ts";
import { range } from "../shape.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";
import { axisOf, toEnd } from "./axes.ts";

/** Options of functions that sort. */
export interface SortOptions {
  /** Along which axis. Default: the last. */
  readonly axis?: number;
  /** Whether the largest come first. Default: false. */
  readonly descending?: boolean;
}

/** Applies a function of what is sorted along the last axis, and puts the axis back. */
function alongSorted(name: string, x: Operand, axis: number, of: (sorted: Node) => Node): Operand {
  return apply(name, (node) => {
    const rank = node.shape.length, [order, inverse] = toEnd(rank, [axisOf(name, node.shape, axis)]);
    const result = of(sorted(permute(node, order)));
    return result.shape.length === rank ? permute(result, inverse) : result;
  }, x);
}

/** The slices from `start` on, `count` of them, along the last axis. */
function part(node: Node, start: number, count: number): Node {
  const rank = node.shape.length;
  return slice(node, [...range(0, rank - 1).map(() => 0), start], [...node.shape.slice(0, -1), count]);
}

function reversed(node: Node): Node {
  const n = node.shape[node.shape.length - 1];
  return gather(node, constant([n], Float64Array.from({ length: n }, (_, i) => n - 1 - i)), node.shape.length - 1);
}

/**
 * The entries in ascending order along an axis, by default the last; NaN last.
 *
 * @example The sum of the two smallest, and its gradient
 * ```ts
 * import { grad, type Operand, slice, sort, sum } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (x: Operand) => sum(slice(sort(x), 0, 2)), x = Float64Array.of(3, 1, 2);
 * assertEquals([f(x), grad(f)(x)], [3, Float64Array.of(0, 1, 1)]);
 * ```
 */
export function sort(x: Operand, { axis = -1, descending = false }: SortOptions = {}): Operand {
  return alongSorted("sort", x, axis, (node) => descending ? reversed(node) : node);
}

/**
 * The k largest entries along an axis, by default the last, in descending order.
 *
 * @throws {ShapeError} When there are not as many.
 */
export function topK(x: Operand, k: number, { axis = -1 }: Pick<SortOptions, "axis"> = {}): Operand {
  return alongSorted("topK", x, axis, (node) => {
    const n = node.shape[node.shape.length - 1];
    if (!Number.isSafeInteger(k) || k < 0 || k > n) {
      refuse("topK", `at least ${k} entries along axis ${axis}`, node.shape);
    }
    return reversed(part(node, n - k, k));
  });
}

/**
 * The quantile at a fraction q in [0, 1] along an axis, by default the last, without that axis: linear between the
 * sorted entries, of which number `q (n - 1)` counts.
 *
 * @throws {DomainError} When q is not in [0, 1].
 * @throws {ShapeError} When there are no entries.
 */
export function quantile(x: Operand, q: number, { axis = -1 }: Pick<SortOptions, "axis"> = {}): Operand {
  if (!(q >= 0 && q <= 1)) {
    throw new DomainError(`Cannot apply quantile: expected a fraction between 0 and 1, got ${q}${callerLine()}`);
  }
  return alongSorted("quantile", x, axis, (node) => {
    const n = node.shape[node.shape.length - 1], rest = node.shape.slice(0, -1);
    if (n === 0) refuse("quantile", "at least one entry along the axis", node.shape);
    const place = q * (n - 1), below = Math.floor(place), weight = place - below;
    const at = (i: number): Node => reshape(part(node, i, 1), rest);
    return weight === 0 ? at(below) : add(multiply(1 - weight, at(below)), multiply(weight, at(below + 1)));
  });
}

/** The median along an axis, by default the last: the quantile at 1/2. */
export function median(x: Operand, options: Pick<SortOptions, "axis"> = {}): Operand {
  return quantile(x, 0.5, options);
}
