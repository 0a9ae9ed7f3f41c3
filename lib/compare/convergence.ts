/**
 * Convergence curves of rows.
 *
 * @module
 */
import { DomainError, figure } from "../core/mod.ts";
import { type Band, Curves, type Series } from "./curves.ts";
import { applicable, byProblem, checkCounter, counter, type ProblemRuns, refusals, targetOf } from "./pairs.ts";
import type { Target } from "./profile.ts";
import { quartiles } from "./quartiles.ts";
import type { Row } from "./row.ts";
import { thinned, TRACE_ROWS } from "./record.ts";

/** Options of `convergence`. */
export interface ConvergenceOptions {
  /** The problem, by its label in the table; needed where the study has several. */
  readonly problem?: string;
}

/** `y` against `x` for every run on a problem. */
export function convergence(
  rows: readonly Row[],
  x: string,
  wanted: string | undefined,
  options: ConvergenceOptions,
): Curves {
  const problem = oneProblem(byProblem(rows), options.problem);
  const runs = problem.pairings.flatMap(({ solver, rows }) => rows.map((row) => ({ solver, row })));
  checkCounter(runs.map(({ row }) => row), x, "draw curves against");
  const lowest = targetOf(problem, 0), y = wanted ?? (lowest.origin === "measure" ? problem.any.measure : "value gap");
  const read = reader(problem.any, y, lowest);
  const series = runs.filter(({ row }) => row.trace.iteration.length > 0).map(({ solver, row }): Series => ({
    solver,
    seed: row.seed,
    x: [...counter(row, x)],
    y: read(row),
  }));
  const solvers = [...new Set(series.map(({ solver }) => solver))];
  const origin = lowest.origin === "known" ? "the known minimum" : "the best value of this study";
  return new Curves({
    problem: problem.label,
    kind: problem.any.kind,
    x,
    y,
    series,
    bands: solvers.map((solver) => band(solver, series.filter((one) => one.solver === solver))),
    notes: [
      ...(y === "value gap" ? [`value gap: f - fL, fL = ${figure(lowest.lowest)}, ${origin}`] : []),
      ...refusals([problem]),
      ...runs.filter(({ row }) => applicable(row) && row.trace.iteration.length === 0)
        .map(({ solver, row }) => `no curve: ${solver}, seed ${row.seed} (${row.status}: ${row.message})`),
    ],
  });
}

function oneProblem(problems: readonly ProblemRuns[], wanted: string | undefined): ProblemRuns {
  const found = wanted === undefined ? problems : problems.filter(({ label }) => label === wanted);
  if (found.length === 1) return found[0];
  const known = problems.map(({ label }) => JSON.stringify(label)).join(", ") || "none";
  throw new DomainError(
    `Cannot draw curves of ${wanted === undefined ? "several problems at once" : JSON.stringify(wanted)}: ` +
      `expected the option problem, one of ${known}`,
  );
}

function reader({ trace, measure }: Row, y: string, { origin, lowest }: Target): (row: Row) => number[] {
  const hasValue = trace.value.some((value) => !Number.isNaN(value)), hasGap = origin !== "measure";
  if (y === measure) return (row) => [...row.trace.measure];
  if (hasValue && y === "value") return (row) => [...row.trace.value];
  if (hasGap && y === "value gap") return (row) => row.trace.value.map((value) => value - lowest);
  const known = [...(hasGap ? ["value gap"] : []), ...(hasValue ? ["value"] : []), measure];
  throw new DomainError(`Cannot draw curves of ${JSON.stringify(y)}: expected one of ${known.join(", ")}`);
}

/** Quartiles over the runs at every x where one of them has a point, from where all have one. */
function band(solver: string, runs: readonly Series[]): Band {
  const begin = Math.max(...runs.map(({ x }) => x[0]));
  const all = [...new Set(runs.flatMap(({ x }) => x))].filter((at) => at >= begin).sort((a, b) => a - b);
  const x = thinned(all.map(() => 0), TRACE_ROWS).map((i) => all[i]);
  const next = runs.map(() => 0);
  const points = x.map((at) =>
    quartiles(runs.map((run, k) => {
      while (next[k] + 1 < run.x.length && run.x[next[k] + 1] <= at) next[k]++;
      return run.y[next[k]];
    }))
  );
  return {
    solver,
    x,
    y: points.map(({ median }) => median),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
    seeds: runs.length,
  };
}
