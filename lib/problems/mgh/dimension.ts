/**
 * What the functions of any number of variables share.
 *
 * @module
 */
import { DomainError, type Vector } from "../../core/mod.ts";

/** Refuses a dimension that is not a multiple of `step`, or below `least`. */
export function checkDimension(what: string, n: number, least = 1, step = 1): void {
  if (Number.isSafeInteger(n) && n >= least && n % step === 0) return;
  const expected = step === 1 ? `at least ${least} variables` : `a positive multiple of ${step} variables`;
  throw new DomainError(`Cannot make the ${what}: expected ${expected}, got ${n}`);
}

/** The vector of `f(1), …, f(n)`. */
export function allOf(n: number, f: (i: number) => number): Vector {
  return Float64Array.from({ length: n }, (_, i) => f(i + 1));
}
