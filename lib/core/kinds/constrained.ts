/**
 * Constrained problems: measured by the parts of the Karush-Kuhn-Tucker conditions.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), theorem 12.1; bounds by projection as in section 16.7.
 *
 * @module
 */
import { ShapeError } from "../errors.ts";
import type { Kind, OracleSpec } from "../kind.ts";
import { checkBounds, checkSize, refusal } from "../parts.ts";
import type { Constrained, VectorFunction } from "../problem.ts";
import { axpy, type Vector } from "../vector.ts";

const part = (name: "equality" | "inequality"): OracleSpec[] => [
  { path: ["constraints", name, "value"], arity: 2, cost: 1, required: "with-holder", ranks: false },
  { path: ["constraints", name, "jacobianVector"], arity: 3, cost: 1, required: "with-holder", ranks: false },
  { path: ["constraints", name, "jacobianTransposeVector"], arity: 3, cost: 1, required: "with-holder", ranks: false },
  { path: ["constraints", name, "jacobian"], arity: 2, cost: 1, required: false, ranks: false },
  { path: ["constraints", name, "hessianVector"], arity: 4, cost: 2, required: false, ranks: false },
];

/**
 * Constrained problems. With `∇L = ∇f + J_cᵀλ + J_gᵀω` and `P` the projection on the bounds, the measures are the largest of
 *
 * - `stationarity` = `|x - P(x - ∇L)|∞`,
 * - `primalFeasibility`, the largest of `|cᵢ(x)|`, of the positive `gᵢ(x)`, and of the distances to the bounds,
 * - `dualFeasibility`, the largest of the `-ωᵢ`, or 0,
 * - `complementarity` = `max |ωᵢ gᵢ(x)|`,
 *
 * and these parts.
 */
export const constrained: Kind<Constrained> = {
  name: "constrained",
  oracles: [
    { path: ["objective", "value"], arity: 1, cost: 1, required: true, ranks: false },
    { path: ["objective", "gradient"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["objective", "hessianVector"], arity: 3, cost: 2, required: false, ranks: false },
    ...part("equality"),
    ...part("inequality"),
  ],
  measures: ["kktResidual", "stationarity", "primalFeasibility", "dualFeasibility", "complementarity"],
  hasValue: true,
  ranking: "measure",
  dimension: (problem) => problem.objective.dimension,
  parts: ({ constraints: { equality, inequality } }) => ({
    multipliers: (equality?.components ?? 0) + (inequality?.components ?? 0),
  }),
  check: (problem) => {
    const { objective: { dimension }, constraints } = problem;
    if (typeof constraints !== "object") throw new ShapeError(refusal(problem, "constraints", typeof constraints));
    const { equality, inequality } = constraints;
    checkSize(problem, "objective.dimension", dimension);
    if (equality) checkSize(problem, "number of equality.components", equality.components);
    if (inequality) checkSize(problem, "number of inequality.components", inequality.components);
    const [lower, upper] = bounds(problem);
    checkBounds(problem, ["constraints.lower", "constraints.upper"], lower, upper, dimension);
  },
  measurer: (problem) => {
    const { objective, constraints: { equality, inequality } } = problem, [lower, upper] = bounds(problem);
    const n = objective.dimension, first = equality?.components ?? 0, gradient = new Float64Array(n);
    const c = new Float64Array(first), g = new Float64Array(inequality?.components ?? 0), product = new Float64Array(n);
    const add = (f: VectorFunction, x: Vector, w: Vector): void => {
      f.jacobianTransposeVector(x, w, product);
      axpy(1, product, gradient);
    };
    return ({ x, multipliers }, out) => {
      out.value = objective.gradient(x, gradient);
      let stationarity = 0, primal = 0, dual = 0, complementarity = 0;
      if (equality) {
        equality.value(x, c);
        if (multipliers) add(equality, x, multipliers.subarray(0, first));
        for (let i = 0; i < c.length; i++) primal = Math.max(primal, Math.abs(c[i]));
      }
      if (inequality) {
        inequality.value(x, g);
        if (multipliers) add(inequality, x, multipliers.subarray(first));
        for (let i = 0; i < g.length; i++) {
          const w = multipliers ? multipliers[first + i] : 0;
          primal = Math.max(primal, g[i]);
          dual = Math.max(dual, -w);
          complementarity = Math.max(complementarity, Math.abs(w * g[i]));
        }
      }
      for (let i = 0; i < n; i++) {
        const projected = Math.max(lower[i], Math.min(upper[i], x[i] - gradient[i]));
        primal = Math.max(primal, lower[i] - x[i], x[i] - upper[i]);
        stationarity = Math.max(stationarity, Math.abs(x[i] - projected));
      }
      out.kktResidual = Math.max(stationarity, primal, dual, complementarity);
      out.stationarity = stationarity;
      out.primalFeasibility = primal;
      out.dualFeasibility = dual;
      out.complementarity = complementarity;
    };
  },
};

function bounds({ objective: { dimension }, constraints: { lower, upper } }: Constrained): [Vector, Vector] {
  return [
    lower ?? new Float64Array(dimension).fill(-Infinity),
    upper ?? new Float64Array(dimension).fill(Infinity),
  ];
}
