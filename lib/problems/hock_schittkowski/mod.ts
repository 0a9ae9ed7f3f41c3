/**
 * Test problems with constraints from the set of Hock and Schittkowski.
 *
 * Source: Hock and Schittkowski, Test examples for nonlinear programming codes (1981).
 *
 * @module
 */
import type { TwiceConstrained, TwiceEqualityConstrained } from "../../constrained/mod.ts";
import { DomainError, type Instance } from "../../core/mod.ts";
import { equalities } from "./equalities.ts";
import { instanceOf } from "./instance.ts";

/**
 * The problems of the set with equality constraints and no others, in its order, at their standard starts. Each call makes
 * them anew; programs for derivatives are made when they are first asked for.
 *
 * @example The minimum on a curve
 * ```ts
 * import { adaSketchNewton } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { hockSchittkowskiEqualities } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { problem, start, minima } = hockSchittkowskiEqualities().find(({ name }) => name === "HS7")!;
 * assertAlmostEquals(solve(problem, adaSketchNewton(), { start }).value, minima[0], 1e-8);
 * ```
 */
export function hockSchittkowskiEqualities(): Instance<TwiceEqualityConstrained>[] {
  return equalities.map(instanceOf) as Instance<TwiceEqualityConstrained>[];
}

/**
 * The problem of the set with the given number.
 *
 * @throws {DomainError} When it is not here; the message lists the numbers.
 *
 * @example By number
 * ```ts
 * import { hockSchittkowski } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hockSchittkowski(77).start.length, 5);
 * ```
 */
export function hockSchittkowski(number: number): Instance<TwiceConstrained> {
  const found = equalities.find((each) => each.number === number);
  if (found) return instanceOf(found);
  const known = equalities.map((each) => each.number).join(", ");
  throw new DomainError(`Cannot find problem ${number} of Hock and Schittkowski: expected one of ${known}`);
}
