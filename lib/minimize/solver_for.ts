/**
 * Which solver a problem gets when nobody names one.
 *
 * @module
 */
import {
  type Composite,
  type Constrained,
  DomainError,
  kindOf,
  type LeastSquares,
  oraclesOf,
  type Problem,
  type Smooth,
  type Solver,
} from "../core/mod.ts";
import { augmentedLagrangian, equalitySqp, interiorPoint, lbfgsb, type SparseProgram } from "../constrained/mod.ts";
import { bfgs, lbfgs, levenbergMarquardt, newtonCg } from "../smooth/mod.ts";
import { fista } from "../splitting/mod.ts";

/** The problems that `minimize` takes. */
export type Minimizable = Smooth | LeastSquares | Constrained | SparseProgram | Composite;

/** The most variables for a dense approximation of the Hessian, whose upkeep costs O(n²) a step. */
const DENSE = 500;

/**
 * The solver that `minimize` takes for a problem, with its default options:
 *
 * | problem                                                    | solver                                             |
 * | ---------------------------------------------------------- | -------------------------------------------------- |
 * | smooth, at most 500 variables                              | `bfgs`                                             |
 * | smooth, more variables, with Hessian-vector products       | `newtonCg`                                         |
 * | smooth, more variables                                     | `lbfgs`                                            |
 * | least-squares                                              | `levenbergMarquardt`                               |
 * | constrained by bounds alone                                | `lbfgsb`                                           |
 * | constrained by equalities alone, with second derivatives   | `equalitySqp`                                      |
 * | constrained by equalities alone                            | `augmentedLagrangian`                              |
 * | linear-program, quadratic-program                          | `interiorPoint`                                    |
 * | composite                                                  | `fista`                                            |
 *
 * In few variables BFGS beats methods with products of the exact Hessian, which cost two gradients each: of the problems of
 * Moré, Garbow and Hillstrom it solves as many or more with a tenth of the evaluations.
 *
 * @throws {DomainError} On a kind of problem that is not in the table, and on inequalities.
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
      return problem.dimension <= DENSE ? bfgs() : "hessianVector" in problem ? newtonCg() : lbfgs();
    case "least-squares":
      return levenbergMarquardt();
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

function constrainedSolver(problem: Constrained): Solver<never> {
  const { equality, inequality, lower, upper } = problem.constraints;
  if (!equality && !inequality) return lbfgsb();
  if (inequality || lower || upper) {
    throw new DomainError(
      "Cannot choose a solver: expected bounds alone or equalities alone, got a problem with " +
        (inequality ? "inequalities" : "equalities and bounds"),
    );
  }
  const known = oraclesOf(problem), sqp = equalitySqp();
  return sqp.needs.every((path) => known.includes(path)) ? sqp : augmentedLagrangian();
}
