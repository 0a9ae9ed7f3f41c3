/**
 * Test problems with constraints from the set of Hock and Schittkowski: the numbers 6 to 119, without those that have
 * bounds alone (25, 38, 45, 110) and those that the set leaves out (58, 82, 94, 115).
 *
 * The minima are known to about 14 digits, with multipliers; where the set lists another value, a comment says so.
 *
 * Sources: Hock and Schittkowski, Test examples for nonlinear programming codes (1981); where its data and its solution
 * disagree (weights of 105, factors of 59 and 70), Schittkowski's later programs, which agree with the solution.
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
 * The problems of the set with equality constraints and no others, in its order, at their standard starts. Each call
 * makes them anew; programs for derivatives are made when they are first asked for.
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
 * The 106 problems of the set with general constraints, equalities or inequalities `g(x) <= 0`, besides any bounds, in
 * its order and at its starts. Each call makes them anew.
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
 * Problems of the set on which the usual tests of a solution say nothing or too much, with the reason.
 *
 * @example What to leave out where multipliers are tested
 * ```ts
 * import { hockSchittkowskiIrregular } from "@gradus/gradus/problems";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(hockSchittkowskiIrregular.HS13, "no multipliers");
 * ```
 */
export const hockSchittkowskiIrregular: Readonly<Record<string, string>> = {
  HS13: "the minimizer has no multipliers: there the gradients of the constraint and of a bound are opposite",
  HS54:
    "gradients by x3 and x6 stay below 1e-7, so that the Karush-Kuhn-Tucker conditions hold to 1e-7 far from the minimizer",
  HS87: "the objective jumps where a generator is switched on",
};

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
