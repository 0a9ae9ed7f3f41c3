/**
 * Split problems `f + r + h∘K`: measured by the natural residual of the optimality conditions.
 *
 * ```
 * 0 ∈ ∇f(x) + ∂r(x) + Kᵀy,   y ∈ ∂h(Kx)
 * ```
 *
 * Source: Condat, A primal-dual splitting method for convex optimization involving Lipschitzian, proximable and linear
 * composite terms (2013), equation (4).
 *
 * @module
 */
import { ShapeError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { checkSize, refusal } from "../parts.ts";
import type { Split } from "../problem.ts";

/**
 * Split problems. With `z = prox_h(Kx + y)` the measures are the larger of
 *
 * - `stationarity` = `|x - prox_r(x - ∇f(x) - Kᵀy)|∞`,
 * - `consistency` = `|Kx - z|∞`: where h is the indicator of a set, how far Kx is from the set, and y from its normal
 *   cone,
 *
 * and these parts. Both are zero exactly at the solutions with their multipliers. The value is `f(x) + r(x) + h(z)`,
 * which is finite also where Kx is a little outside the domain of h.
 */
export const split: Kind<Split> = {
  name: "split",
  oracles: [
    { path: ["smooth", "value"], arity: 1, cost: 1, required: "with-holder", ranks: false },
    { path: ["smooth", "gradient"], arity: 2, cost: 1, required: "with-holder", ranks: false },
    { path: ["smooth", "hessianVector"], arity: 3, cost: 2, required: false, ranks: false },
    { path: ["regularizer", "value"], arity: 1, cost: 0, required: "with-holder", ranks: false },
    { path: ["regularizer", "proximal"], arity: 3, cost: 0, required: "with-holder", ranks: false },
    { path: ["operator", "apply"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["operator", "applyTranspose"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["outer", "value"], arity: 1, cost: 0, required: true, ranks: false },
    { path: ["outer", "proximal"], arity: 3, cost: 0, required: true, ranks: false },
  ],
  measures: ["kktResidual", "stationarity", "consistency"],
  hasValue: true,
  hasDomain: true,
  ranking: "measure",
  dimension: (problem) => problem.operator.columns,
  parts: ({ operator }) => ({ multipliers: operator.rows }),
  check: (problem) => {
    const { smooth, operator } = problem;
    checkSize(problem, "number of operator.rows", operator.rows);
    if (smooth && smooth.dimension !== operator.columns) {
      throw new ShapeError(refusal(problem, `smooth.dimension ${operator.columns}`, smooth.dimension));
    }
  },
  measurer: ({ smooth, regularizer, operator, outer }) => {
    const n = operator.columns, m = operator.rows, image = new Float64Array(m), z = new Float64Array(m);
    const forward = new Float64Array(n), next = new Float64Array(n), pulled = new Float64Array(n);
    return ({ x, multipliers }, out) => {
      let value = smooth ? smooth.gradient(x, forward) : 0;
      if (!smooth) forward.fill(0);
      if (multipliers) operator.applyTranspose(multipliers, pulled);
      for (let i = 0; i < n; i++) forward[i] = x[i] - forward[i] - pulled[i];
      if (regularizer) {
        value += regularizer.value(x);
        regularizer.proximal(forward, 1, next);
      } else next.set(forward);
      operator.apply(x, image);
      for (let i = 0; i < m; i++) z[i] = image[i] + (multipliers ? multipliers[i] : 0);
      outer.proximal(z, 1, z);
      let stationarity = 0, consistency = 0;
      for (let i = 0; i < n; i++) stationarity = Math.max(stationarity, Math.abs(x[i] - next[i]));
      for (let i = 0; i < m; i++) consistency = Math.max(consistency, Math.abs(image[i] - z[i]));
      out.value = value + outer.value(z);
      out.kktResidual = Math.max(stationarity, consistency);
      out.stationarity = stationarity;
      out.consistency = consistency;
    };
  },
};
