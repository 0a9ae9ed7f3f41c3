/**
 * What iterative solvers of linear systems are told and what they say.
 *
 * @module
 */
import type { LinearOperator, Vector } from "../../core/mod.ts";

/**
 * How an iteration ended.
 *
 * - `converged`: the residual of the system as given, computed anew from x, is as small as asked; for least squares
 *   also: x is a minimizer, `|Aᵀ(b - A x)| <= tolerance |A| |b - A x|`.
 * - `iteration-limit`: not within the iterations allowed.
 * - `stagnated`: the residual no longer falls; for singular systems see the message.
 * - `indefinite`: the method asks for a definite operator or preconditioner, and met a direction in which it is not.
 * - `breakdown`: a division by zero that the method does not recover from.
 * - `non-finite`: a product held NaN or infinity; x is the last good iterate.
 */
export type IterativeStatus =
  | "converged"
  | "iteration-limit"
  | "stagnated"
  | "indefinite"
  | "breakdown"
  | "non-finite";

/** What every iterative solver takes. */
export interface IterativeOptions {
  /** Converged when `|b - A x| <= max(tolerance |b|, absolute)`. Default 1e-8. */
  readonly tolerance?: number;
  /** The same, not relative to b. Default 0. */
  readonly absolute?: number;
  /** At most so many iterations. Default: a method's own. */
  readonly maxIterations?: number;
  /** The first iterate, copied. Default 0. */
  readonly start?: Vector;
  /** An approximation of A⁻¹, applied as a product. */
  readonly preconditioner?: LinearOperator;
}

/** The last iterate and what became of it. */
export interface IterativeSolution {
  /** The last iterate. */
  readonly x: Vector;
  /** How it ended. */
  readonly status: IterativeStatus;
  /** The same in words, with figures. */
  readonly message: string;
  /** Iterations made. */
  readonly iterations: number;
  /** Products with A or Aᵀ, together. */
  readonly products: number;
  /** `|b - A x|₂`, computed from x at the end. */
  readonly residual: number;
  /** `|b - A xₖ|₂` for k = 0, 1, …: as the method follows it, the last one as computed from x. */
  readonly residuals: Vector;
}
