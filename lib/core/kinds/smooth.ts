/**
 * Smooth problems: value, gradient, Hessian-vector products; measured by `|∇f(x)|∞`.
 *
 * @module
 */
import type { Kind } from "../kind.ts";
import type { TwiceSmooth } from "../problem.ts";
import { normInf } from "../vector.ts";
import { blockOracles, blockUnit, checkBlocks } from "./blocks.ts";

/** Smooth and twice smooth problems, and those that show their blocks. */
export const smooth: Kind<TwiceSmooth> = {
  name: "smooth",
  oracles: [
    { path: ["value"], arity: 1, cost: 1, required: true, ranks: true },
    { path: ["gradient"], arity: 2, cost: 1, required: true, ranks: true },
    { path: ["hessianVector"], arity: 3, cost: 2, required: false, ranks: false },
    ...blockOracles([], true),
  ],
  measures: ["gradientNorm"],
  hasValue: true,
  ranking: "value",
  dimension: (problem) => problem.dimension,
  unit: blockUnit,
  check: checkBlocks,
  measurer: (problem) => {
    const gradient = new Float64Array(problem.dimension);
    return (point, out) => {
      out.value = problem.gradient(point.x, gradient);
      out.gradientNorm = normInf(gradient);
    };
  },
};
