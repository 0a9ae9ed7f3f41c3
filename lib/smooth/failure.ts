/**
 * Why no step can be taken: rounding errors, a wrong gradient, or values that are not finite.
 *
 * @module
 */
import { figure, normInf, type Smooth, type Stop } from "../core/mod.ts";
import { evaluateAt, isUsable, type Line } from "./line.ts";

/** Why a slope of the steepest descent cannot be searched along. */
export function noSlope(slope: number): Stop {
  return slope === 0
    ? { status: "stalled-at-precision", message: "|∇f|² is 0" }
    : { status: "line-search-failed", message: `|∇f|² is ${-slope}, too large to search along the gradient` };
}

/** Why no step within a region lowers the value, the last trial having had this one. */
export function noTrial(state: { readonly value: number; readonly estimate: number }, trial: number): Stop {
  return Number.isFinite(trial)
    ? {
      status: "stalled-at-precision",
      message: `no step lowers ${figure(state.value)} beyond rounding; |∇f| ${figure(state.estimate)}`,
    }
    : { status: "non-finite", message: `value ${trial} at each step, however short` };
}

/** Why no step along the steepest descent lowers the value. */
export function noStep(problem: Smooth, line: Line, first: number): Stop {
  const slope = figure(line.slope0), value = figure(line.value0), fit = fitOf(problem, line, first);
  if (fit === "good") {
    return {
      status: "stalled-at-precision",
      message: `no value below ${value} can be told from rounding along the steepest descent (slope ${slope})`,
    };
  }
  if (fit === "none") {
    return {
      status: "non-finite",
      message: `value ${line.value}, slope ${line.slope} at each step along the steepest descent, down to ${
        figure(line.step)
      }`,
    };
  }
  return {
    status: "line-search-failed",
    message: `no step along the steepest descent (slope ${slope}) lowers the value ${value}, and the values do not ` +
      "follow the slopes; is the gradient right? checkDerivatives(problem, x) compares it with differences",
  };
}

/**
 * Whether values and slopes fit together, by the trapezoidal rule `φ(a) - φ(0) ≈ a (φ'(0) + φ'(a)) / 2`: at two steps
 * in a row, going down from one of the size of x, as long steps leave the range of the rule and short ones drown in
 * rounding. `none` when no step has a finite value.
 */
function fitOf(problem: Smooth, line: Line, first: number): "good" | "bad" | "none" {
  let step = Math.max(first, normInf(line.x) / normInf(line.direction)), fits = 0, finite = false;
  for (let k = 0; k < 20; k++, step /= 10) {
    evaluateAt(problem, line, step);
    const surprise = line.value - line.value0 - 0.5 * step * (line.slope0 + line.slope);
    const promise = step * Math.max(Math.abs(line.slope0), Math.abs(line.slope));
    fits = Math.abs(surprise) <= 0.5 * promise ? fits + 1 : 0;
    if (fits === 2) return "good";
    finite ||= isUsable(line);
  }
  return finite ? "bad" : "none";
}
