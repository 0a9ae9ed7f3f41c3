/**
 * Problems from formulas.
 *
 * @module
 */
import { negate, objective, type Operand, stack, vectorFunction } from "../../autodiff/mod.ts";
import type { TwiceConstrained, TwiceVectorFunction } from "../../constrained/mod.ts";
import type { Instance } from "../../core/mod.ts";
import { evaluateFormula } from "./formula.ts";

/** A function of x that array operations state. */
export type ArrayProgram = (x: Operand) => Operand;

/** A problem of the set as it is printed. */
export interface Formulas {
  /** Its number in the set. */
  readonly number: number;
  /** The standard start. */
  readonly start: readonly number[];
  /** The lowest value that is known. */
  readonly minimum: number;
  /** Values at other local minima. */
  readonly localMinima?: readonly number[];
  /** Quantities that the formulas name, each after those that it uses. */
  readonly where?: Readonly<Record<string, string>>;
  /** f. */
  readonly objective: string | ArrayProgram;
  /** The entries of c, with c = 0. */
  readonly equality?: readonly string[] | ArrayProgram;
  /** What the set asks to be at least 0: the entries of -g, with g <= 0. */
  readonly nonNegative?: readonly string[] | ArrayProgram;
  /** Lower bounds, one for all or each; `-Infinity` for none. */
  readonly lower?: number | readonly number[];
  /** Upper bounds, one for all or each; `Infinity` for none. */
  readonly upper?: number | readonly number[];
}

/** The problem that formulas state. */
export function instanceOf(formulas: Formulas): Instance<TwiceConstrained> {
  const { number, start, minimum, localMinima = [], where = {}, equality, nonNegative, lower, upper } = formulas;
  const name = `HS${number}`, dimension = start.length;
  const programOf = (texts: readonly string[]) => (x: Operand): Operand[] => {
    const named = new Map<string, Operand>();
    for (const [key, text] of Object.entries(where)) named.set(key, evaluateFormula(text, x, named));
    return texts.map((text) => evaluateFormula(text, x, named));
  };
  const vectorOf = (stated: readonly string[] | ArrayProgram, transform: ArrayProgram): TwiceVectorFunction => {
    const program = typeof stated === "function" ? stated : (x: Operand) => stack(programOf(stated)(x));
    return vectorFunction((x: Operand) => transform(program(x)), { dimension });
  };
  const bound = (values: number | readonly number[]): Float64Array =>
    typeof values === "number" ? new Float64Array(dimension).fill(values) : Float64Array.from(values);
  const f = formulas.objective;
  return {
    name,
    problem: {
      kind: "constrained",
      name,
      objective: objective(typeof f === "function" ? f : (x: Operand) => programOf([f])(x)[0], { dimension }),
      constraints: {
        ...(equality && { equality: vectorOf(equality, (c) => c) }),
        ...(nonNegative && { inequality: vectorOf(nonNegative, negate) }),
        ...(lower !== undefined && { lower: bound(lower) }),
        ...(upper !== undefined && { upper: bound(upper) }),
      },
    },
    start: Float64Array.from(start),
    minima: [minimum, ...localMinima],
  };
}
