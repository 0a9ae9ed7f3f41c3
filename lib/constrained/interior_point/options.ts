/**
 * Options of the interior-point methods.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";

/** Options of `interiorPoint` and `homogeneousInteriorPoint`. */
export interface InteriorPointOptions {
  /** ρ, which makes the systems quasi-definite. Default 1e-8. */
  readonly regularization?: number;
  /** The most corrections for centrality in a step. Default 2. */
  readonly corrections?: number;
  /** Whether linear programs are presolved. Default true. */
  readonly presolve?: boolean;
}

/** The options with defaults. */
export type MethodOptions = Required<InteriorPointOptions>;

/**
 * The options with defaults.
 *
 * @throws {DomainError} When one is out of range.
 */
export function checkedOptions(
  { regularization = 1e-8, corrections = 2, presolve = true }: InteriorPointOptions,
): MethodOptions {
  if (!(regularization > 0 && regularization < 1 && Number.isSafeInteger(corrections) && corrections >= 0)) {
    throw new DomainError(
      `Cannot run an interior-point method: expected a regularization in (0, 1) and a number of corrections, got ` +
        `${regularization} and ${corrections}`,
    );
  }
  return { regularization, corrections, presolve };
}
