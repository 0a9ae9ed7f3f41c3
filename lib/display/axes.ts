/**
 * Titles, units and scales of the axes that traces and studies are drawn on.
 *
 * @module
 */
import type { Axis } from "./lines.ts";

const titles: Readonly<Record<string, string>> = {
  evaluations: "evaluations (full gradients)",
  seconds: "solver time (s)",
  value: "f(x)",
  gradientNorm: "gradient norm |∇f(x)|∞",
  proximalGradientNorm: "proximal-gradient norm",
  kktResidual: "KKT residual",
  relativeKktResidual: "relative KKT residual",
  hypergradientNorm: "hyper-gradient norm |∇Φ(x)|∞",
  naturalResidual: "natural residual",
  measuring: "evaluations for measuring (full gradients)",
};

const counted = ["iteration", "iterations", "evaluations", "seconds", "measuring"];

/**
 * What a column of a trace or the cost of a study is called; any other name is an oracle's, in a trace with the prefix
 * `calls.`.
 */
export function effortTitle(name: string): string {
  return titles[name] ?? (counted.includes(name) ? name : `calls of ${name.replace(/^calls\./, "")}`);
}

/** An axis of counts or seconds: logarithmic when the longest line would hide the shortest one. */
export function effortAxis(name: string, ends: readonly number[]): Axis {
  const positive = ends.filter((end) => end > 0);
  const log = positive.length > 1 && Math.max(...positive) > 20 * Math.min(...positive);
  return { title: effortTitle(name), log, format: effortFormat(name, log) };
}

/** How costs are written: `10k` where only powers are, `1,200` elsewhere, and seconds as plain numbers. */
export function effortFormat(name: string, log: boolean): string {
  if (name === "seconds") return ".6~g";
  return log ? "~s" : ",.6~g";
}

/** An axis of what should tend to a limit: the value as it is, any other measure on a logarithmic scale. */
export function measureAxis(name: string): Axis {
  return { title: titles[name] ?? name, log: name !== "value", format: name === "value" ? ".6~g" : ".0e" };
}

/** An axis of distances from the least value. */
export function gapAxis(title: string): Axis {
  return { title, log: true, format: ".0e" };
}
