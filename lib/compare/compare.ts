/**
 * Runs every solver on every problem under one budget.
 *
 * @module
 */
import {
  callback,
  DomainError,
  GradusError,
  type Instance,
  type Measures,
  measures,
  oraclesOf,
  type Problem,
  type Result,
  rng,
  type Rule,
  solve,
  solveAsync,
  type SolveOptions,
  type Solver,
} from "../core/mod.ts";
import { type Pair, plain, refusedRow, rowOf } from "./record.ts";
import { canonical, type Row } from "./row.ts";
import { Study } from "./study.ts";

/** How far a comparison has come. */
export interface CompareProgress {
  /** Runs made so far, the one of `row` among them. */
  readonly done: number;
  /** Runs in all. */
  readonly total: number;
  /** The run that has just ended. */
  readonly row: Row;
}

/** What to compare. */
export interface CompareOptions<P> {
  /** Problems with their standard starts; their names tell them apart. */
  readonly problems: readonly Instance<P>[];
  /** Solvers; their names and options tell them apart. */
  readonly solvers: readonly Solver<P>[];
  /** The stopping rules of every run: one budget. */
  readonly stop: Rule | readonly Rule[];
  /** Each pair is run once with each of these. Default `[0]`. */
  readonly seeds?: readonly number[];
  /** Called after each run, as to draw a bar. */
  readonly onProgress?: (progress: CompareProgress) => void;
  /** Ends the comparison, also inside a step; the study holds the runs that were made until then. */
  readonly signal?: AbortSignal;
}

/** Rows of a trace kept during a run; a study thins them when it has ended. */
const RECORDED = 20_000;

let latest: readonly Row[] | undefined;

/**
 * Runs every solver on every problem with every seed, each under the same stopping rules, and counts their calls.
 *
 * A solver that refuses a problem before its first iteration (an oracle or a constant is missing) gives a row with the
 * status `not-applicable`; any other exception gives one with the status `failed`. Neither ends the study.
 *
 * @param options The problems, the solvers, the budget.
 * @returns One row for each run, and the tables and profiles made of them.
 * @throws {DomainError} Without problems or solvers, on equal ones, on seeds that are none, or on a stopping rule that
 * reads a measure that a problem does not have.
 * @throws {ShapeError} When a start has another length than its problem.
 *
 * @example Two solvers on two problems
 * ```ts
 * import { evaluations, gradientNorm } from "@gradus/gradus/core";
 * import { compare } from "@gradus/gradus/compare";
 * import { quadratic, rosenbrock } from "@gradus/gradus/problems";
 * import { gradientDescent, lbfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const study = compare({
 *   problems: [quadratic([1, 10]), rosenbrock(2)],
 *   solvers: [gradientDescent(), lbfgs()],
 *   stop: [gradientNorm(), evaluations(500)],
 * });
 * assertEquals(study.rows.length, 4);
 * assertEquals(study.performanceProfile("evaluations").share("L-BFGS", 1), 1); // the cheapest on both
 * ```
 */
export function compare<P extends Problem>(options: CompareOptions<P>): Study {
  const rows: Row[] = [];
  for (const attempt of attempts(options, rows)) {
    try {
      attempt.succeed(solve(attempt.problem, attempt.solver, attempt.options));
    } catch (error) {
      attempt.fail(error);
    }
  }
  return new Study(rows);
}

/** Like `compare`, but gives way to the event loop, so that a page stays alive and `signal` can be heard. */
export async function compareAsync<P extends Problem>(options: CompareOptions<P>): Promise<Study> {
  const rows: Row[] = [];
  for (const attempt of attempts(options, rows)) {
    try {
      attempt.succeed(await solveAsync(attempt.problem, attempt.solver, attempt.options));
    } catch (error) {
      attempt.fail(error);
    }
  }
  return new Study(rows);
}

/**
 * The study so far of the comparison that was started last; after an interruption it holds the runs that had ended, and
 * `lastRun()` of the core the one that had not.
 *
 * @throws {DomainError} When nothing has been compared.
 */
