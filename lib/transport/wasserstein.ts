/**
 * Wasserstein's distance between point clouds.
 *
 * @module
 */
import { type Matrix, measureBelow, solve } from "../core/mod.ts";
import { groundCost, type GroundCostOptions, transportProblem } from "./cost.ts";
import { networkSimplex } from "./network_simplex.ts";

/** Masses of the points, and the ground cost, whose power must be at least 1. */
export interface WassersteinOptions extends GroundCostOptions {
  /** The mass at each row of X. Default: the same at each. */
  readonly source?: Float64Array;
  /** The mass at each row of Y. Default: the same at each. */
  readonly target?: Float64Array;
}

/** The distance with the plan and the potential that certify it. */
export interface Wasserstein {
  /** `W = (min Σ Pᵢⱼ |xᵢ - yⱼ|ᵖ)^(1/p)`. */
  readonly distance: number;
  /** The best plan, m x n. */
  readonly plan: Matrix;
  /** The potential u of the sources. */
  readonly potential: Float64Array;
}

/**
 * Wasserstein's distance of order p between the rows of X and of Y, exactly.
 *
 * @throws {ShapeError} When shapes do not fit.
 * @throws {DomainError} When entries or masses are no valid ones.
 *
 * @example A cloud that moved by (3, 4)
 * ```ts
 * import { matrix } from "@gradus/gradus/linalg";
 * import { wasserstein } from "@gradus/gradus/transport";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { distance } = wasserstein(matrix([[0, 0], [1, 0]]), matrix([[3, 4], [4, 4]]));
 * assertAlmostEquals(distance, 5, 1e-12);
 * ```
 */
export function wasserstein(X: Matrix, Y: Matrix, options: WassersteinOptions = {}): Wasserstein {
  const { source, target, power = 2 } = options;
  const problem = transportProblem(groundCost(X, Y, options), { ...(source && { source }), ...(target && { target }) });
  const { value, point } = solve(problem, networkSimplex(), {
    start: new Float64Array(X.rows),
    stop: measureBelow("relativeKktResidual", { absolute: 1e-12 }),
  });
  return { distance: Math.max(value, 0) ** (1 / power), plan: point.plan!, potential: point.x };
}
