/**
 * Ways to lower a quadratic model within a trust region, or under a cubic term.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import type { HessianProducts } from "../hessian/source.ts";

/** A quadratic model `gᵀp + ½ pᵀHp` at x, H known by products. */
export interface QuadraticModel {
  /** Products with H. */
  readonly problem: HessianProducts;
  /** Where. */
  readonly x: Vector;
  /** `g`. */
  readonly gradient: Vector;
  /** Whether x or H changed since the last call for a step. */
  readonly isNew: boolean;
}

/**
 * A way to choose a step, within the radius Δ or under `σ/3 |p|³`; the limit is Δ or σ. `M` is its memory: plain data.
 */
export interface Subproblem<M> {
  /** As in `Steihaug`. */
  readonly name: string;
  /** Allocates the memory for n variables. */
  readonly init: (n: number) => M;
  /** Writes a step p into `out` and returns the decrease `m(0) - m(p)` of the quadratic model, positive. */
  solve(model: QuadraticModel, limit: number, memory: M, out: Vector): number;
}
