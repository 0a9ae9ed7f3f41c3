/**
 * Gradient descent.
 *
 * ```
 * x ← x - a ∇f(x)
 * ```
 *
 * with `a` fixed (`1/L` where L is known), or found by a line search.
 *
 * Source: Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées (1847); rates in Nesterov,
 * Lectures on Convex Optimization (2018), section 2.1.5.
 *
 * @module
 */
import {
  along,
  type Constants,
  DomainError,
  dot,
  normInf,
  type Smooth,
  type Solver,
  type State,
  type Vector,
} from "../core/mod.ts";
import { checkConstants, requireConstants } from "./constants.ts";
import { descent, type DescentState, type Direction, firstStep, negative } from "./descent.ts";
import type { LineSearch } from "./line.ts";
import { backtracking } from "./linesearch/backtracking.ts";

const reference = {
  title: "Méthode générale pour la résolution des systèmes d'équations simultanées",
  authors: "Cauchy",
  year: 1847,
  identifier: "Comptes rendus 25, 536-538",
};

/** Options of `gradientDescent`. */
export interface GradientDescentOptions {
  /** A line search. Default: backtracking, unless `step` is given. */
  readonly search?: LineSearch;
  /** A fixed step, or `"1/L"` with the constant that the options or the problem give. */
  readonly step?: number | "1/L";
  /** `L`, for the step `"1/L"`. */
  readonly smoothness?: number;
}

/** The state of gradient descent with a fixed step. */
export interface FixedStepState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** The step length. */
  readonly step: number;
}

/**
 * Gradient descent with a line search (default) or a fixed step.
 *
 * @throws {DomainError} On both a step and a search, or a step that is not positive.
 *
 * @example On a quadratic
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { gradientDescent } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10]);
 * assertEquals(solve(problem, gradientDescent({ step: "1/L" }), { start }).status, "converged");
 * ```
 */
export function gradientDescent(
  options: GradientDescentOptions = {},
): Solver<Smooth, FixedStepState | DescentState<SteepestMemory>> {
  const { step, search } = options;
  if (step === undefined) return steepestDescent(search ?? backtracking());
  if (search) throw new DomainError("Cannot run gradient descent: expected a step or a search, got both");
  if (step !== "1/L" && !(step > 0 && step < Infinity)) {
    throw new DomainError(`Cannot run gradient descent: expected a step > 0 or "1/L", got ${step}`);
  }
  return fixedStep(step, options);
}

function fixedStep(step: number | "1/L", given: Partial<Constants>): Solver<Smooth, FixedStepState> {
  const constants = given.smoothness === undefined ? {} : { smoothness: given.smoothness };
  checkConstants("gradient descent", constants, false);
  return {
    name: "gradient descent (fixed step)",
    options: { step, ...constants },
    reference,
    needs: ["gradient"],
    init: (problem, start) => {
      const x = start.x.slice(), gradient = new Float64Array(x.length);
      const length = step === "1/L"
        ? 1 / requireConstants("gradient descent", constants, problem, false).smoothness
        : step;
      const value = problem.gradient(x, gradient);
      return { x, value, estimate: normInf(gradient), gradient, step: length };
    },
    step(problem, state) {
      const { x, gradient } = state;
      along(x, -state.step, gradient, x);
      state.value = problem.gradient(x, gradient);
      state.estimate = normInf(gradient);
    },
    point: (_, state) => ({ x: state.x }),
  };
}

/** What steepest descent remembers: the last step, as the first trial of the next. */
export interface SteepestMemory {
  /** The decrease `-a φ'(0)` that the slope promised for the last step; 0 at the start. */
  promised: number;
}

function steepestDescent(search: LineSearch): Solver<Smooth, DescentState<SteepestMemory>> {
  const direction: Direction<Smooth, SteepestMemory> = {
    init: () => ({ promised: 0 }),
    compute(_, { gradient, memory }, out) {
      negative(gradient, out);
      if (memory.promised === 0) return firstStep(gradient);
      // twice the step that promises the last decrease again: steps can grow
      return 2 * memory.promised / dot(gradient, gradient);
    },
    learn(memory, line) {
      memory.promised = -line.step * line.slope0;
    },
    forget(memory) {
      const had = memory.promised !== 0;
      memory.promised = 0;
      return had;
    },
  };
  return descent({ name: "gradient descent", options: {}, reference, direction, search });
}
