/**
 * Smooth problems: value, gradient, Hessian-vector products; measured by `|∇f(x)|∞`.
 *
 * @module
 */
import type { Kind } from "../kind.ts";
import type { TwiceSmooth } from "../problem.ts";
import { normInf } from "../vector.ts";

/** Smooth and twice smooth problems. */
export const smooth: Kind<TwiceSmooth> = {
  name: "smooth",
  oracles: [
    { path: ["value"], arity: 1, cost: 1, required: true, ranks: true },
    { path: ["gradient"], arity: 2, cost: 1, required: true, ranks: true },
    { path: ["hessianVector"], arity: 3, cost: 2, required: false, ranks: false },
  ],
  measures: ["gradientNorm"],
  hasValue: true,
  ranking: "value",
  dimension: (problem) => problem.dimension,
  measurer: (problem) => {
    const gradient = new Float64Array(problem.dimension);
    return (point, out) => {
      out.value = problem.gradient(point.x, gradient);
      out.gradientNorm = normInf(gradient);
    };
  },
};
