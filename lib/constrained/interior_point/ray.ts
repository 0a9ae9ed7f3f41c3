/**
 * Rays that prove that a program has no solution, checked on the program's own data.
 *
 * Multipliers y prove that nothing is feasible: with `r = Aᵀy` each feasible x has
 *
 *     0 = rᵀx - yᵀAx >= Σⱼ rⱼ (lowerⱼ or upperⱼ) - Σᵢ yᵢ (rowUpperᵢ or rowLowerᵢ) - Σ |rⱼ xⱼ|,
 *
 * each bound as the sign asks, the last sum over the j whose bound is infinite. So `|x|₁` is at least the value of the
 * other two sums over the largest of these `|rⱼ|`, the radius: infinite where there is none, a proof; else as good as
 * it is large.
 *
 * A direction d proves that the objective has no lower bound on a feasible set that is not empty: `cᵀd < 0`, `Pd = 0`,
 * d and Ad point away from no infinite bound's finite opposite. With roundings, the radius is `-cᵀd` over the largest
 * violation.
 *
 * Source: Farkas' lemma, as in Applegate, Díaz, Lu and Lubin, Infeasibility detection with primal-dual hybrid gradient
 * for large-scale linear programming (2021), section 2.
 *
 * @module
 */
import {
  dot,
  linearPart,
  type LinearProgram,
  norm1,
  normInf,
  type QuadraticProgram,
  type Vector,
} from "../../core/mod.ts";
import { partsOf, type SparseProgram } from "./program.ts";

/** What a ray proves. */
export interface RayCheck {
  /** The ray without components whose sign asks for an infinite bound, scaled. */
  readonly ray: Vector;
  /** The radius; 0 if it proves nothing. */
  readonly radius: number;
}

/** Sums that cancel to less than this share of their terms are not trusted. */
const CANCELLED = 1e-10;

/** What multipliers prove: no point with `|x|₁ < radius` is feasible. The objective does not matter. */
export function checkInfeasible(problem: LinearProgram | QuadraticProgram, multipliers: Vector): RayCheck {
  const linear = linearPart(problem);
  const { matrix, rowLower, rowUpper, lower, upper } = linear;
  const largest = normInf(multipliers), r = new Float64Array(lower.length);
  const ray = multipliers.map((y, i) => Math.abs(y > 0 ? rowUpper[i] : rowLower[i]) < Infinity ? y / largest : 0);
  if (!(largest > 0)) return { ray: ray.fill(0), radius: 0 };
  matrix.applyTranspose(ray, r);
  let value = 0, terms = 0, worst = 0;
  const count = (term: number): void => {
    value += term;
    terms += Math.abs(term);
  };
  for (let i = 0; i < ray.length; i++) if (ray[i] !== 0) count(-ray[i] * (ray[i] > 0 ? rowUpper[i] : rowLower[i]));
  for (let j = 0; j < r.length; j++) {
    const bound = r[j] > 0 ? lower[j] : upper[j];
    if (Math.abs(bound) < Infinity) count(r[j] * bound);
    else worst = Math.max(worst, Math.abs(r[j]));
  }
  return { ray, radius: value > CANCELLED * terms ? value / worst : 0 };
}

/** What a direction proves, if there is a feasible point: the objective falls without end. */
export function checkUnbounded(problem: SparseProgram, direction: Vector): RayCheck {
  const { linear: { objective, matrix, rowLower, rowUpper, lower, upper }, hessian } = partsOf(problem);
  const largest = norm1(direction), rows = new Float64Array(matrix.rows), bent = new Float64Array(objective.length);
  const ray = direction.map((d, j) => Math.abs(d > 0 ? upper[j] : lower[j]) < Infinity ? 0 : d / largest);
  if (!(largest > 0)) return { ray: ray.fill(0), radius: 0 };
  matrix.apply(ray, rows);
  hessian?.apply(ray, bent);
  let worst = normInf(bent), terms = 0;
  for (let i = 0; i < rows.length; i++) {
    if (Math.abs(rows[i] > 0 ? rowUpper[i] : rowLower[i]) < Infinity) worst = Math.max(worst, Math.abs(rows[i]));
  }
  for (let j = 0; j < ray.length; j++) terms += Math.abs(objective[j] * ray[j]);
  const value = -dot(objective, ray);
  return { ray, radius: value > CANCELLED * terms ? value / worst : 0 };
}
