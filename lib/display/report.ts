/**
 * A whole study as one HTML file.
 *
 * @module
 */
import { DomainError, type Environment } from "../core/mod.ts";
import type { Curves, Study } from "../compare/mod.ts";
import { convergenceChart } from "./convergence.ts";
import { escapeHtml } from "./escape.ts";
import { pageHtml, type Piece } from "./page.ts";
import { profileChart } from "./profile.ts";
import { tableHtml } from "./table.ts";
import type { SolverOrder } from "./theme.ts";

/** Options of `reportHtml` and `report`. */
export interface ReportOptions {
  /** The heading. Default "Comparison of solvers". */
  readonly title?: string;
  /** The tolerance of the test that counts a problem as solved. Default: the study's own, 1e-6. */
  readonly tau?: number;
}

/**
 * The study as an HTML document that needs no other file and no network: the table with its notes, profiles for each
 * kind of problem, convergence charts for each problem, the solvers with their options, the environment. Names and
 * messages show as text, whatever they hold.
 *
 * Vega is written into the document (0.8 MB); in Deno that needs the permission to read the package.
 *
 * @throws {DomainError} On a study without rows.
 *
 * @example A page about two solvers
 * ```ts
 * import { compare } from "@gradus/gradus/compare";
 * import { evaluations } from "@gradus/gradus/core";
 * import { reportHtml } from "@gradus/gradus/display";
 * import { quadratic, rosenbrock } from "@gradus/gradus/problems";
 * import { bfgs, lbfgs } from "@gradus/gradus/smooth";
 * import { assert } from "@std/assert";
 *
 * const problems = [quadratic([1, 10]), rosenbrock(2)], solvers = [bfgs(), lbfgs()];
 * const study = compare({ problems, solvers, stop: evaluations(200) });
 * assert((await reportHtml(study, { title: "Two solvers" })).includes("<h1>Two solvers</h1>"));
 * ```
 */
export async function reportHtml(study: Study, options: ReportOptions = {}): Promise<string> {
  if (study.rows.length === 0) throw new DomainError("Cannot report on a study: it has no rows");
  const { title = "Comparison of solvers" } = options;
  const test = options.tau === undefined ? {} : { tau: options.tau };
  const kinds = unique(study.rows.map((row) => row.kind)).map((kind) => study.filter((row) => row.kind === kind));
  const curves = kinds.flatMap(convergence);
  // One colour for a solver in all charts; those that never ran need none.
  const colors = { solvers: unique(curves.flatMap(({ series }) => series.map(({ solver }) => solver))) };
  return await pageHtml(title, [
    `<p class="dim">${escapeHtml(extent(study))} ${guide}</p>`,
    "<h2>Results</h2>",
    tableHtml(study.table(test)),
    ...kinds.flatMap((part) => profiles(part, kinds.length > 1, test, colors)),
    ...section("Convergence", curves.map((each) => convergencePiece(each, colors))),
    "<h2>Solvers</h2>",
    solversHtml(study),
    "<h2>Environment</h2>",
    ...unique(study.rows.map(({ environment }) => environmentHtml(environment))),
  ]);
}

/**
 * Writes `reportHtml` to a file. In Deno that needs the permission to write it.
 *
 * @param path The file, as `report.html`; one that is there is replaced.
 * @throws {DomainError} On a study without rows.
 */
export async function report(study: Study, path: string | URL, options: ReportOptions = {}): Promise<void> {
  const html = await reportHtml(study, options);
  const { writeFile } = await import("node:fs/promises");
  await writeFile(path, html);
}

const guide =
  "In charts, a click on the legend picks lines, dragging moves the axes, Ctrl and the wheel (or a pinch) " +
  "zooms, and a double click puts them back.";

function extent({ rows }: Study): string {
  const count = (items: readonly unknown[], name: string): string => {
    const { length } = unique(items);
    return `${length} ${name}${length === 1 ? "" : "s"}`;
  };
  const problems = count(rows.map(problemKey), "problem"), solvers = count(rows.map(solverKey), "solver");
  return `${problems}, ${solvers}, ${count(rows.map((row) => row.seed), "seed")}: ${count(rows, "run")}.`;
}

/** The profiles of one kind of problem; over a single problem they would say no more than the table. */
function profiles(part: Study, several: boolean, test: { readonly tau?: number }, colors: SolverOrder): Piece[] {
  if (unique(part.rows.map(problemKey)).length < 2) return [];
  const { kind } = part.rows[0];
  const both = [part.performanceProfile("evaluations", test), part.dataProfile("evaluations", test)];
  const charts = both.map((profile) => profileChart(profile, colors));
  return section(several ? `Profiles of ${kind} problems` : "Profiles", charts);
}

/** The curves of each problem of one kind. */
function convergence(part: Study): Curves[] {
  const { columns, rows } = part.table(), place = columns.findIndex(({ title }) => title === "problem");
  return unique(rows.map((row) => row[place] as string)).map((problem) =>
    part.convergence("evaluations", undefined, { problem })
  );
}

/** A chart, or the reasons why there is none. */
function convergencePiece(curves: Curves, colors: SolverOrder): Piece {
  if (curves.series.length > 0) return convergenceChart(curves, colors);
  const reasons = curves.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join("");
  return `<div><h3>${escapeHtml(curves.problem)}</h3>${reasons}</div>`;
}

function section(heading: string, pieces: readonly Piece[]): Piece[] {
  return [`<h2>${escapeHtml(heading)}</h2>`, '<div class="charts">', ...pieces, "</div>"];
}

function solversHtml({ rows }: Study): string {
  const entries = new Map(rows.map((row) => [solverKey(row), row]));
  return definitions([...entries.values()].map(({ solver, options }) => [solver, optionsText(options)]));
}

function optionsText(options: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(options).map(([name, value]) =>
    `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  return entries.join(", ") || "no options";
}

function environmentHtml({ version, engine, backend }: Environment): string {
  return definitions([["Gradus", version], ["engine", engine], ["linear algebra", backend]]);
}

function definitions(entries: readonly (readonly [string, string])[]): string {
  return `<dl>${entries.map((pair) => `<dt>${escapeHtml(pair[0])}</dt><dd>${escapeHtml(pair[1])}</dd>`).join("")}</dl>`;
}

function problemKey(row: Study["rows"][number]): string {
  return JSON.stringify([row.problem, row.dataHash]);
}

function solverKey(row: Study["rows"][number]): string {
  return JSON.stringify([row.solver, row.options]);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
