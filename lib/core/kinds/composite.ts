/**
 * Composite problems `f + r`: measured by the proximal-gradient map.
 *
 * @module
 */
import type { Kind } from "../kind.ts";
import type { Composite } from "../problem.ts";
import { blockOracles, blockUnit, checkBlocks } from "./blocks.ts";

/** Composite problems; the measure is `|x - prox_r(x - ∇f(x))|∞`, zero exactly at the solutions of a convex problem. */
export const composite: Kind<Composite> = {
  name: "composite",
  oracles: [
    { path: ["smooth", "value"], arity: 1, cost: 1, required: true, ranks: false },
    { path: ["smooth", "gradient"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["smooth", "hessianVector"], arity: 3, cost: 2, required: false, ranks: false },
    ...blockOracles(["smooth"], false),
    { path: ["regularizer", "value"], arity: 1, cost: 0, required: true, ranks: false },
    { path: ["regularizer", "proximal"], arity: 3, cost: 0, required: true, ranks: false },
  ],
  measures: ["proximalGradientNorm"],
  hasValue: true,
  hasDomain: true,
  ranking: "value",
  dimension: (problem) => problem.smooth.dimension,
  unit: (problem) => blockUnit(problem.smooth),
  check: (problem) => checkBlocks(problem.smooth),
  measurer: (problem) => {
    const n = problem.smooth.dimension, forward = new Float64Array(n), next = new Float64Array(n);
    return ({ x }, out) => {
      out.value = problem.smooth.gradient(x, forward) + problem.regularizer.value(x);
      for (let i = 0; i < n; i++) forward[i] = x[i] - forward[i];
      problem.regularizer.proximal(forward, 1, next);
      let norm = 0;
      for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(x[i] - next[i]));
      out.proximalGradientNorm = norm;
    };
  },
};
