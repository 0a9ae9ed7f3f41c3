/**
 * The 35 problems of Moré, Garbow and Hillstrom, Testing unconstrained optimization software (1981), as sums of
 * squares without a factor 1/2, with exact first and second derivatives.
 *
 * @module
 */
import { DomainError, type Instance } from "../../core/mod.ts";
import { brownAlmostLinear, chebyquad, trigonometric } from "./coupled.ts";
import { broydenBanded, broydenTridiagonal, discreteBoundaryValue, discreteIntegralEquation } from "./equations.ts";
import { gaussian, gulf, meyer } from "./exponential_curves.ts";
import { biggsExp6, box3d, jennrichSampson, osborne1, osborne2 } from "./exponential_sums.ts";
import { bard, brownDennis, kowalikOsborne, watson } from "./fits.ts";
import { linearFullRank, linearRank1, linearRank1Zero } from "./linear.ts";
import {
  extendedPowell,
  extendedRosenbrock,
  penaltyI,
  penaltyII,
  powellSingular,
  rosenbrock2,
  variablyDimensioned,
} from "./scalable.ts";
import type { SumOfSquares } from "../sum_of_squares.ts";
import { beale, brownBadlyScaled, freudensteinRoth, helicalValley, powellBadlyScaled, wood } from "./systems.ts";

export * from "./coupled.ts";
export * from "./equations.ts";
export * from "./exponential_curves.ts";
export * from "./exponential_sums.ts";
export * from "./fits.ts";
export * from "./linear.ts";
export * from "./scalable.ts";
export * from "./systems.ts";

/**
 * All 35 problems of the Moré-Garbow-Hillstrom set in the order of the paper, in their usual dimensions.
 *
 * The dimension of the scalable ones is part of the name, as in `Watson6`; call their makers, as `watson(9)`, for
 * others. Gulf has 10 residuals here, some collections take 99.
 *
 * Source: Moré, Garbow, Hillstrom, Testing unconstrained optimization software, ACM TOMS 7 (1981), section 3.
 *
 * @example The set at its standard starts
 * ```ts
 * import { mgh } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const problems = mgh();
 * assertEquals(problems.length, 35);
 * assertEquals(problems[4].name, "Beale");
 * assertEquals(problems[4].problem.value(problems[4].start), 14.203125);
 * ```
 */
export function mgh(): Instance<SumOfSquares>[] {
  return [
    rosenbrock2(),
    freudensteinRoth(),
    powellBadlyScaled(),
    brownBadlyScaled(),
    beale(),
    jennrichSampson(),
    helicalValley(),
    bard(),
    gaussian(),
    meyer(),
    gulf(),
    box3d(),
    powellSingular(),
    wood(),
    kowalikOsborne(),
    brownDennis(),
    osborne1(),
    biggsExp6(),
    osborne2(),
    watson(),
    extendedRosenbrock(),
    extendedPowell(),
    penaltyI(),
    penaltyII(),
    variablyDimensioned(),
    trigonometric(),
    brownAlmostLinear(),
    discreteBoundaryValue(),
    discreteIntegralEquation(),
    broydenTridiagonal(),
    broydenBanded(),
    linearFullRank(),
    linearRank1(),
    linearRank1Zero(),
    chebyquad(),
  ];
}

/**
 * The problem of the set with the given name, upper or lower case.
 *
 * @throws {DomainError} When there is none; the message lists the names.
 *
 * @example By name
 * ```ts
 * import { mghNamed } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mghNamed("watson6").problem.dimension, 6);
 * ```
 */
export function mghNamed(name: string): Instance<SumOfSquares> {
  const problems = mgh(), found = problems.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  throw new DomainError(
    `Cannot find the problem ${JSON.stringify(name)}: expected one of ${problems.map((each) => each.name).join(", ")}`,
  );
}
