/**
 * How fast the solvers of a study came down on one problem.
 *
 * @module
 */
import type { Curves } from "../compare/mod.ts";
import { effortAxis, gapAxis, measureAxis } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { type Line, linesChart } from "./lines.ts";
import type { SolverOrder } from "./theme.ts";

/**
 * A chart of convergence curves: one line for each solver, over several seeds the median with a band between the
 * quartiles. Lines that diverge leave the chart at the top; what is smaller than 1e-16 is drawn there.
 *
 * @param curves The curves of one problem, as `study.convergence()` makes them.
 * @param options The order of solvers that gives them their colours.
 *
 * @example The value's distance from its minimum
 * ```ts
 * import { compare } from "@gradus/gradus/compare";
 * import { evaluations } from "@gradus/gradus/core";
 * import { convergenceChart } from "@gradus/gradus/display";
 * import { quadratic, rosenbrock } from "@gradus/gradus/problems";
 * import { bfgs, lbfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const problems = [quadratic([1, 10]), rosenbrock(2)], solvers = [bfgs(), lbfgs()];
 * const study = compare({ problems, solvers, stop: evaluations(200) });
 * const chart = convergenceChart(study.convergence("gradient", "value gap", { problem: problems[1].name }));
 * assertEquals(chart.text.startsWith("value gap against gradient on"), true);
 * ```
 */
export function convergenceChart(curves: Curves, options: SolverOrder = {}): Chart {
  const banded = curves.bands.some((band) => band.seeds > 1);
  const lines: Line[] = banded
    ? curves.bands.map(({ solver, x, y, low, high }) => ({ name: solver, x, y, low, high }))
    : curves.series.map(({ solver, x, y }) => ({ name: solver, x, y }));
  const note = "Lines are medians over seeds, bands reach from quartile to quartile.";
  return linesChart(lines, {
    title: curves.problem,
    notes: banded ? [note, ...curves.notes] : curves.notes,
    legend: "solver",
    order: options.solvers ?? [],
    x: effortAxis(curves.x, lines.map((line) => line.x[line.x.length - 1] ?? NaN)),
    y: curves.y === "value gap" ? gapAxis("f(x) - fL") : measureAxis(curves.y),
    text: `${curves.y} against ${curves.x} on ${curves.problem}: ${lines.map((line) => line.name).join(", ")}`,
  });
}
