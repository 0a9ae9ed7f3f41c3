/**
 * What solvers of large eigenvalue problems are told and what they say.
 *
 * @module
 */
import type { Rng, Vector } from "../../core/mod.ts";
import type { IterativeStatus } from "../krylov/solution.ts";

/** What all of them take. */
export interface EigenOptions {
  /** A pair has converged when `|A v - λ v| <= tolerance |A|`, with a lower bound of `|A|₂`. Default 1e-10. */
  readonly tolerance?: number;
  /** At most so many restarts or iterations. Default 300. */
  readonly maxIterations?: number;
  /** For the vectors to begin with. Default `rng(0)`. */
  readonly random?: Rng;
}

/** What became of it; the residuals are computed from the vectors at the end. */
export interface EigenReport {
  /** `|A v - λ v|₂` of each pair, or `√(|A v - σ u|² + |Aᵀu - σ v|²)` of each triplet. */
  readonly residuals: Vector;
  /** `converged` when all residuals are as small as asked. */
  readonly status: IterativeStatus;
  /** The same in words, with figures. */
  readonly message: string;
  /** Restarts or iterations made. */
  readonly iterations: number;
  /** Products with A, Aᵀ or the inverse, together. */
  readonly products: number;
}
