/**
 * Which solver solves how many problems at what cost.
 *
 * @module
 */
import type { Profile } from "../compare/mod.ts";
import { effortFormat, effortTitle } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { type Line, linesChart } from "./lines.ts";
import type { SolverOrder } from "./theme.ts";

/**
 * A chart of a performance profile (Dolan and Moré, 2002) or a data profile (Moré and Wild, 2009): the share of
 * problems that each solver has solved against the cost, relative to the best solver's or per simplex gradient.
 *
 * @param profile As `study.performanceProfile()` and `study.dataProfile()` make them.
 * @param options The order of solvers that gives them their colours.
 *
 * @example Who solves most, and how fast
 * ```ts
 * import { compare } from "@gradus/gradus/compare";
 * import { evaluations } from "@gradus/gradus/core";
 * import { profileChart } from "@gradus/gradus/display";
 * import { quadratic, rosenbrock } from "@gradus/gradus/problems";
 * import { bfgs, lbfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const problems = [quadratic([1, 10]), rosenbrock(2)], solvers = [bfgs(), lbfgs()];
 * const study = compare({ problems, solvers, stop: evaluations(200) });
 * const chart = profileChart(study.performanceProfile("evaluations"));
 * assertEquals(chart.text.split(":")[0], "Performance profile of evaluations, accuracy 1e-6");
 * ```
 */
export function profileChart(profile: Profile, options: SolverOrder = {}): Chart {
  const { type, begin, end, tau, curves } = profile;
  const steps = curves.flatMap(({ x }) => x.filter((at) => at > begin));
  const log = type === "performance" || end > 20 * Math.min(...steps);
  // A logarithmic axis has no 0: it begins where the first problem is about to be solved.
  const from = log && begin <= 0 ? Math.min(...steps) / 1.5 : begin;
  const to = Math.max(log ? end * 1.2 : end * 1.05, log ? 2 * from : from + 1);
  const lines = curves.map(({ solver, x, y, low, high }): Line => ({
    name: solver,
    x: [from, ...x.slice(1), to],
    y: [...y, y[y.length - 1]],
    ...(low && high && { low: [...low, low[low.length - 1]], high: [...high, high[high.length - 1]] }),
  }));
  const accuracy = tau < 1e-3 ? tau.toExponential() : String(tau);
  const name = `${type === "performance" ? "Performance" : "Data"} profile`;
  const cost = effortTitle(profile.measure);
  return linesChart(lines, {
    title: `${name}, accuracy ${accuracy}`,
    notes: profile.notes,
    legend: "solver",
    order: options.solvers ?? [],
    x: {
      title: type === "performance" ? `${cost} / best solver's` : `${cost} / (n + 1)`,
      log,
      format: type === "performance" ? ".6~g" : effortFormat(profile.measure, log),
      domain: [from, to],
      base: type === "performance" ? 2 : 10,
    },
    y: { title: "share of problems solved", log: false, format: "%", domain: [0, 1.02] },
    steps: true,
    text: `${name} of ${profile.measure}, accuracy ${accuracy}: ` +
      curves.map(({ solver, solved, of }) => `${solver} ${solved} of ${of}`).join(", "),
  });
}
