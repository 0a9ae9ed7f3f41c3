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
import { from10To37 } from "./from_10_to_37.ts";
import { from41To76 } from "./from_41_to_76.ts";
import { from80To104 } from "./from_80_to_104.ts";
import { from106To119 } from "./from_106_to_119.ts";
import { type Formulas, instanceOf } from "./instance.ts";
import { process85 } from "./process_85.ts";
import { programs } from "./programs.ts";

/** All with general constraints, in the order of the set. */
const general: readonly Formulas[] = [
  ...equalities,
  ...from10To37,
  ...from41To76,
  ...from80To104,
  process85,
  ...from106To119,
  ...programs,
].sort((a, b) => a.number - b.number);

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
 * The 106 problems of the set with general constraints, equalities or inequalities `g(x) <= 0`, besides any bounds, in its order and
 * at its starts. Each call makes them anew.
 *
 * @example Those with inequalities
 * ```ts
 * import { hockSchittkowskiGeneral } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const withInequalities = hockSchittkowskiGeneral().filter(({ problem }) => problem.constraints.inequality);
 * assertEquals(withInequalities[0].minima, [-1]); // HS10
 * ```
 */
export function hockSchittkowskiGeneral(): Instance<TwiceConstrained>[] {
  return general.map(instanceOf);
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
  const found = general.find((each) => each.number === number);
  if (found) return instanceOf(found);
  const known = general.map((each) => each.number).join(", ");
  throw new DomainError(`Cannot find problem ${number} of Hock and Schittkowski: expected one of ${known}`);
}
