/**
 * Fractional problems `(f + h)/g`: measured by the residual of Dinkelbach's equation.
 *
 * ```
 * 0 ∈ ∇f(x) + ∂h(x) - F(x) ∂g(x),   F = (f + h)/g
 * ```
 *
 * Source: Dinkelbach, On nonlinear fractional programming (1967); Yuan, Coordinate descent methods for fractional
 * minimization (2022), arXiv 2201.12691, definition of a critical point.
 *
 * @module
 */
import { DomainError } from "../errors.ts";
import type { Fractional } from "../fractional.ts";
import type { Kind } from "../kind.ts";
import { refusal } from "../parts.ts";
import { blockOracles, blockUnit, checkBlocks } from "./blocks.ts";

/**
 * Fractional problems; the measure is `|x - prox_h(x - ∇f(x) + F(x) v)|∞` with `v ∈ ∂g(x)`, zero exactly at critical
 * points. Where g is concave these are the global minima. Where g has kinks there are better and worse ones: a point
 * that no coordinate alone improves is critical, and not the other way round.
 */
export const fractional: Kind<Fractional> = {
  name: "fractional",
  oracles: [
    { path: ["smooth", "value"], arity: 1, cost: 1, required: true, ranks: false },
    { path: ["smooth", "gradient"], arity: 2, cost: 1, required: true, ranks: false },
    ...blockOracles(["smooth"], false),
    { path: ["regularizer", "value"], arity: 1, cost: 0, required: true, ranks: false },
    { path: ["regularizer", "proximal"], arity: 3, cost: 0, required: true, ranks: false },
    { path: ["denominator", "value"], arity: 1, cost: 0, required: true, ranks: false },
    { path: ["denominator", "subgradient"], arity: 2, cost: 0, required: true, ranks: false },
    { path: ["denominator", "lines", "remember"], arity: 2, cost: 0, required: "with-holder", ranks: false },
    { path: ["denominator", "lines", "value"], arity: 2, cost: 0, required: "with-holder", ranks: false },
    { path: ["denominator", "lines", "pieces"], arity: 4, cost: 0, required: "with-holder", ranks: false },
    { path: ["denominator", "lines", "follow"], arity: 4, cost: 0, required: "with-holder", ranks: false },
  ],
  measures: ["criticality"],
  hasValue: true,
  ranking: "value",
  dimension: (problem) => problem.smooth.dimension,
  unit: (problem) => blockUnit(problem.smooth),
  check: (problem) => {
    checkBlocks(problem.smooth);
    const { curvature } = problem.denominator;
    if (!(curvature >= 0 && curvature < Infinity)) {
      throw new DomainError(refusal(problem, "a finite denominator.curvature >= 0", curvature));
    }
  },
  measurer: ({ smooth, regularizer, denominator }) => {
    const n = smooth.dimension, forward = new Float64Array(n), v = new Float64Array(n), next = new Float64Array(n);
    return ({ x }, out) => {
      const above = smooth.gradient(x, forward) + regularizer.value(x), below = denominator.subgradient(x, v);
      const F = below > 0 ? above / below : NaN; // there is no fraction elsewhere
      for (let i = 0; i < n; i++) forward[i] = x[i] - forward[i] + F * v[i];
      regularizer.proximal(forward, 1, next);
      let norm = 0;
      for (let i = 0; i < n; i++) {
        const step = Math.abs(x[i] - next[i]);
        if (!(step <= norm)) norm = step; // also taken for NaN
      }
      out.value = F;
      out.criticality = norm;
    };
  },
};
