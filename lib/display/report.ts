/**
 * A whole study as one HTML file.
 *
 * @module
 */
import { DomainError, type Environment } from "../core/mod.ts";
import type { Study, Table } from "../compare/mod.ts";
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
 */
export async function reportHtml(study: Study, options: ReportOptions = {}): Promise<string> {
  if (study.rows.length === 0) throw new DomainError("Cannot report on a study: it has no rows");
  const { title = "Comparison of solvers" } = options;
  const test = options.tau === undefined ? {} : { tau: options.tau };
  const table = study.table(test), solvers = { solvers: column(table, "solver") };
  const kinds = unique(study.rows.map((row) => row.kind)).map((kind) => study.filter((row) => row.kind === kind));
  return await pageHtml(title, [
    `<p class="dim">${escapeHtml(extent(study))}</p>`,
    "<h2>Results</h2>",
    tableHtml(table),
    ...kinds.flatMap((part) => profiles(part, kinds.length > 1, test, solvers)),
    ...section("Convergence", kinds.flatMap((part) => convergence(part, solvers))),
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

function extent({ rows }: Study): string {
  const count = (items: readonly unknown[], name: string): string => {
    const { length } = unique(items);
    return `${length} ${name}${length === 1 ? "" : "s"}`;
  };
  const problems = count(rows.map(problemKey), "problem"), solvers = count(rows.map(solverKey), "solver");
  return `${problems}, ${solvers}, ${count(rows.map((row) => row.seed), "seed")}: ${rows.length} runs.`;
}

/** The profiles of one kind of problem; over a single problem they would say no more than the table. */
function profiles(part: Study, several: boolean, test: { readonly tau?: number }, solvers: SolverOrder): Piece[] {
  if (unique(part.rows.map(problemKey)).length < 2) return [];
  const { kind } = part.rows[0];
  const both = [part.performanceProfile("evaluations", test), part.dataProfile("evaluations", test)];
  const charts = both.map((profile) => profileChart(profile, solvers));
  return section(several ? `Profiles of ${kind} problems` : "Profiles", charts);
}

/** A chart for each problem of one kind, or the reasons why there is none. */
function convergence(part: Study, solvers: SolverOrder): Piece[] {
  const y = part.rows.some((row) => !Number.isNaN(row.start.value)) ? "value gap" : part.rows[0].measure;
  return column(part.table(), "problem").map((problem) => {
    const curves = part.convergence("evaluations", y, { problem });
    if (curves.series.length > 0) return convergenceChart(curves, solvers);
    const reasons = curves.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join("");
    return `<div><h3>${escapeHtml(problem)}</h3>${reasons}</div>`;
  });
}

/** The different texts in a column. */
function column(table: Table, title: string): string[] {
  const j = table.columns.findIndex((each) => each.title === title);
  return unique(table.rows.map((row) => row[j] as string));
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
