/**
 * Sums of squares by their residuals; measured by `|Jᵀr|∞`, within bounds by what these leave of it.
 *
 * @module
 */
import { DomainError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { checkBounds, checkSize, everyBound } from "../parts.ts";
import type { BoundedLeastSquares } from "../problem.ts";
import { dot, type Vector } from "../vector.ts";

/**
 * Least-squares problems; with `P` the projection on the bounds the measure is `|x - P(x - ∇f(x))|∞` of `f = ½ |r|²`,
 * and `∇f = Jᵀr`. Without bounds that is `|∇f(x)|∞`.
 */
export const leastSquares: Kind<BoundedLeastSquares> = {
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
  check: (problem) => {
    checkSize(problem, "number of residual.components", problem.residual.components);
    if (!hasBounds(problem)) return;
    const [lower, upper] = everyBound(problem.dimension, problem);
    checkBounds(problem, ["lower", "upper"], lower, upper, problem.dimension);
  },
  measurer: (problem) => {
    const { dimension, residual } = problem, [lower, upper] = everyBound(dimension, problem);
    const r = new Float64Array(residual.components), gradient = new Float64Array(dimension);
    return ({ x }, out) => {
      residual.value(x, r);
      residual.jacobianTransposeVector(x, r, gradient);
      out.value = dot(r, r) / 2;
      out.gradientNorm = projectedGradientNorm(x, gradient, lower, upper);
    };
  },
};

/** `|x - P(x - g)|∞`, computed without cancellation: `|g|∞` where no bound is in reach. */
export function projectedGradientNorm(x: Vector, g: Vector, lower: Vector, upper: Vector): number {
  let norm = 0;
  for (let j = 0; j < x.length; j++) {
    const moved = Math.abs(Math.max(x[j] - upper[j], Math.min(x[j] - lower[j], g[j])));
    if (!(moved <= norm)) { // also taken for NaN
      if (moved !== moved) return NaN;
      norm = moved;
    }
  }
  return norm;
}

function hasBounds({ lower, upper }: BoundedLeastSquares): boolean {
  return lower !== undefined || upper !== undefined;
}

/**
 * Refuses bounds, as the types already do.
 *
 * @throws {DomainError} When the problem has any.
 */
export function checkNoBounds(verb: string, problem: BoundedLeastSquares): void {
  if (!hasBounds(problem)) return;
  throw new DomainError(`Cannot ${verb}: expected least squares without bounds, got a problem with them`);
}
