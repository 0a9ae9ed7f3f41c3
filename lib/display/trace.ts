/**
 * How results came about: a column of their traces against another.
 *
 * @module
 */
import { DomainError, type Result } from "../core/mod.ts";
import type { Chart } from "./chart.ts";
import { effortAxis, gapAxis, measureAxis } from "./axes.ts";
import { type Line, linesChart } from "./lines.ts";

/** Options of `traceChart`. */
export interface TraceChartOptions {
  /**
   * The column across: `evaluations` (the default), `iteration`, `seconds`, or an oracle's calls, as `calls.gradient`.
   */
  readonly x?: string;
  /** The column upwards; by default the kind's first measure, as `gradientNorm`. */
  readonly y?: string;
  /** The least value `f*`: `y: "value"` then shows `f(x) - f*` on a logarithmic axis. */
  readonly minimum?: number;
  /** The heading; by default the problem's name. */
  readonly title?: string;
}

/**
 * One line for each result: `y` against `x`, from their traces.
 *
 * @throws {DomainError} When there is no result, or a trace lacks a column.
 *
 * @example The gradient norm of a run
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { traceChart } from "@gradus/gradus/display";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { lbfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const result = solve(quadratic([1, 10]).problem, lbfgs(), { start: [1, 1] });
 * const chart = traceChart(result, { x: "iteration" });
 * assertEquals(chart.text.startsWith("gradientNorm against iteration"), true);
 * ```
 */
export function traceChart(results: Result | readonly Result[], options: TraceChartOptions = {}): Chart {
  const list = "trace" in results ? [results] : results;
  if (list.length === 0) throw new DomainError("Cannot draw traces: expected at least one result, got none");
  const { x = "evaluations", y = firstMeasure(list[0]), minimum } = options;
  const gap = y === "value" && minimum !== undefined;
  const names = distinctNames(list.map((result) => result.solver.name));
  const lines = list.map((result, i): Line => {
    const column = result.trace.column(y);
    return { name: names[i], x: result.trace.column(x), y: gap ? column.map((v) => v - minimum) : column };
  });
  const problems = [...new Set(list.map((result) => result.problem.name))];
  return linesChart(lines, {
    title: options.title ?? (problems.length === 1 ? problems[0] : "Runs"),
    legend: "solver",
    x: effortAxis(x, lines.map((line) => line.x[line.x.length - 1])),
    y: gap ? gapAxis("f(x) - f*") : measureAxis(y),
    text: `${y} against ${x} on ${problems.join(", ")}: ${list.map((r, i) => `${names[i]} (${r.status})`).join(", ")}`,
  });
}

/** The column of the kind's first measure follows the value. */
function firstMeasure(result: Result): string {
  return result.trace.columns[result.trace.columns.indexOf("value") + 1];
}

function distinctNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
