/**
 * Means over examples: batches are counted by their examples, and the yardstick sees all of them.
 *
 * @module
 */
import type { Kind } from "../kind.ts";
import { checkSize } from "../parts.ts";
import type { Stochastic, TargetStochastic } from "../problem.ts";
import { normInf } from "../vector.ts";

/** Stochastic problems; the measure is `|∇f(x)|∞` of all `N` examples, and `N` of them make one evaluation. */
export const stochastic: Kind<Stochastic | TargetStochastic> = {
  name: "stochastic",
  oracles: [
    { path: ["batchValue"], arity: 2, cost: 1, required: true, ranks: false, batch: true },
    { path: ["batchGradient"], arity: 3, cost: 1, required: true, ranks: false, batch: true },
    { path: ["batchHessianVector"], arity: 4, cost: 2, required: false, ranks: false, batch: true },
    { path: ["targets", "predict"], arity: 3, cost: 0, required: "with-holder", ranks: false, batch: true },
    { path: ["targets", "pullBack"], arity: 4, cost: 0, required: "with-holder", ranks: false, batch: true },
    { path: ["targets", "loss"], arity: 2, cost: 1, required: "with-holder", ranks: false, batch: true },
    { path: ["targets", "lossGradient"], arity: 3, cost: 1, required: "with-holder", ranks: false, batch: true },
  ],
  measures: ["gradientNorm"],
  hasValue: true,
  ranking: "value",
  dimension: (problem) => problem.dimension,
  unit: (problem) => problem.examples,
  check: (problem) => checkSize(problem, "number of examples", problem.examples),
  measurer: (problem) => {
    const gradient = new Float64Array(problem.dimension), all = everyExample(problem);
    return ({ x }, out) => {
      out.value = problem.batchGradient(x, all, gradient);
      out.gradientNorm = normInf(gradient);
    };
  },
};

/** The batch of all examples. */
export function everyExample(problem: Stochastic): Uint32Array {
  return Uint32Array.from({ length: problem.examples }, (_, i) => i);
}
