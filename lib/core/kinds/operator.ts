/**
 * Variational inequalities and inclusions: measured by the natural residual.
 *
 * @module
 */
import type { Kind } from "../kind.ts";
import type { VariationalInequality } from "../problem.ts";

/** Operator problems; the measure is `|x - (I + G)⁻¹(x - F(x))|∞`, which is `|F(x)|∞` without `G`. */
export const operator: Kind<VariationalInequality> = {
  name: "operator",
  oracles: [
    { path: ["operator"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["jacobianVector"], arity: 3, cost: 1, required: false, ranks: false },
    { path: ["resolvent"], arity: 3, cost: 0, required: false, ranks: false },
  ],
  measures: ["naturalResidual"],
  hasValue: false,
  ranking: "measure",
  dimension: (problem) => problem.dimension,
  measurer: ({ dimension, operator, resolvent }) => {
    const moved = new Float64Array(dimension);
    return ({ x }, out) => {
      operator(x, moved);
      for (let i = 0; i < dimension; i++) moved[i] = x[i] - moved[i];
      resolvent?.(moved, 1, moved);
      let norm = 0;
      for (let i = 0; i < dimension; i++) norm = Math.max(norm, Math.abs(x[i] - moved[i]));
      out.naturalResidual = norm;
    };
  },
};
