/**
 * Studies as JSON.
 *
 * @module
 */
import { ParseError } from "../core/mod.ts";
import type { Row } from "./row.ts";
import { plain } from "./record.ts";

const FORMAT = "gradus-study", VERSION = 1;

/** A study as JSON data; numbers that JSON cannot write are text: `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export interface StudyData {
  /** Tells studies from other JSON. */
  readonly format: "gradus-study";
  /** The version of the format. */
  readonly version: 1;
  /** One for each run. */
  readonly rows: readonly unknown[];
}

/** Rows as JSON data. */
export function writeRows(rows: readonly Row[]): StudyData {
  return { format: FORMAT, version: VERSION, rows: rows.map(plain) };
}

/**
 * Rows from JSON text or data; every field is looked at.
 *
 * @throws {ParseError} On anything that `writeRows` would not write.
 */
export function parseRows(json: string | object): Row[] {
  let data: unknown = json;
  if (typeof json === "string") {
    try {
      data = JSON.parse(json);
    } catch (error) {
      throw refuse((error as Error).message);
    }
  }
  const study = record(data, "the text");
  if (study.format !== FORMAT) throw refuse(`expected the format "${FORMAT}", got ${shown(study.format)}`);
  if (study.version !== VERSION) throw refuse(`expected the version ${VERSION}, got ${shown(study.version)}`);
  return array(study.rows, "rows").map((row, i) => parseRow(record(row, `rows[${i}]`), `rows[${i}]`));
}

function parseRow(row: Record<string, unknown>, at: string): Row {
  const text = (name: string): string => string(row[name], `${at}.${name}`);
  const figure = (name: string): number => number(row[name], `${at}.${name}`);
  const trace = record(row.trace, `${at}.trace`), environment = record(row.environment, `${at}.environment`);
  const column = (name: string): number[] => numbers(trace[name], `${at}.trace.${name}`);
  const calls = Object.entries(record(trace.calls, `${at}.trace.calls`))
    .map(([path, column]) => [path, numbers(column, `${at}.trace.calls.${path}`)] as const);
  const columns = {
    iteration: column("iteration"),
    evaluations: column("evaluations"),
    seconds: column("seconds"),
    value: column("value"),
    measure: column("measure"),
  };
  const length = columns.iteration.length;
  for (const [name, entries] of [...Object.entries(columns), ...calls]) {
    if (entries.length !== length) {
      throw refuse(`${at}.trace: expected columns of ${length} entries, got ${entries.length} in ${name}`);
    }
  }
  const start = figures(row.start, `${at}.start`), measures = figures(row.measures, `${at}.measures`);
  return {
    problem: text("problem"),
    dataHash: text("dataHash"),
    kind: text("kind"),
    dimension: figure("dimension"),
    solver: text("solver"),
    options: record(row.options, `${at}.options`),
    seed: figure("seed"),
    stop: array(row.stop, `${at}.stop`).map((rule, i) => record(rule, `${at}.stop[${i}]`)),
    measure: text("measure"),
    merit: text("merit") === "measure" ? "measure" : "value",
    minima: numbers(row.minima, `${at}.minima`),
    start: { ...start, value: number(start.value, `${at}.start.value`) },
    status: text("status") as Row["status"],
    message: text("message"),
    value: figure("value"),
    measures: { ...measures, value: number(measures.value, `${at}.measures.value`) },
    iterations: figure("iterations"),
    evaluations: figure("evaluations"),
    calls: figures(row.calls, `${at}.calls`),
    measuring: figure("measuring"),
    seconds: figure("seconds"),
    trace: { ...columns, calls: Object.fromEntries(calls) },
    environment: {
      version: string(environment.version, `${at}.environment.version`),
      engine: string(environment.engine, `${at}.environment.engine`),
      backend: string(environment.backend, `${at}.environment.backend`),
    },
  };
}

function record(data: unknown, at: string): Record<string, unknown> {
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw refuse(`${at}: expected an object, got ${shown(data)}`);
}

function array(data: unknown, at: string): unknown[] {
  if (Array.isArray(data)) return data;
  throw refuse(`${at}: expected an array, got ${shown(data)}`);
}

function string(data: unknown, at: string): string {
  if (typeof data === "string") return data;
  throw refuse(`${at}: expected text, got ${shown(data)}`);
}

function number(data: unknown, at: string): number {
  if (typeof data === "number") return data;
  if (data === "NaN" || data === "Infinity" || data === "-Infinity") return Number(data);
  throw refuse(`${at}: expected a number, got ${shown(data)}`);
}

function numbers(data: unknown, at: string): number[] {
  return array(data, at).map((entry, i) => number(entry, `${at}[${i}]`));
}

function figures(data: unknown, at: string): Record<string, number> {
  const entries = Object.entries(record(data, at));
  return Object.fromEntries(entries.map(([name, entry]) => [name, number(entry, `${at}.${name}`)]));
}

function shown(data: unknown): string {
  const text = JSON.stringify(data) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function refuse(reason: string): ParseError {
  return new ParseError("read a study", "JSON", 0, reason);
}
