/**
 * What a kind of problem is: its oracles with their costs, and its yardstick.
 *
 * @module
 */
import type { Point } from "./solver.ts";

/** Figures of merit of a point, by name; `value` is NaN for kinds that have none. */
export interface Measures {
  /** The objective. */
  value: number;
  /** A figure of merit. */
  [name: string]: number;
}

/** An oracle of a kind: where it is in the problem and what a call costs, in units of one full gradient. */
export interface OracleSpec {
  /** The property path, as `["smooth", "gradient"]`. */
  readonly path: readonly string[];
  /** The number of arguments. */
  readonly arity: 1 | 2 | 3 | 4;
  /** The cost of a call. */
  readonly cost: number;
  /** Whether every problem of the kind has it; `with-holder`: every problem that has the object which holds it. */
  readonly required: boolean | "with-holder";
  /** Whether its result is the objective at its first argument, so that the best point seen can be kept. */
  readonly ranks: boolean;
  /** Whether its second argument is a batch: a call then counts, and costs, once for each example listed. */
  readonly batch?: true;
}

const paths = new WeakMap<object, readonly string[]>();

/** The paths of the oracles of a kind, dotted, in their order; joined once. */
export function pathsOf(kind: Pick<Kind<never>, "oracles">): readonly string[] {
  let known = paths.get(kind.oracles);
  if (!known) paths.set(kind.oracles, known = kind.oracles.map((o) => o.path.join(".")));
  return known;
}

/** The shapes of what a point of a problem has besides `x`. */
export interface Parts {
  /** The number of multipliers. */
  readonly multipliers?: number;
  /** The length of the lower-level solution. */
  readonly lower?: number;
  /** Rows and columns of the plan. */
  readonly plan?: readonly [number, number];
}

/** A kind of problem. */
export interface Kind<P> {
  /** What problems call themselves in `kind`. */
  readonly name: string;
  /** What problems of the kind can be asked. */
  readonly oracles: readonly OracleSpec[];
  /** The names of its measures; the first one is what convergence means. */
  readonly measures: readonly string[];
  /** Whether points have an objective value. */
  readonly hasValue: boolean;
  /** Whether an iterate may lie where the value is `Infinity`. */
  readonly hasDomain?: true;
  /**
   * What makes one iterate better than another: the value, or, where a low value may be infeasible, the first measure.
   */
  readonly ranking: "value" | "measure";
  /** The number of variables. */
  readonly dimension: (problem: P) => number;
  /** The shapes of the other parts of its points; a kind without has points of `x` alone. */
  readonly parts?: (problem: P) => Parts;
  /** How many listed examples make one full gradient, where oracles take batches. Default 1. */
  readonly unit?: (problem: P) => number;
  /** Throws on data that do not fit together. */
  readonly check?: (problem: P) => void;
  /** Makes the function that measures a point; it allocates its work space once. */
  readonly measurer: (problem: P) => (point: Point, out: Measures) => void;
}
