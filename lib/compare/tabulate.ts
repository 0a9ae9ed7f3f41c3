/**
 * The table of a study: a line for each problem and solver.
 *
 * @module
 */
import {
  applicable,
  budgets,
  byProblem,
  checkTau,
  crossing,
  failures,
  gaps,
  refusals,
  solversOf,
  targetOf,
  testInWords,
} from "./pairs.ts";
import { quartiles } from "./quartiles.ts";
import type { Row } from "./row.ts";
import { type Cell, type Column, Table } from "./table.ts";

/** Options of `table`. */
export interface TableOptions {
  /** The tolerance of the convergence test `f <= fL + tau (f0 - fL)`. Default 1e-6. */
  readonly tau?: number;
}

/** The rows as a table, seeds as medians and quartiles. */
export function tabulate(rows: readonly Row[], { tau = 1e-6 }: TableOptions): Table {
  checkTau(tau);
  const problems = byProblem(rows), solvers = solversOf(rows);
  const targets = problems.map((problem) => targetOf(problem, tau));
  const yardsticks = unique(rows.map((row) => row.measure)).filter((name) => rows.some((row) => name in row.measures));
  const oracles = unique(rows.flatMap((row) => Object.keys(row.calls).filter((path) => row.calls[path] > 0)));
  const hasValue = rows.some((row) => !Number.isNaN(row.value));

  const left = (title: string): Column => ({ title, align: "left" });
  const right = (title: string): Column => ({ title, align: "right" });
  const figures: [Column, (row: Row) => number][] = [
    ...(hasValue ? [[right("value"), (row: Row) => row.value] as [Column, (row: Row) => number]] : []),
    ...yardsticks.map((name): [Column, (row: Row) => number] => [right(name), (row) => row.measures[name] ?? NaN]),
    [right("iterations"), (row) => row.iterations],
    [right("evaluations"), (row) => row.evaluations],
    ...oracles.map((path): [Column, (row: Row) => number] => [right(`${path} calls`), (row) => row.calls[path] ?? NaN]),
    [right("seconds"), (row) => row.seconds],
  ];
  const lines = problems.flatMap(({ label, any, pairings }, i) =>
    pairings.map(({ solver, rows }): Cell[] => {
      const ran = rows.filter(applicable), solved = ran.filter((row) => crossing(row, targets[i]) >= 0).length;
      return [
        label,
        any.dimension,
        solver,
        statuses(rows),
        ran.length === 0 ? "" : outOf(solved, ran.length),
        ...figures.map(([, read]) => quartiles(ran.filter((row) => row.status !== "failed").map(read))),
      ];
    })
  );
  const seeds = Math.max(0, ...problems.flatMap(({ pairings }) => pairings.map(({ rows }) => rows.length)));
  return new Table(
    [left("problem"), right("n"), left("solver"), left("status"), left("solved"), ...figures.map(([column]) => column)],
    lines,
    [
      ...testInWords(targets, tau),
      ...(seeds > 1 ? [`median [lower quartile, upper quartile] over ${seeds} seeds`] : []),
      ...refusals(problems),
      ...failures(problems),
      ...gaps(problems, solvers),
      ...budgets(rows),
    ],
  );
}

/** The statuses over seeds, the most frequent first, with their numbers where they differ. */
function statuses(rows: readonly Row[]): string {
  const names = unique(rows.map((row) => row.status));
  if (names.length === 1) return names[0];
  const count = (name: string): number => rows.filter((row) => row.status === name).length;
  return names.sort((a, b) => count(b) - count(a)).map((name) => `${count(name)} ${name}`).join(", ");
}

function outOf(solved: number, all: number): string {
  if (solved === 0) return "no";
  return solved === all ? "yes" : `${solved} of ${all}`;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
