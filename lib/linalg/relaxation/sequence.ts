/**
 * A sequence of linear systems, solved one after the other by a method with a parameter that is learned on the way from
 * the numbers of iterations alone.
 *
 * Source: Khodak, Chow, Balcan and Talwalkar, Learning to Relax: Setting Solver Parameters Across a Sequence of Linear
 * System Instances (2023), arXiv 2310.02246.
 *
 * @module
 */
import { DomainError, rng, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { cg, type IterativeSolution } from "../krylov/mod.ts";
import { ssor } from "../preconditioners/mod.ts";
import { sor, type SorOptions } from "../stationary/mod.ts";
import type { ParameterLearner } from "./learner.ts";

/** A system `A x = b` with what is known of it beforehand. */
export interface LinearSystem {
  /** A. */
  readonly A: SparseMatrix;
  /** b. */
  readonly b: Vector;
  /** A number that says how hard it is, as a shift of the diagonal. Default 0. */
  readonly context?: number;
}

/** How to solve and what to choose from. */
export interface SequenceOptions {
  /** The values of the parameter, one for each arm. Default ω from 1 to 1.95 in equal steps. */
  readonly parameters?: ArrayLike<number>;
  /** Solves with one of them. Default `sor`. */
  readonly solve?: (A: SparseMatrix, b: Vector, options: { omega: number }) => IterativeSolution;
  /** Of the generator that draws arms. Default 0. */
  readonly seed?: number;
}

/** One system of the sequence, solved. */
export interface SequenceStep {
  /** The system. */
  readonly system: LinearSystem;
  /** The number of the parameter. */
  readonly arm: number;
  /** The parameter. */
  readonly parameter: number;
  /** What came out, not always converged. */
  readonly solution: IterativeSolution;
}

/**
 * Solves the systems one by one and yields each solution. The learner's cost is the number of iterations, at least 1,
 * also where the solver did not converge.
 *
 * @param systems An iterator that is told the last solution, so that the next right-hand side may depend on it.
 * @param learner The bandit, with as many arms as there are parameters.
 * @param options What to choose from and how to solve.
 *
 * @throws {DomainError} When there are not as many parameters as arms.
 *
 * @example A hundred shifted systems
 * ```ts
 * import { rng, uniform } from "@gradus/gradus/core";
 * import { addSparse, gridLaplacian, relaxSequence, sparseIdentity, tsallisInf } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * function* systems() {
 *   const random = rng(1), b = new Float64Array(100).fill(1);
 *   for (let t = 0; t < 100; t++) {
 *     yield { A: addSparse(1, gridLaplacian(10, 10), uniform(random), sparseIdentity(100)), b };
 *   }
 * }
 * let solved = 0;
 * for (const { solution } of relaxSequence(systems(), tsallisInf(10))) if (solution.status === "converged") solved++;
 * assert(solved === 100);
 * ```
 */
export function* relaxSequence<State>(
  systems: Iterator<LinearSystem, unknown, Vector>,
  learner: ParameterLearner<State>,
  { parameters = evenly(learner.arms), solve = sor, seed = 0 }: SequenceOptions = {},
): Generator<SequenceStep> {
  if (parameters.length !== learner.arms) {
    throw new DomainError(
      `Cannot solve a sequence: expected ${learner.arms} parameters, one for each arm, got ${parameters.length}`,
    );
  }
  const random = rng(seed), state = learner.init();
  try {
    let next = systems.next(new Float64Array(0));
    while (!next.done) {
      const system = next.value, { A, b, context = 0 } = system, arm = learner.choose(state, context, random);
      const parameter = parameters[arm], solution = solve(A, b, { omega: parameter });
      learner.learn(state, context, arm, Math.max(solution.iterations, 1));
      yield { system, arm, parameter, solution };
      next = systems.next(solution.x);
    }
  } finally {
    systems.return?.(); // also when the caller has had enough
  }
}

/** d values from 1 to 1.95. */
function evenly(d: number): number[] {
  return Array.from({ length: d }, (_, i) => 1 + (d > 1 ? 0.95 * i / (d - 1) : 0));
}

/**
 * Conjugate gradients preconditioned by SSOR with ω, for symmetric positive definite A.
 *
 * @throws {ShapeError} When A is not square, or b or the start does not fit.
 * @throws {DomainError} When ω is not in (0, 2), a diagonal entry is zero, b or the start is not finite, or an option
 * is out of range.
 */
export function ssorPcg(A: SparseMatrix, b: Vector, { omega = 1, ...options }: SorOptions = {}): IterativeSolution {
  return cg(A, b, { ...options, preconditioner: ssor(A, omega) });
}
