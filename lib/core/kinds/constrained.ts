/**
 * Constrained problems: measured by the parts of the Karush-Kuhn-Tucker conditions.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), theorem 12.1; bounds by projection as in section 16.7.
 *
 * @module
 */
import { ShapeError } from "../errors.ts";
import type { Kind, OracleSpec } from "../kind.ts";
import { checkBounds, checkSize, everyBound, refusal } from "../parts.ts";
import type { Constrained, VectorFunction } from "../problem.ts";
import { axpy, normInf, type Vector } from "../vector.ts";
import { projectedGradientNorm } from "./least_squares.ts";

const part = (name: "equality" | "inequality"): OracleSpec[] => [
  { path: ["constraints", name, "value"], arity: 2, cost: 1, required: "with-holder", ranks: false },
  { path: ["constraints", name, "jacobianVector"], arity: 3, cost: 1, required: "with-holder", ranks: false },
  { path: ["constraints", name, "jacobianTransposeVector"], arity: 3, cost: 1, required: "with-holder", ranks: false },
  { path: ["constraints", name, "jacobian"], arity: 2, cost: 1, required: false, ranks: false },
  { path: ["constraints", name, "hessianVector"], arity: 4, cost: 2, required: false, ranks: false },
];

const names = ["equality", "inequality", "lower", "upper"];

/**
 * Constrained problems. With `∇L = ∇f + J_cᵀλ + J_gᵀω` and `P` the projection on the bounds, the measures are the
 * largest of
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
    const unknown = Object.keys(constraints).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new ShapeError(refusal(problem, `constraints among ${names.join(", ")}`, unknown));
    }
    const { equality, inequality } = constraints;
    checkSize(problem, "objective.dimension", dimension);
    if (equality) checkSize(problem, "number of equality.components", equality.components);
    if (inequality) checkSize(problem, "number of inequality.components", inequality.components);
    const [lower, upper] = boundsOf(problem);
    checkBounds(problem, ["constraints.lower", "constraints.upper"], lower, upper, dimension);
  },
  measurer: (problem) => {
    const { objective, constraints: { equality, inequality } } = problem, [lower, upper] = boundsOf(problem);
    const n = objective.dimension, first = equality?.components ?? 0, gradient = new Float64Array(n);
    const c = new Float64Array(first), g = new Float64Array(inequality?.components ?? 0), product = new Float64Array(n);
    const add = (f: VectorFunction, x: Vector, w: Vector): void => {
      f.jacobianTransposeVector(x, w, product);
      axpy(1, product, gradient);
    };
    return ({ x, multipliers }, out) => {
      out.value = objective.gradient(x, gradient);
      equality?.value(x, c);
      inequality?.value(x, g);
      if (multipliers && equality) add(equality, x, multipliers.subarray(0, first));
      if (multipliers && inequality) add(inequality, x, multipliers.subarray(first));
      const omega = multipliers?.subarray(first);
      const parts = kktParts({ x, lower, upper, gradient, equality: c, inequality: g, ...(omega && { omega }) });
      out.kktResidual = largestPart(parts);
      Object.assign(out, parts);
    };
  },
};

/** What the conditions of Karush, Kuhn and Tucker are about, at a point. */
export interface KktSite {
  /** x. */
  readonly x: Vector;
  /** Lower bounds. */
  readonly lower: Vector;
  /** Upper bounds. */
  readonly upper: Vector;
  /** `∇f + J_cᵀλ + J_gᵀω`. */
  readonly gradient: Vector;
  /** c(x). */
  readonly equality: Vector;
  /** g(x). */
  readonly inequality: Vector;
  /** ω; zero where it is left out. */
  readonly omega?: Vector;
}

/** How far a point is from fulfilling them, as the measures of the kind define it. */
export interface KktParts {
  /** `|x - P(x - ∇L)|∞`. */
  stationarity: number;
  /** The largest violation of a constraint or bound. */
  primalFeasibility: number;
  /** The largest `-ωᵢ`, or 0. */
  dualFeasibility: number;
  /** `max |ωᵢ gᵢ(x)|`. */
  complementarity: number;
}

/** The measures of constrained problems from what is known at a point: what methods estimate, and runs check. */
export function kktParts({ x, lower, upper, gradient, equality, inequality, omega }: KktSite): KktParts {
  const stationarity = projectedGradientNorm(x, gradient, lower, upper);
  let primal = normInf(equality), dual = 0, complementarity = 0;
  for (let i = 0; i < inequality.length; i++) {
    const w = omega ? omega[i] : 0;
    primal = Math.max(primal, inequality[i]);
    dual = Math.max(dual, -w);
    complementarity = Math.max(complementarity, Math.abs(w * inequality[i]));
  }
  for (let i = 0; i < x.length; i++) primal = Math.max(primal, lower[i] - x[i], x[i] - upper[i]);
  return { stationarity, primalFeasibility: primal, dualFeasibility: dual, complementarity };
}

/** The measure `kktResidual`. */
export function largestPart(parts: KktParts): number {
  return Math.max(parts.stationarity, parts.primalFeasibility, parts.dualFeasibility, parts.complementarity);
}

/** The bounds of all variables, infinite where there are none. */
export function boundsOf({ objective: { dimension }, constraints }: Constrained): [Vector, Vector] {
  return everyBound(dimension, constraints);
}
