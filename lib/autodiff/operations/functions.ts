/**
 * Functions of one variable, entry by entry.
 *
 * @module
 */
import * as comparison from "../primitives/comparison.ts";
import * as error from "../primitives/error_function.ts";
import * as exponential from "../primitives/exponential.ts";
import * as gamma from "../primitives/gamma.ts";
import * as macros from "../primitives/macros.ts";
import * as trigonometric from "../primitives/trigonometric.ts";
import { DomainError } from "../../core/mod.ts";
import { callerLine } from "../errors.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";

/** `exp x`. */
export function exp(x: Operand): Operand {
  return apply("exp", exponential.exp, x);
}

/** `exp x - 1`, accurate near 0. */
export function expm1(x: Operand): Operand {
  return apply("expm1", exponential.expm1, x);
}

/** The natural logarithm. */
export function log(x: Operand): Operand {
  return apply("log", exponential.log, x);
}

/** `log(1 + x)`, accurate near 0. */
export function log1p(x: Operand): Operand {
  return apply("log1p", exponential.log1p, x);
}

/** `√x`. */
export function sqrt(x: Operand): Operand {
  return apply("sqrt", exponential.sqrt, x);
}

/** `sin x`. */
export function sin(x: Operand): Operand {
  return apply("sin", trigonometric.sin, x);
}

/** `cos x`. */
export function cos(x: Operand): Operand {
  return apply("cos", trigonometric.cos, x);
}

/** `tan x`. */
export function tan(x: Operand): Operand {
  return apply("tan", trigonometric.tan, x);
}

/** The inverse of the sine. */
export function asin(x: Operand): Operand {
  return apply("asin", trigonometric.asin, x);
}

/** The inverse of the cosine. */
export function acos(x: Operand): Operand {
  return apply("acos", trigonometric.acos, x);
}

/** The inverse of the tangent. */
export function atan(x: Operand): Operand {
  return apply("atan", trigonometric.atan, x);
}

/** `sinh x`. */
export function sinh(x: Operand): Operand {
  return apply("sinh", trigonometric.sinh, x);
}

/** `cosh x`. */
export function cosh(x: Operand): Operand {
  return apply("cosh", trigonometric.cosh, x);
}

/** `tanh x`. */
export function tanh(x: Operand): Operand {
  return apply("tanh", trigonometric.tanh, x);
}

/** The error function `2/√π ∫₀ˣ e^{-t²} dt`. */
export function erf(x: Operand): Operand {
  return apply("erf", error.erf, x);
}

/** `1 - erf x`, accurate where it is small. */
export function erfc(x: Operand): Operand {
  return apply("erfc", error.erfc, x);
}

/** `|x|`; the derivative at 0 is 0. */
export function abs(x: Operand): Operand {
  return apply("abs", comparison.abs, x);
}

/** -1, 0 or 1; the derivative is 0. */
export function sign(x: Operand): Operand {
  return apply("sign", comparison.sign, x);
}

/** The largest integer that is not above x; the derivative is 0. */
export function floor(x: Operand): Operand {
  return apply("floor", comparison.floor, x);
}

/** `max(x, 0)`; the derivative at 0 is 0. */
export function relu(x: Operand): Operand {
  return apply("relu", comparison.relu, x);
}

/** `log(1 + exp x)`, without overflow. */
export function softplus(x: Operand): Operand {
  return apply("softplus", macros.softplus, x);
}

/** `1 / (1 + exp(-x))`. */
export function sigmoid(x: Operand): Operand {
  return apply("sigmoid", macros.sigmoid, x);
}

/** x, with derivative 0. */
export function stopGradient(x: Operand): Operand {
  return apply("stopGradient", macros.stopGradient, x);
}

/**
 * The angle of the point `(x, y)`.
 *
 * @throws {ShapeError} When the shapes do not broadcast.
 */
export function atan2(y: Operand, x: Operand): Operand {
  return apply("atan2", trigonometric.atan2, y, x);
}

/** `log Γ(x)` for x > 0, infinite at 0; NaN below. */
export function logGamma(x: Operand): Operand {
  return apply("logGamma", gamma.logGamma, x);
}

/** `ψ(x) = Γ'(x) / Γ(x)` for x > 0. */
export function digamma(x: Operand): Operand {
  return polygamma(0, x);
}

/**
 * The derivative `ψₘ(x)` of order m of the digamma function, for x > 0.
 *
 * @throws {DomainError} When m is not a whole number from 0 on.
 */
export function polygamma(m: number, x: Operand): Operand {
  if (!Number.isSafeInteger(m) || m < 0) {
    throw new DomainError(`Cannot apply polygamma: expected a whole order from 0 on, got ${m}${callerLine()}`);
  }
  return apply("polygamma", (node) => gamma.polygamma(node, m), x);
}
