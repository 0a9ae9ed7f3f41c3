/**
 * What a run proved of its problem.
 *
 * @module
 */
import type { Vector } from "./vector.ts";

/**
 * A proof that a problem has no solution. Plain data; how to check it depends on the kind of problem.
 *
 * - `infeasible`: multipliers by which the constraints contradict each other,
 * - `unbounded`: a direction along which the objective falls for ever from any feasible point.
 */
export interface Certificate {
  /** What follows from the ray. */
  readonly proves: "infeasible" | "unbounded";
  /** The multipliers, or the direction. */
  readonly ray: Vector;
  /** How far it reaches: infinite without rounding errors; of multipliers, no point within this radius is feasible. */
  readonly radius: number;
}
