/**
 * The three ways to run a solver: `solve` to the end, `solveAsync` without blocking, `iterate` step by step.
 *
 * @module
 */
import { computeBy, currentBackend } from "./backend.ts";
import { DomainError } from "./errors.ts";
import { kindOf } from "./kinds.ts";
import { pointOf } from "./point.ts";
import type { Problem } from "./problem.ts";
import type { Result } from "./result.ts";
import { rng } from "./rng.ts";
import { Run, type SolveOptions } from "./run.ts";
import type { Context, Point, Solver, State } from "./solver.ts";

let latest: { result(): Result } | undefined;

/**
 * Runs a solver on a problem until a stopping rule fires.
 *
 * @param problem The problem.
 * @param solver A solver for this kind of problem.
 * @param options The start, the stopping rules, the seed.
 * @throws {MissingOracleError} When the problem lacks an oracle that the solver needs.
 * @throws {ShapeError} When the start has another length than the problem.
 * @throws {DomainError} On a start that is not finite, or a rule that does not fit the kind.
 * @throws {CheckpointError} When `resume` holds another run, or one by another backend of linear algebra.
 * @throws {BackendError} When an oracle or a callback changes the backend.
 *
 * @example The minimum of a parabola
 * ```ts
 * import { gradientNorm, solve } from "@gradus/gradus/core";
 * import { lbfgs } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const parabola = {
 *   kind: "smooth" as const,
 *   dimension: 1,
 *   value: (x: Float64Array) => (x[0] - 3) ** 2,
 *   gradient: (x: Float64Array, out: Float64Array) => {
 *     out[0] = 2 * (x[0] - 3);
 *     return (x[0] - 3) ** 2;
 *   },
 * };
 * const result = solve(parabola, lbfgs(), { start: [0], stop: gradientNorm({ absolute: 1e-10 }) });
 * assertEquals(result.status, "converged");
 * assertAlmostEquals(result.x[0], 3);
 * ```
 */
export function solve<P extends Problem>(problem: P, solver: Solver<P>, options: SolveOptions): Result {
  const run = latest = new Run(problem, solver, options);
  run.advance();
  return run.result();
}

/**
 * Like `solve`, but gives way to the event loop every few milliseconds, so that a page stays alive and `options.signal`
 * can be heard. Meanwhile others may use another backend of linear algebra: the run keeps to that of its start, and
 * leaves theirs in use.
 */
export async function solveAsync<P extends Problem>(
  problem: P,
  solver: Solver<P>,
  options: SolveOptions,
): Promise<Result> {
  const run = latest = new Run(problem, solver, options), slice = 12;
  while (!run.advance(performance.now() + slice)) await new Promise((resume) => setTimeout(resume));
  return run.result();
}

/**
 * The result so far of the run that was started last; after an interruption it holds the last good iterate.
 *
 * @throws {DomainError} When nothing has been run.
 */
export function lastRun(): Result {
  if (!latest) throw new DomainError("Cannot return the last run: nothing has been run yet");
  return latest.result();
}

/**
 * Yields the solver's state after `init` and after each step: one object, changed in place (`snapshot` keeps one). It
 * ends when the solver itself cannot go on; otherwise the loop around it decides. All steps are made by the backend of
 * linear algebra that was in use at the first.
 *
 * @throws {BackendError} When an oracle changes the backend.
 *
 * @example The first three iterates of gradient descent
 * ```ts
 * import { iterate } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { gradientDescent } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const values: number[] = [];
 * for (const state of iterate(quadratic([1]).problem, gradientDescent({ step: 0.5 }), [4])) {
 *   if (values.push(state.value) === 3) break;
 * }
 * assertEquals(values, [8, 2, 0.5]);
 * ```
 */
export function* iterate<P extends Problem, S extends Solver<P>>(
  problem: P,
  solver: S,
  start: ArrayLike<number> | Point,
  options: Partial<Context> = {},
): Generator<ReturnType<S["init"]>, void, void> {
  const point = pointOf(kindOf(problem), problem, start, "start"), backend = currentBackend();
  const context = { rng: rng(0), ...options };
  const state = computeBy(backend, () => solver.init(problem, point, context)) as ReturnType<S["init"]>;
  yield state;
  while (!state.stop) {
    computeBy(backend, () => solver.step(problem, state));
    yield state;
  }
}

/** A copy of a state that further steps do not change. */
export function snapshot<S extends State>(state: S): S {
  return structuredClone(state);
}
