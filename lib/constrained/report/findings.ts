/**
 * What is found at a point of a constrained problem.
 *
 * @module
 */
import type { KktParts } from "../../core/mod.ts";

/** What a constraint is. */
export type ConstraintKind = "equality" | "inequality" | "lower bound" | "upper bound" | "fixed variable";

/** A constraint or bound at a point. */
export interface ConstraintState {
  /** What it is. */
  readonly kind: ConstraintKind;
  /** Its index among its kind; of bounds, that of the variable. */
  readonly index: number;
  /**
   * c, or g, or `lower - x`, or `x - upper` (also of fixed variables): above 0 an inequality or a bound is violated.
   */
  readonly value: number;
  /** λ or ω; of a bound, the part of ∇L that it holds: 0 where it is not active. */
  readonly multiplier: number;
  /** Whether it holds with equality, up to the tolerance. */
  readonly active: boolean;
  /** Whether it is violated by more than the tolerance. */
  readonly violated: boolean;
}

/** What is found at a point. */
export interface Findings extends Readonly<KktParts> {
  /** f. */
  readonly value: number;
  /** The largest of the four measures. */
  readonly kktResidual: number;
  /** Equalities, inequalities, then the finite bounds by variable. */
  readonly constraints: readonly ConstraintState[];
  /** Whether the conditions of first order hold, up to the tolerance. */
  readonly isStationary: boolean;
  /** How many constraints and bounds are active. */
  readonly active: number;
  /** The rank of their gradients: LICQ holds where it is `active`. */
  readonly rank: number;
  /** The active ones whose gradients take part in a dependence; none where LICQ holds. */
  readonly dependent: readonly ConstraintState[];
  /** The active inequalities and bounds whose multiplier is 0; none where strict complementarity holds. */
  readonly weaklyActive: readonly ConstraintState[];
  /**
   * The least and the greatest eigenvalue of ∇²L along directions in which equalities and constraints with multipliers
   * above 0 do not change: `Infinity` and `-Infinity` where there is no such direction. Missing without second
   * derivatives.
   */
  readonly curvatures?: readonly [number, number];
  /** The least eigenvalue along directions in which no active constraint changes. */
  readonly leastCurvature?: number;
  /** What counts as a curvature of 0. */
  readonly flat: number;
  /** What counts as 0. */
  readonly tolerance: number;
}

/** A name as `inequality 2` or `lower bound of x[0]`. */
export function nameOf({ kind, index }: Pick<ConstraintState, "kind" | "index">): string {
  return kind.endsWith("bound")
    ? `${kind} of x[${index}]`
    : kind === "fixed variable"
    ? `fixed x[${index}]`
    : `${kind} ${index}`;
}
