/**
 * The rows of a study by problem and solver, with labels, and what each run paid to solve its problem.
 *
 * @module
 */
import { DomainError, figure } from "../core/mod.ts";
import type { Target } from "./profile.ts";
import { canonical, type Row } from "./row.ts";

/** The runs of one solver on one problem, a row for each seed. */
export interface Pairing {
  readonly solver: string;
  readonly rows: readonly Row[];
}

/** A problem with all its runs. */
export interface ProblemRuns {
  /** The name; with the data's hash where the name is not enough. */
  readonly label: string;
  /** One of its rows, for what is the same in all. */
  readonly any: Row;
  readonly pairings: readonly Pairing[];
}

/** The rows grouped by problem, then by solver, in the order in which they first appear. */
export function byProblem(rows: readonly Row[]): ProblemRuns[] {
  const labels = solverLabels(rows), hashes = new Map<string, Set<string>>();
  for (const row of rows) hashes.set(row.problem, (hashes.get(row.problem) ?? new Set()).add(row.dataHash));
  return [...group(rows, (row) => JSON.stringify([row.problem, row.dataHash])).values()].map((runs) => ({
    label: hashes.get(runs[0].problem)!.size > 1 ? `${runs[0].problem} (data ${runs[0].dataHash})` : runs[0].problem,
    any: runs.find((row) => row.trace.iteration.length > 0) ?? runs[0],
    pairings: [...group(runs, (row) => labels.get(identity(row))!)].map(([solver, rows]) => ({ solver, rows })),
  }));
}

/** The labels of all solvers, in the order in which they first appear. */
export function solversOf(rows: readonly Row[]): string[] {
  const labels = solverLabels(rows);
  return [...new Set(rows.map((row) => labels.get(identity(row))!))];
}

/** Whether the pair counts in profiles. */
export function applicable(row: Row): boolean {
  return row.status !== "not-applicable";
}

function group<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item), list = groups.get(name);
    if (list) list.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function identity(row: Row): string {
  return JSON.stringify([row.solver, canonical(row.options)]);
}

/** The name, or the name with the options that differ among solvers of that name. */
function solverLabels(rows: readonly Row[]): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [name, all] of group(rows, (row) => row.solver)) {
    const variants = [...group(all, identity)];
    const texts = variants.map(([, [{ options }]]) =>
      new Map(
        Object.entries(options).map(([key, value]) => [key, typeof value === "string" ? value : canonical(value)]),
      )
    );
    const keys = [...new Set(texts.flatMap((text) => [...text.keys()]))];
    const telling = keys.filter((key) => new Set(texts.map((text) => text.get(key))).size > 1);
    variants.forEach(([id], i) => {
      const shown = telling.filter((key) => texts[i].has(key)).map((key) => `${key} ${texts[i].get(key)}`).join(", ");
      labels.set(id, variants.length === 1 ? name : `${name} (${shown || "defaults"})`);
    });
  }
  return labels;
}

/**
 * What counts as solved: `f <= fL + tau (f0 - fL)`, fL the known minimum or, where none is known or the study has a
 * value below it, the best value of all runs; for kinds that are judged by their measure, and from a start outside the
 * domain of the value, `measure <= tau measure0`.
 */
export function targetOf(problem: ProblemRuns, tau: number): Target {
  const { start, measure, merit, minima } = problem.any;
  if (merit === "measure" || !Number.isFinite(start.value)) {
    return { problem: problem.label, threshold: tau * start[measure], lowest: 0, origin: "measure" };
  }
  let best = Infinity;
  for (const { rows } of problem.pairings) {
    for (const { trace } of rows) for (const value of trace.value) if (value < best) best = value;
  }
  const known = minima[0];
  // a minimum that is listed with a few digits may lie above values of the runs
  const isKnown = known !== undefined && !(best < known - tau * Math.abs(start.value - known));
  const lowest = isKnown ? known : best;
  return {
    problem: problem.label,
    threshold: lowest + tau * (start.value - lowest),
    lowest,
    origin: isKnown ? "known" : "best",
  };
}

