/**
 * Rows from results: what a study keeps of a run.
 *
 * @module
 */
import {
  environment,
  type Instance,
  kindOf,
  type Measures,
  type Options,
  type Problem,
  type Result,
  type Rule,
  type Solver,
  type Trace,
} from "../core/mod.ts";
import type { Row, RowStatus, RowTrace } from "./row.ts";

/** A pair of an instance and a solver, under a seed: one run of a study. */
export interface Pair<P> {
  readonly instance: Instance<P>;
  readonly solver: Solver<P>;
  readonly seed: number;
  readonly stop: readonly Rule[];
  /** What is known before the run. */
  readonly kind: string;
  readonly start: Readonly<Measures>;
}

/** The end of a run that has no result. */
export interface Refusal {
  readonly status: RowStatus;
  readonly message: string;
}

/** The most rows of a trace that a study keeps. */
export const TRACE_ROWS = 500;

/** The row of a run that ended by itself. */
export function rowOf<P extends Problem>(pair: Pair<P>, result: Result): Row {
  const paths = Object.keys(result.counts.calls);
  return {
    ...described(pair),
    status: result.status,
    message: result.message,
    measure: result.trace.columns[4],
    value: result.value,
    measures: { ...result.measures },
    iterations: result.iterations,
    evaluations: result.counts.evaluations,
    calls: { ...result.counts.calls },
    measuring: result.counts.measuring,
    seconds: result.seconds,
    trace: traceOf(result.trace, paths, kindOf(pair.instance.problem).ranking),
    environment: result.environment,
  };
}

/** The row of a run that was refused or ended by an exception. */
export function refusedRow<P extends Problem>(pair: Pair<P>, refusal: Refusal): Row {
  return {
    ...described(pair),
    ...refusal,
    value: NaN,
    measures: { value: NaN },
    iterations: 0,
    evaluations: 0,
    calls: {},
    measuring: 0,
    seconds: 0,
    trace: { iteration: [], evaluations: [], seconds: [], value: [], measure: [], calls: {} },
    environment: { ...environment },
  };
}

function described<P extends Problem>({ instance, solver, seed, stop, kind, start }: Pair<P>) {
  return {
    problem: instance.name,
    dataHash: instance.dataHash ?? "",
    kind,
    dimension: instance.start.length,
    solver: solver.name,
    options: plain(solver.options) as Options,
    seed,
    stop: stop.map((rule) => ({ name: rule.name, ...plain(rule.options) as Options })),
    measure: Object.keys(start).find((name) => name !== "value") ?? "measure",
    merit: kindOf(instance.problem).ranking,
    minima: [...instance.minima],
    start,
  };
}

/** Options as JSON can write them: what it cannot becomes text. */
export function plain(data: unknown): unknown {
  if (typeof data === "number") return Number.isFinite(data) ? data : String(data);
  if (data === null || typeof data === "string" || typeof data === "boolean") return data;
  if (Array.isArray(data)) return data.map(plain);
  if (ArrayBuffer.isView(data)) return Array.from(data as Float64Array, plain);
  if (typeof data === "object") {
    const entries = Object.entries(data).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
  }
  return typeof data === "function" ? `function ${data.name}` : String(data);
}

/** The trace's columns, thinned. Calls are its last columns, in the order of the kind's oracles. */
function traceOf(trace: Trace, paths: readonly string[], merit: Row["merit"]): RowTrace {
  const { columns, rows, last } = trace.data(), width = columns.length;
  const used = rows.length / width, newest = used > 0 ? rows[(used - 1) * width] : NaN;
  const pending = !Number.isNaN(last[0]) && last[0] !== newest;
  const read = (j: number): number[] => {
    const column = Array.from({ length: used }, (_, i) => rows[i * width + j]);
    return pending ? [...column, last[j]] : column;
  };
  const [iteration, evaluations, seconds, value, measure] = [0, 1, 2, 3, 4].map(read);
  const kept = thinned(merit === "value" ? value : measure, TRACE_ROWS);
  const keep = (column: readonly number[]): number[] => kept.map((i) => column[i]);
  const calls = paths.map((path, k) => [path, keep(read(width - paths.length + k))] as const);
  return {
    iteration: keep(iteration),
    evaluations: keep(evaluations),
    seconds: keep(seconds),
    value: keep(value),
    measure: keep(measure),
    calls: Object.fromEntries(calls),
  };
}

/**
 * Which rows to keep: all, or the lowest of each bin, and the first and the last. Bins grow in proportion to the row's
 * number, so that the row where a target was first reached moves by a few percent at most.
 */
export function thinned(merit: readonly number[], most: number): number[] {
  const n = merit.length;
  if (n <= most) return merit.map((_, i) => i);
  for (let growth = 1 / most;; growth *= 1.1) {
    const kept = [0];
    for (let from = 1; from < n && kept.length < most;) {
      const to = Math.min(n, from + Math.max(1, Math.floor(from * growth)));
      let lowest = from;
      for (let i = from + 1; i < to; i++) if (merit[i] < merit[lowest]) lowest = i;
      kept.push(lowest);
      from = to;
      if (to === n) return lowest === n - 1 ? kept : [...kept, n - 1];
    }
  }
}
