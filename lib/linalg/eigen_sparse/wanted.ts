/**
 * What solvers of large eigenvalue problems check at the door.
 *
 * @module
 */
import { DomainError, type LinearOperator, type Rng, rng } from "../../core/mod.ts";
import { checkCount, checkNonnegative, checkSquareOperator } from "../krylov/iteration.ts";
import type { EigenOptions } from "./solution.ts";

/** The options with their defaults. */
export interface Wanted {
  /** The tolerance. */
  readonly tolerance: number;
  /** The limit of restarts or iterations. */
  readonly maxIterations: number;
  /** The generator. */
  readonly random: Rng;
  /** How many vectors are kept. */
  readonly m: number;
}

/** The options for k values of a problem of order n. */
export function wanted(
  verb: string,
  k: number,
  n: number,
  { tolerance = 1e-10, maxIterations = 300, random = rng(0), subspace = Math.max(2 * k + 10, 20) }:
    & EigenOptions
    & { readonly subspace?: number },
): Wanted {
  checkCount(verb, "k", k, 1);
  checkNonnegative(verb, "a tolerance", tolerance);
  checkCount(verb, "maxIterations", maxIterations);
  checkCount(verb, "subspace", subspace, 1);
  if (k > n || subspace < Math.min(n, k + 3)) {
    throw new DomainError(
      `Cannot ${verb}: expected k <= ${n} and a subspace of k + 3 or more vectors, got k = ${k} and ${subspace}`,
    );
  }
  return { tolerance, maxIterations, random, m: Math.min(n, subspace) };
}

/** Refuses what is no inverse around a shift. */
export function checkInverse(verb: string, inverse: LinearOperator | undefined, shift: number, n: number): void {
  if (inverse) checkSquareOperator(verb, "an inverse", inverse, n);
  if (!Number.isFinite(shift)) throw new DomainError(`Cannot ${verb}: expected a finite shift, got ${shift}`);
}
