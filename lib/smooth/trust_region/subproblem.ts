/**
 * Ways to lower a quadratic model within a trust region.
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

/** A way to choose a step within a radius. `M` is its memory: plain data. */
export interface Subproblem<M> {
  /** As in `Steihaug`. */
  readonly name: string;
  /** Allocates the memory for n variables. */
  readonly init: (n: number) => M;
  /** Writes a step p with `|p| <= radius` into `out` and returns the decrease `m(0) - m(p)` of the model, positive. */
  solve(model: QuadraticModel, radius: number, memory: M, out: Vector): number;
}
