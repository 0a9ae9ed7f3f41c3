import { environment } from "../../lib/core/mod.ts";
import type { Row } from "../../lib/compare/mod.ts";

/** A row made by hand: the values of its iterates, `each` evaluations apart; the rest as given. */
export function row(
  problem: string,
  solver: string,
  values: readonly number[],
  given: Partial<Row> = {},
  each = 1,
): Row {
  const evaluations = values.map((_, k) => 1 + each * k), last = values.length - 1;
  return {
    problem,
    dataHash: "",
    kind: "smooth",
    dimension: 2,
    solver,
    options: {},
    seed: 0,
    stop: [{ name: "evaluations", most: 100 }],
    status: "converged",
    message: "gradientNorm 1e-9 <= 1e-8",
    value: values[last] ?? NaN,
    measure: "gradientNorm",
    merit: "value",
    measures: { value: values[last] ?? NaN, gradientNorm: 1e-9 },
    iterations: Math.max(0, last),
    evaluations: evaluations[last] ?? 0,
    calls: { value: 0, gradient: evaluations[last] ?? 0 },
    measuring: 0,
    seconds: 0.25,
    minima: [0],
    start: { value: 1, gradientNorm: 1 },
    trace: {
      iteration: values.map((_, k) => k),
      evaluations,
      seconds: values.map((_, k) => k / 64),
      value: [...values],
      measure: values.map((v) => Math.abs(v)),
      calls: { value: values.map(() => 0), gradient: evaluations },
    },
    environment,
    ...given,
  };
}

/** A row that meets `f <= 0.1` first at the given cost; with an infinite cost it never does. */
export function solvedAt(problem: string, solver: string, cost: number, given: Partial<Row> = {}): Row {
  const solved = Number.isFinite(cost), values = solved ? [1, 0.5, 0.1, 0.01] : [1, 0.5, 0.2, 0.2];
  const evaluations = solved ? [1, cost - 1, cost, cost + 7] : [1, 20, 40, 60], base = row(problem, solver, values);
  return {
    ...base,
    evaluations: evaluations[3],
    trace: {
      ...base.trace,
      evaluations,
      calls: { value: evaluations.map(() => 0), gradient: evaluations.map((e) => 2 * e) },
    },
    ...given,
  };
}
