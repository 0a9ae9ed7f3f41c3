/**
 * Checks of numbers that optimizers are given.
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";

/** Refuses a number outside `[least, below)`. */
export function checkRange(verb: string, what: string, value: number, least: number, below: number): void {
  if (!(value >= least && value < below)) {
    throw new DomainError(`Cannot ${verb}: expected ${what} in [${least}, ${below}), got ${value}`);
  }
}
