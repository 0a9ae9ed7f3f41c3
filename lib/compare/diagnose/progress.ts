/**
 * What stopped a run, and how fast it still was.
 *
 * @module
 */
import type { Result, Status } from "../../core/mod.ts";
import { type Advised, rough, type Site } from "./finding.ts";

const severities: Readonly<Record<Status, Advised["severity"]>> = {
  "converged": "info",
  "target-reached": "info",
  "stopped-by-callback": "info",
  "stalled-at-precision": "info",
  "iteration-limit": "warning",
  "evaluation-limit": "warning",
  "time-limit": "warning",
  "aborted": "warning",
  "line-search-failed": "error",
  "diverged": "error",
  "non-finite": "error",
  "infeasible": "error",
  "unbounded": "error",
};

/** The status and the figure that fired. */
export function examineStop(result: Result): Advised[] {
  const { status, message, iterations } = result;
  const plural = iterations === 1 ? "iteration" : "iterations";
  return [{
    topic: "stop",
    severity: severities[status],
    text: `${status} after ${iterations} ${plural}: ${message}`,
    data: { status, iterations, evaluations: result.counts.evaluations },
  }];
}

/** How value and first measure fell over the last three quarters of a run that a limit ended. */
export function examineProgress({ status, trace }: Result): Advised[] {
  if (!status.endsWith("-limit") && status !== "aborted" || trace.length < 8) return [];
  const name = trace.columns[4], n = trace.length, quarter = Math.floor(n / 4);
  const evaluations = trace.column("evaluations"), spent = evaluations[n - 1] - evaluations[2 * quarter];
  const fall = (column: string): { middle: number; last: number } => {
    const figures = trace.column(column);
    const least = (from: number, to: number): number =>
      figures.subarray(from, to).reduce((a, b) => Math.min(a, b), Infinity);
    return { middle: least(quarter, 2 * quarter), last: least(n - quarter, n) };
  };
  const measure = fall(name), value = fall("value"), decades = Math.log10(measure.middle / measure.last);
  if (decades > 0.05) {
    return [moving(
      `${name} still falls: to ${rough(measure.last)} at the end, a factor of ten every ${
        rough(spent / decades)
      } evaluations`,
      { ...measure, evaluationsPerDecade: spent / decades },
    )];
  }
  if (value.middle - value.last > 0.01 * Math.abs(value.middle)) {
    return [
      moving(`the value still falls: from ${rough(value.middle)} midway to ${rough(value.last)} at the end`, value),
    ];
  }
  return [{
    topic: "progress",
    severity: "warning",
    text: `${name} has stopped falling: ${rough(measure.middle)} midway, ${rough(measure.last)} at the end`,
    data: measure,
    advice: [
      "more iterations of the same will not help; look at the other findings, or take another method or step size",
    ],
  }];
}

function moving(text: string, data: Advised["data"]): Advised {
  return {
    topic: "progress",
    severity: "info",
    text,
    data,
    advice: ["a larger budget goes on at this rate; a method that uses more curvature may be faster"],
  };
}

/** What a run that diverged should have known of its steps. */
export function examineSteps(status: Status, curvature: number): Advised[] {
  if (status !== "diverged" || !(curvature > 0)) return [];
  return [{
    topic: "progress",
    severity: "warning",
    text: `the curvature reaches ${rough(curvature)}: fixed steps above ${rough(2 / curvature)} climb`,
    data: { curvature, step: 2 / curvature },
    advice: [`a fixed step below ${rough(2 / curvature)}, or a line search`],
  }];
}

/** Whether the gradient is at the level that the noise of the values allows: `|∇f| <= √(2 ε λ)`. */
export function examineFloor({ gradient, noise, value }: Site, status: Status, curvature: number): Advised[] {
  const stuck = status === "stalled-at-precision" || status === "line-search-failed";
  let norm = 0;
  for (const g of gradient) norm = Math.max(norm, Math.abs(g));
  const level = Math.max(noise, Number.EPSILON * Math.abs(value)), floor = Math.sqrt(2 * level * curvature);
  if (!stuck || !(norm <= 10 * floor)) return [];
  return [{
    topic: "noise",
    severity: "info",
    text:
      `the gradient, ${rough(norm)}, is where values with noise ${rough(level)} and curvature ${rough(curvature)} ` +
      `can bring it: about ${rough(floor)}`,
    data: { noise: level, floor, gradientNorm: norm },
    advice: [`accept the point, or ask for gradientNorm({ absolute: ${rough(2 * floor)} })`],
  }];
}
