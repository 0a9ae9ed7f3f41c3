// Problems that the tests of SQP share.
import { objective, type Operand, stack, take, vectorFunction } from "../../../lib/autodiff/mod.ts";
import type { TwiceConstrained } from "../../../lib/constrained/mod.ts";

/** Functions of the entries of x. */
export interface Statement {
  readonly dimension: number;
  readonly f: (x: Operand[]) => Operand;
  readonly equality?: (x: Operand[]) => Operand[];
  readonly inequality?: (x: Operand[]) => Operand[];
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
}

/** A problem with all derivatives. */
export function stated({ dimension, f, equality, inequality, lower, upper }: Statement): TwiceConstrained {
  const entries = (x: Operand): Operand[] => Array.from({ length: dimension }, (_, j) => take(x, j));
  const vectorOf = (c: (x: Operand[]) => Operand[]) =>
    vectorFunction((x: Operand) => stack(c(entries(x))), { dimension });
  return {
    kind: "constrained",
    objective: objective((x: Operand) => f(entries(x)), { dimension }),
    constraints: {
      ...(equality && { equality: vectorOf(equality) }),
      ...(inequality && { inequality: vectorOf(inequality) }),
      ...(lower && { lower: Float64Array.from(lower) }),
      ...(upper && { upper: Float64Array.from(upper) }),
    },
  };
}

/** The same without second derivatives. */
export function firstOrderOf({ objective, constraints }: TwiceConstrained): TwiceConstrained {
  const { hessianVector: _, ...f } = objective;
  return { kind: "constrained", objective: f as TwiceConstrained["objective"], constraints };
}
