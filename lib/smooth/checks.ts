/**
 * What the options of the methods must be.
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";

/** Refuses a number that is not positive and finite. */
export function checkPositive(name: string, what: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new DomainError(`Cannot run ${name}: expected ${what} > 0, got ${value}`);
}
