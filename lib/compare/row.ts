/**
 * One run of a study as plain data.
 *
 * @module
 */
import type { Environment, Measures, Options, Status } from "../core/mod.ts";

/**
 * How a pair ended: the run's status, or `not-applicable` (the solver refused the problem before its first iteration),
 * or `failed` (an exception ended the run).
 */
export type RowStatus = Status | "not-applicable" | "failed";

/** The rows of a run's trace that a study keeps, in columns of equal length. */
export interface RowTrace {
  /** The iteration, from 0. */
  readonly iteration: readonly number[];
  /** The solver's calls so far, in units of one full gradient. */
  readonly evaluations: readonly number[];
  /** Solver time so far. */
  readonly seconds: readonly number[];
  /** `f` at the iterate; NaN where the kind has no value. */
  readonly value: readonly number[];
  /** The kind's first measure at the iterate. */
  readonly measure: readonly number[];
  /** The solver's calls so far of each oracle, by path. */
  readonly calls: Readonly<Record<string, readonly number[]>>;
}

/** One run: a problem, a solver with its options, a seed, and what came of it. Plain data, no functions. */
export interface Row {
  /** The instance's name: any text, markup and control characters included. */
  readonly problem: string;
  /** Identifies the data behind the problem; empty where there is none. */
  readonly dataHash: string;
  /** The kind of problem. */
  readonly kind: string;
  /** The number n of variables. */
  readonly dimension: number;
  /** The solver's name. */
  readonly solver: string;
  /** The solver's options; numbers that JSON cannot write are text, as `"Infinity"`. */
  readonly options: Options;
  /** The seed of the run's random numbers. */
  readonly seed: number;
  /** The stopping rules: the budget of the run. */
  readonly stop: readonly Options[];
  /** How the run ended. */
  readonly status: RowStatus;
  /** The figure that ended the run, the comparison and the limit; or what was refused or went wrong. */
  readonly message: string;
  /** `f` at the last good iterate; NaN where the kind has no value, or nothing was run. */
  readonly value: number;
  /** The name of the kind's first measure, what convergence means. */
  readonly measure: string;
  /** Whether a point is good by its value, or, where there is none or a low one may be infeasible, by that measure. */
  readonly merit: "value" | "measure";
  /** The kind's measures at the last good iterate. */
  readonly measures: Readonly<Measures>;
  /** The number of iterations. */
  readonly iterations: number;
  /** The solver's calls in units of one full gradient. */
  readonly evaluations: number;
  /** The solver's calls of each oracle. */
  readonly calls: Readonly<Record<string, number>>;
  /** Cost of measuring the iterates, apart from the solver's. */
  readonly measuring: number;
  /** Solver time, without measuring. */
  readonly seconds: number;
  /** Known minima of the value, the global one first. */
  readonly minima: readonly number[];
  /** The measures at the start, `value` among them: the same for every solver on the problem. */
  readonly start: Readonly<Measures>;
  /** How the run went, thinned to some hundred rows. */
  readonly trace: RowTrace;
  /** Where it was made. */
  readonly environment: Environment;
}

/** The key of a row: rows of several studies that share it are the same run. */
export function keyOf(row: Row): string {
  return JSON.stringify([row.problem, row.dataHash, canonical(row.solver), canonical(row.options), row.seed]);
}

/** The same text for the same data, whatever the order of the properties. */
export function canonical(data: unknown): string {
  return JSON.stringify(data, (_, value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