/** The first row of the trace that meets the target, or -1. */
export function crossing({ trace }: Row, target: Target): number {
  const merit = target.origin === "measure" ? trace.measure : trace.value;
  return merit.findIndex((m) => m <= target.threshold);
}

/** What a run had paid, in the given measure, when it met the target; infinite if it never did. */
export function costOf(row: Row, target: Target, measure: string): number {
  const at = crossing(row, target);
  return at < 0 ? Infinity : counter(row, measure)[at];
}

/** The column of a trace that counts the measure. */
export function counter({ trace }: Row, measure: string): readonly number[] {
  if (measure === "evaluations" || measure === "seconds") return trace[measure];
  return measure === "iterations" ? trace.iteration : trace.calls[measure] ?? [];
}

/**
 * Checks that rows count the measure.
 *
 * @throws {DomainError} On anything but evaluations, iterations, seconds, or the path of an oracle.
 */
export function checkCounter(rows: readonly Row[], measure: string, verb: string): void {
  const known = new Set(["evaluations", "iterations", "seconds", ...rows.flatMap((row) => Object.keys(row.calls))]);
  if (!known.has(measure)) {
    throw new DomainError(
      `Cannot ${verb} ${JSON.stringify(measure)}: expected one of ${[...known].join(", ")}`,
    );
  }
}

/** Checks the tolerance of the convergence test. */
export function checkTau(tau: number): void {
  if (!(tau >= 0 && tau < 1)) throw new DomainError(`Cannot tell what is solved: expected 0 <= tau < 1, got ${tau}`);
}

/** The pairs that no profile holds, one line for each message and solver. */
export function refusals(problems: readonly ProblemRuns[]): string[] {
  return lines(problems, "not-applicable", "not applicable");
}

/** The pairs that ended by an exception. */
export function failures(problems: readonly ProblemRuns[]): string[] {
  return lines(problems, "failed", "failed");
}

function lines(problems: readonly ProblemRuns[], status: Row["status"], word: string): string[] {
  const found = problems.flatMap(({ label, pairings }) =>
    pairings.flatMap(({ solver, rows }) =>
      rows.filter((row) => row.status === status).map((row) => ({ label, solver, message: row.message }))
    )
  );
  return [...group(found, ({ solver, message }) => JSON.stringify([solver, message])).values()].map((same) =>
    `${word}: ${same[0].solver} on ${[...new Set(same.map(({ label }) => label))].join(", ")}: ${same[0].message}`
  );
}

/** Solvers that lack a row on some problem, as after an interruption or a merge. */
export function gaps(problems: readonly ProblemRuns[], solvers: readonly string[]): string[] {
  return solvers.flatMap((solver) => {
    const missing = problems.filter(({ pairings }) => pairings.every((pairing) => pairing.solver !== solver));
    return missing.length > 0 ? [`not run: ${solver} on ${missing.map(({ label }) => label).join(", ")}`] : [];
  });
}

/** The convergence test in words, and where each fL is from. */
export function testInWords(targets: readonly Target[], tau: number): string[] {
  const from = (origin: Target["origin"]): Target[] => targets.filter((target) => target.origin === origin);
  const known = from("known"), best = from("best"), measured = from("measure");
  const notes = [];
  if (known.length + best.length > 0) {
    const source = best.length === 0
      ? "fL the known minimum"
      : `fL the ${known.length > 0 ? "known minimum, or the " : ""}best value of this study on ` +
        best.map(({ problem, lowest }) => `${problem} (${figure(lowest)})`).join(", ");
    notes.push(`solved: f <= fL + ${tau.toExponential()} (f0 - fL), ${source}`);
  }
  if (measured.length > 0) {
    notes.push(
      `solved: measure <= ${tau.toExponential()} of the first, on ${measured.map(({ problem }) => problem).join(", ")}`,
    );
  }
  return notes;
}

/** Says so when the runs had different budgets. */
export function budgets(rows: readonly Row[]): string[] {
  const different = new Set(rows.map((row) => canonical(row.stop))).size;
  return different > 1 ? [`the runs had ${different} different sets of stopping rules`] : [];
}
