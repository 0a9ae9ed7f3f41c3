import { explain, type Explanation, type Finding } from "../../lib/compare/mod.ts";
import {
  evaluations,
  gradientNorm,
  type Instance,
  type Rule,
  type Smooth,
  solve,
  type Solver,
  type Vector,
} from "../../lib/core/mod.ts";
import { rosenbrock } from "../../lib/problems/mod.ts";
import { bfgs } from "../../lib/smooth/mod.ts";

/** A problem from a value and what writes its gradient. */
export function smooth(
  start: number[],
  value: (x: Vector) => number,
  gradient: (x: Vector, out: Vector) => void,
): Instance<Smooth> {
  const problem: Smooth = {
    kind: "smooth",
    dimension: start.length,
    value,
    gradient: (x, out) => {
      gradient(x, out);
      return value(x);
    },
  };
  return { name: "by hand", problem, start: Float64Array.from(start), minima: [] };
}

/** The same problem with something done to its gradient. */
export function spoiled({ problem, start }: Instance<Smooth>, spoil: (g: Vector) => void): Instance<Smooth> {
  return smooth([...start], problem.value, (x, out) => {
    problem.gradient(x, out);
    spoil(out);
  });
}

export const standard = [gradientNorm(), evaluations(2000)];

export function explained(
  instance: Instance<Smooth>,
  solver: Solver<Smooth> = bfgs(),
  stop: Rule | Rule[] = standard,
): Explanation {
  return explain(solve(instance.problem, solver, { start: instance.start, stop }), instance.problem);
}

/** All that is not said for good order. */
export const serious = ({ findings }: Explanation): readonly Finding[] =>
  findings.filter(({ severity, topic }) => severity !== "info" && topic !== "stop" && topic !== "progress");

export const valley = rosenbrock(2), chain = rosenbrock(10);
