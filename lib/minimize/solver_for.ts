/**
 * Which solver a problem gets when nobody names one.
 *
 * @module
 */
import {
  type BoundedLeastSquares,
  type Composite,
  type Constrained,
  DomainError,
  kindOf,
  type Problem,
  type Smooth,
  type Solver,
  type TwiceSmooth,
} from "../core/mod.ts";
import {
  augmentedLagrangian,
  interiorPoint,
  lbfgsb,
  nonlinearInteriorPoint,
  type SparseProgram,
  sqp,
} from "../constrained/mod.ts";
import { bfgs, lbfgs, newtonCg, trustRegionReflective } from "../smooth/mod.ts";
import { fista } from "../splitting/mod.ts";

/** The problems that `minimize` takes. */
export type Minimizable = Smooth | TwiceSmooth | BoundedLeastSquares | Constrained | SparseProgram | Composite;

/**
 * The most variables for a dense approximation of the Hessian, whose upkeep costs O(n²) a step: where there are
 * products with the Hessian, and where there are none.
 */
const FEW = 50, DENSE = 200;

/** The most variables and constraints for active sets, and for factors of the whole system; both cost O(n³) a step. */
const ACTIVE_SET = 300, FACTORED = 3000;

/**
 * The solver that `minimize` takes for a problem, with its default options:
 *
 * | problem                                                    | solver                                             |
 * | ---------------------------------------------------------- | -------------------------------------------------- |
 * | smooth, at most 50 variables                               | `bfgs`                                             |
 * | smooth, more variables, with Hessian-vector products       | `newtonCg`                                         |
 * | smooth, at most 200 variables                              | `bfgs`                                             |
 * | smooth, more variables                                     | `lbfgs`                                            |
 * | least-squares, with or without bounds                      | `trustRegionReflective`                            |
 * | constrained by bounds alone                                | `lbfgsb`                                           |
 * | constrained, at most 300 variables and constraints         | `sqp`                                              |
 * | constrained, at most 3000 variables and constraints        | `nonlinearInteriorPoint`                           |
 * | constrained, more of them                                  | `augmentedLagrangian`                              |
 * | linear-program, quadratic-program                          | `interiorPoint`                                    |
 * | composite                                                  | `fista`                                            |
 *
 * In few variables BFGS beats methods with products of the exact Hessian, which cost two gradients each: of the
 * problems of Moré, Garbow and Hillstrom it solves as many or more with a tenth of the evaluations. In many, its own
 * work is what takes time. Of the two interior-point methods for programs the one taken has values to 1e-8 of all
 * linear programs of Netlib when its measure is below 1e-9. Least squares in thousands of variables are better taken
 * for smooth: `minimize(gaussNewton(problem), …)`.
 *
 * @throws {DomainError} On a kind of problem that is not in the table.
 * @throws {MissingOracleError} When an oracle that the kind requires is no function.
 * @throws {ShapeError} When parts of the problem do not fit together.
 *
 * @example The choice for a problem
 * ```ts
 * import { solverFor } from "@gradus/gradus/minimize";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(solverFor(rosenbrock(2).problem).name, "BFGS");
 * assertEquals(solverFor(rosenbrock(1000).problem).name, "Newton-CG");
 * ```
 */
export function solverFor<P extends Minimizable>(problem: P): Solver<P> {
  kindOf<Problem>(problem);
  return choose(problem) as Solver<P>;
}

function choose(problem: Minimizable): Solver<never> {
  switch (problem.kind) {
    case "smooth":
      return smoothSolver(problem);
    case "least-squares":
      return trustRegionReflective();
    case "constrained":
      return constrainedSolver(problem);
    case "linear-program":
    case "quadratic-program":
      return interiorPoint();
    case "composite":
      return fista();
    default:
      throw new DomainError(
        "Cannot choose a solver: expected a problem that is smooth, least-squares, constrained, linear-program, " +
          `quadratic-program or composite, got one of kind ${(problem as Problem).kind}`,
      );
  }
}

function smoothSolver(problem: Smooth): Solver<never> {
  const { dimension } = problem;
  if (dimension <= FEW) return bfgs();
  if ("hessianVector" in problem) return newtonCg();
  return dimension <= DENSE ? bfgs() : lbfgs();
}

function constrainedSolver({ objective, constraints: { equality, inequality } }: Constrained): Solver<never> {
  if (!equality && !inequality) return lbfgsb();
  const size = objective.dimension + (equality?.components ?? 0) + (inequality?.components ?? 0);
  return size <= ACTIVE_SET ? sqp() : size <= FACTORED ? nonlinearInteriorPoint() : augmentedLagrangian();
}
