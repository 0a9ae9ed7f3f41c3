/**
 * Optimal transport problems and what may be added to their cost.
 *
 * @module
 */
import type { Described } from "./problem.ts";
import type { Matrix } from "./storage.ts";
import type { Vector } from "./vector.ts";

/**
 * `ε Σ Pᵢⱼ (log (Pᵢⱼ/aᵢbⱼ) - 1) + ε Σ aᵢ`: on plans with the right marginals ε times their relative entropy to `abᵀ`.
 */
export interface Entropy {
  /** Tells the regularizer. */
  readonly type: "entropy";
  /** `ε > 0`, in units of the cost. */
  readonly strength: number;
}

/** `γ/2 Σ Pᵢⱼ²`, and no more than `columnEntries` positive entries in a column of P. */
export interface Quadratic {
  /** Tells the regularizer. */
  readonly type: "quadratic";
  /** `γ > 0`. */
  readonly strength: number;
  /** The most entries of a column. Default: all sources. */
  readonly columnEntries?: number;
}

/**
 * Optimal transport: minimize `Σ Cᵢⱼ Pᵢⱼ` over plans `P >= 0` with row sums `a` and column sums `b`.
 *
 * A point's `plan` is `P`; its `x` is the potential `u` of the sources, in the dual problem of maximizing `aᵀu + bᵀv`
 * subject to `uᵢ + vⱼ <= Cᵢⱼ`. The potential of the targets need not be told: the best one is `vⱼ = minᵢ Cᵢⱼ - uᵢ`.
 *
 * A regularizer adds to the cost. A solver for the problem without one takes `Transport & { regularizer?: never }`.
 */
export interface Transport extends Described {
  /** Tells the kind. */
  readonly kind: "transport";
  /** `C`, sources x targets; `Infinity` forbids a pair. */
  readonly cost: Matrix;
  /** `a >= 0`, the mass at each source. */
  readonly source: Vector;
  /** `b >= 0`, the mass at each target, with the same sum. */
  readonly target: Vector;
  /** What is added to the cost of a plan. */
  readonly regularizer?: Entropy | Quadratic;
}
