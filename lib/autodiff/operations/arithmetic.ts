/**
 * Arithmetic, entry by entry; shapes broadcast by NumPy's rule.
 *
 * @module
 */
import * as g from "../primitives/arithmetic.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";

/**
 * `x + y`.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function add(x: Operand, y: Operand): Operand {
  return apply("add", g.add, x, y);
}

/**
 * `x - y`.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function subtract(x: Operand, y: Operand): Operand {
  return apply("subtract", g.subtract, x, y);
}

/**
 * `x y`, entry by entry.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function multiply(x: Operand, y: Operand): Operand {
  return apply("multiply", g.multiply, x, y);
}

/**
 * `x / y`.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function divide(x: Operand, y: Operand): Operand {
  return apply("divide", g.divide, x, y);
}

/**
 * `xʸ`. A whole number y is welcome for any x; the derivative with respect to y is taken as 0 where x is 0.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function power(x: Operand, y: Operand): Operand {
  return apply("power", g.power, x, y);
}

/** `-x`. */
export function negate(x: Operand): Operand {
  return apply("negate", g.negate, x);
}

/** `x²`. */
export function square(x: Operand): Operand {
  return apply("square", g.square, x);
}

/** `1 / x`. */
export function reciprocal(x: Operand): Operand {
  return apply("reciprocal", g.reciprocal, x);
}
