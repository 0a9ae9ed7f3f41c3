/**
 * Minimize without naming a solver.
 *
 * @module
 */
import { objective, type Operand } from "../autodiff/mod.ts";
import {
  DomainError,
  kindOf,
  linearPart,
  type LinearProgram,
  type Problem,
  type Result,
  solve,
  type SolveOptions,
  type Solver,
} from "../core/mod.ts";
import type { SparseProgram } from "../constrained/mod.ts";
import { type Minimizable, solverFor } from "./solver_for.ts";

/** Options of `minimize` for linear and quadratic programs, which need no start. */
export type ProgramOptions = Partial<SolveOptions>;

/**
 * Minimizes an array program: it is traced, differentiated and compiled.
 *
 * @param f From an array of variables to a scalar, as `objective` takes it.
 * @param options As for `solve`: the start, which says how many variables there are, the stopping rules, the seed.
 * @throws {TraceError} When f returns no scalar, or uses a traced array as a number.
 *
 * @example A formula and a start
 * ```ts
 * import { add, type Operand, square, subtract, take } from "@gradus/gradus/autodiff";
 * import { minimize } from "@gradus/gradus/minimize";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const valley = (x: Operand) =>
 *   add(square(subtract(1, take(x, 0))), square(subtract(take(x, 1), square(take(x, 0)))));
 * const { x } = minimize(valley, { start: [-1, 1] });
 * assertAlmostEquals(x[0], 1, 1e-6);
 * assertAlmostEquals(x[1], 1, 1e-6);
 * ```
 */
export function minimize(f: (x: Operand) => Operand, options: SolveOptions): Result;
/**
 * Solves a linear or quadratic program; the start may be left out. Programs with whole variables are for `highs`.
 *
 * @throws {DomainError} On a program with whole variables.
 */
export function minimize(problem: SparseProgram, options?: ProgramOptions): Result;
/**
 * Minimizes by the solver that `solverFor` takes for the problem; see there for the table.
 *
 * @param options As for `solve`: the start, the stopping rules, the seed, a signal, a checkpoint to resume.
 * @throws {DomainError} On a kind of problem that the table does not have; on what `solve` refuses.
 *
 * @example Whatever the problem has is used
 * ```ts
 * import { minimize } from "@gradus/gradus/minimize";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { problem: objective, start } = rosenbrock(2);
 * assertEquals(minimize(objective, { start }).status, "converged");
 *
 * const upper = Float64Array.of(0.5, Infinity);
 * const { x } = minimize({ kind: "constrained", objective, constraints: { upper } }, { start });
 * assertAlmostEquals(x[1], 0.25);
 * ```
 */
export function minimize(problem: Minimizable, options: SolveOptions): Result;
export function minimize(given: Minimizable | ((x: Operand) => Operand), options: ProgramOptions = {}): Result {
  const { start = standardStart(given) } = options;
  const problem = typeof given === "function" ? objective(given, { dimension: lengthOf(start) }) : given;
  return solve(problem, solverFor(problem) as Solver<Minimizable>, { ...options, start });
}

function lengthOf(start: SolveOptions["start"]): number {
  return "x" in start ? start.x.length : start.length;
}

function standardStart(given: Minimizable | ((x: Operand) => Operand)): Float64Array {
  if (typeof given !== "function") {
    kindOf<Problem>(given);
    if (given.kind === "linear-program" || given.kind === "quadratic-program") {
      return new Float64Array(linearPart<LinearProgram>(given).objective.length);
    }
  }
  throw new DomainError("Cannot minimize: expected options with a start, got none");
}