export function lastStudy(): Study {
  if (!latest) throw new DomainError("Cannot return the last study: nothing has been compared yet");
  return new Study([...latest]);
}

/** The runs to make, one after the other; when one has been made, its row joins `rows`. */
function* attempts<P extends Problem>(options: CompareOptions<P>, rows: Row[]): Generator<Attempt<P>, void, void> {
  const pairs = pairsOf(options);
  latest = rows;
  for (const pair of pairs) {
    const attempt = new Attempt(pair, options.signal);
    yield attempt;
    if (options.signal?.aborted) return;
    rows.push(attempt.row!);
    options.onProgress?.({ done: rows.length, total: pairs.length, row: attempt.row! });
    if (options.signal?.aborted) return;
  }
}

/** One run: what to run, and the row that it ends in. */
class Attempt<P extends Problem> {
  readonly problem: P;
  readonly solver: Solver<P>;
  readonly options: SolveOptions;
  row: Row | undefined;
  readonly #pair: Pair<P>;
  #started = false;

  constructor(pair: Pair<P>, signal: AbortSignal | undefined) {
    this.problem = pair.instance.problem;
    this.solver = pair.solver;
    this.#pair = pair;
    // tells an exception at the door from a later one
    const watch = callback(() => {
      this.#started = true;
    });
    this.options = {
      start: pair.instance.start,
      seed: pair.seed,
      stop: [watch, ...pair.stop],
      traceRows: RECORDED,
      ...(signal && { signal }),
    };
  }

  succeed(result: Result): void {
    this.row = rowOf(this.#pair, result);
  }

  fail(error: unknown): void {
    const refused = error instanceof GradusError && !this.#started;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const refusal = refused
      ? { status: "not-applicable" as const, message: error.message }
      : { status: "failed" as const, message };
    this.row = refusedRow(this.#pair, refusal);
  }
}

/** All runs in order, after a look at every input. */
function pairsOf<P extends Problem>(options: CompareOptions<P>): Pair<P>[] {
  const { problems, solvers, seeds = [0] } = options;
  const stop = Array.isArray(options.stop) ? options.stop : [options.stop];
  some("problem", problems);
  some("solver", solvers);
  some("seed", seeds);
  some("stopping rule", stop.filter((rule) => typeof rule?.fires === "function"));
  for (const seed of seeds) rng(seed); // refuses what is no seed
  different("problems", problems.map((p) => JSON.stringify(p.name)));
  different("solvers", solvers.map((s) => `${JSON.stringify(s.name)} with the options ${canonical(plain(s.options))}`));
  different("seeds", seeds.map(String));
  const starts = problems.map((instance) => measuredStart(instance, stop));
  return problems.flatMap((instance, i) =>
    solvers.flatMap((solver) =>
      seeds.map((seed) => ({ instance, solver, seed, stop, kind: instance.problem.kind, start: starts[i] }))
    )
  );
}

function some(what: string, list: readonly unknown[]): void {
  if (!Array.isArray(list) || list.length === 0) {
    throw new DomainError(`Cannot compare: expected at least one ${what}, got none`);
  }
}

function different(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new DomainError(`Cannot compare: expected different ${what}, got ${twice} twice`);
}

/** The measures at an instance's start: the same for every solver, and a look at the instance. */
function measuredStart<P extends Problem>({ name, problem, start }: Instance<P>, stop: readonly Rule[]): Measures {
  let first: Measures;
  try {
    oraclesOf(problem);
    first = measures(problem, { x: start });
  } catch (error) {
    if (error instanceof GradusError) {
      error.message += ` (problem ${JSON.stringify(name)})`;
      throw error;
    }
    return { value: NaN }; // the user's function threw, and each run will say so
  }
  for (const measure of stop.flatMap((rule) => rule.reads)) {
    if (!(measure in first)) {
      const known = Object.keys(first).filter((key) => key !== "value").join(", ");
      throw new DomainError(`Cannot compare: a rule stops on ${measure}; ${JSON.stringify(name)} has ${known}`);
    }
  }
  return first;
}
