/**
 * Minimizers as functions of parameters, found by any solver of smooth problems.
 *
 * @module
 */
import { solve, type SolveOptions, type Solver, type TwiceSmooth } from "../../core/mod.ts";
import { objective } from "../objective/objective.ts";
import type { Tree } from "../tree.ts";
import { asVector, type Operand } from "../values.ts";
import { type Parametric, stationary } from "./conditions.ts";
import { customRoot, type ImplicitOptions, type SolverFunction } from "./root.ts";

/** Options of `argmin`. */
export interface ArgminOptions extends ImplicitOptions {
  /** How the problem is solved; the start is that of the call. */
  readonly run?: Omit<SolveOptions, "start">;
}

/**
 * The minimizer of `f(x, θ)` over vectors x as a function of a start and of θ, by `solve` with the given solver;
 * differentiable in θ at the cost of one linear system with `∇²f`.
 *
 * @throws {DomainError} By the function, when the solver ends where the gradient is not small.
 * @throws {SingularMatrixError} When differentiated where the Hessian cannot be inverted.
 *
 * @example How the minimizer of `|x - 1|² + θ |x|²` moves with θ
 * ```ts
 * import { add, argmin, jvp, multiply, type Operand, square, subtract, sum } from "@gradus/gradus/autodiff";
 * import { lbfgs } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const f = (x: Operand, a: Operand) => add(sum(square(subtract(x, 1))), multiply(a, sum(square(x))));
 * const minimizer = argmin(f, lbfgs()), start = new Float64Array(2);
 * const { value, tangent } = jvp((a: Operand) => minimizer(start, a), [1], [1]);
 * assertAlmostEquals((value as Float64Array)[0], 1 / 2); // 1 / (1 + θ)
 * assertAlmostEquals((tangent as Float64Array)[0], -1 / 4);
 * ```
 */
export function argmin<Theta extends readonly Tree[]>(
  f: Parametric<Theta>,
  solver: Solver<TwiceSmooth>,
  options: ArgminOptions = {},
): SolverFunction<Operand, Theta> {
  return customRoot(stationary(f), options)((init, ...theta) => {
    const start = asVector(init), problem = objective((x) => f(x, ...theta), { dimension: start.length });
    return solve(problem, solver, { ...options.run, start }).x;
  });
}
