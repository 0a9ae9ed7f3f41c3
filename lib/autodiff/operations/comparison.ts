/**
 * Comparisons and choices, entry by entry; shapes broadcast by NumPy's rule. A comparison is 1 where it holds, else 0.
 *
 * @module
 */
import * as g from "../primitives/comparison.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";

/**
 * 1 where `x > y`, else 0.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function greater(x: Operand, y: Operand): Operand {
  return apply("greater", g.greater, x, y);
}

/**
 * 1 where `x >= y`, else 0.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function greaterEqual(x: Operand, y: Operand): Operand {
  return apply("greaterEqual", g.greaterEqual, x, y);
}

/**
 * 1 where `x < y`, else 0.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function less(x: Operand, y: Operand): Operand {
  return apply("less", (a, b) => g.greater(b, a), x, y);
}

/**
 * 1 where `x <= y`, else 0.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function lessEqual(x: Operand, y: Operand): Operand {
  return apply("lessEqual", (a, b) => g.greaterEqual(b, a), x, y);
}

/**
 * 1 where `x = y`, else 0.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function equal(x: Operand, y: Operand): Operand {
  return apply("equal", g.equal, x, y);
}

/**
 * `max(x, y)`; NaN where either is. The derivative at a tie is the mean of both sides.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function max(x: Operand, y: Operand): Operand {
  return apply("max", g.max, x, y);
}

/**
 * `min(x, y)`; NaN where either is. The derivative at a tie is the mean of both sides.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function min(x: Operand, y: Operand): Operand {
  return apply("min", g.min, x, y);
}

/**
 * `yes` where the condition is not 0, else `no`. Both are computed; the derivative is that of the chosen one. Where the
 * other has no finite derivative, choose its argument as well: `select(c, log(select(c, x, 1)), 0)`.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function select(condition: Operand, yes: Operand, no: Operand): Operand {
  return apply("select", g.select, condition, yes, no);
}

/**
 * `min(max(x, low), high)`.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function clamp(x: Operand, low: Operand, high: Operand): Operand {
  return apply("clamp", (a, b, c) => g.min(g.max(a, b), c), x, low, high);
}
