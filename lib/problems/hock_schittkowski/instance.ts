/**
 * Problems from formulas.
 *
 * @module
 */
import { objective, type Operand, stack, vectorFunction } from "../../autodiff/mod.ts";
import type { TwiceConstrained, TwiceVectorFunction } from "../../constrained/mod.ts";
import type { Instance } from "../../core/mod.ts";
import { evaluateFormula } from "./formula.ts";

/** A problem of the set as it is printed. */
export interface Formulas {
  /** Its number in the set. */
  readonly number: number;
  /** The standard start. */
  readonly start: readonly number[];
  /** The minimum that the set knows. */
  readonly minimum: number;
  /** f. */
  readonly objective: string;
  /** The entries of c, with c = 0. */
  readonly equality?: readonly string[];
  /** The entries of g, with g <= 0. */
  readonly inequality?: readonly string[];
  /** Lower bounds; `-Infinity` for none. */
  readonly lower?: readonly number[];
  /** Upper bounds; `Infinity` for none. */
  readonly upper?: readonly number[];
}

/** The problem that formulas state. */
export function instanceOf(formulas: Formulas): Instance<TwiceConstrained> {
  const { number, start, minimum, equality, inequality, lower, upper } = formulas, dimension = start.length;
  const name = `HS${number}`;
  const constraints = {
    ...(equality && { equality: vectorOf(equality, dimension) }),
    ...(inequality && { inequality: vectorOf(inequality, dimension) }),
    ...(lower && { lower: Float64Array.from(lower) }),
    ...(upper && { upper: Float64Array.from(upper) }),
  };
  return {
    name,
    problem: {
      kind: "constrained",
      name,
      objective: objective((x: Operand) => evaluateFormula(formulas.objective, x), { dimension }),
      constraints,
    },
    start: Float64Array.from(start),
    minima: [minimum],
  };
}

function vectorOf(texts: readonly string[], dimension: number): TwiceVectorFunction {
  return vectorFunction((x: Operand) => stack(texts.map((text) => evaluateFormula(text, x))), { dimension });
}
