/**
 * Sums of squares by their residuals; measured by `|Jᵀr|∞`.
 *
 * @module
 */
import type { Kind } from "../kind.ts";
import { checkSize } from "../parts.ts";
import type { LeastSquares } from "../problem.ts";
import { dot, normInf } from "../vector.ts";

/** Least-squares problems; the measure is `|∇f(x)|∞` of `f = ½ |r|²`, and `∇f = Jᵀr`. */
export const leastSquares: Kind<LeastSquares> = {
  name: "least-squares",
  oracles: [
    { path: ["residual", "value"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["residual", "jacobianVector"], arity: 3, cost: 1, required: true, ranks: false },
    { path: ["residual", "jacobianTransposeVector"], arity: 3, cost: 1, required: true, ranks: false },
    { path: ["residual", "jacobian"], arity: 2, cost: 1, required: false, ranks: false },
    { path: ["residual", "hessianVector"], arity: 4, cost: 2, required: false, ranks: false },
  ],
  measures: ["gradientNorm"],
  hasValue: true,
  ranking: "value",
  dimension: (problem) => problem.dimension,
  check: (problem) => checkSize(problem, "number of residual.components", problem.residual.components),
  measurer: ({ dimension, residual }) => {
    const r = new Float64Array(residual.components), gradient = new Float64Array(dimension);
    return ({ x }, out) => {
      residual.value(x, r);
      residual.jacobianTransposeVector(x, r, gradient);
      out.value = dot(r, r) / 2;
      out.gradientNorm = normInf(gradient);
    };
  },
};
