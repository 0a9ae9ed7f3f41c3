/**
 * Nesterov's accelerated gradient method.
 *
 * ```
 * x⁺ = y - ∇f(y)/L
 * y⁺ = x⁺ + b (x⁺ - x)       strongly convex (μ > 0):  b = (√κ - 1)/(√κ + 1),  κ = L/μ
 *                            convex (μ = 0):           b = (t - 1)/t⁺,  t⁺ = (1 + √(1 + 4t²))/2,  t₀ = 1
 * ```
 *
 * The gradient is taken at y; the iterate is x, of which a run has to measure value and gradient apart.
 *
 * Source: Nesterov, A method for solving the convex programming problem with convergence rate O(1/k²) (1983); the
 * strongly convex form in Lectures on Convex Optimization (2018), scheme (2.2.22).
 *
 * @module
 */
import type { Constants, Smooth, Solver, State, Vector } from "../core/mod.ts";
import { checkConstants, requireConstants } from "./constants.ts";

/** The state of Nesterov's method; `value` is NaN, as f is never evaluated at x. */
export interface NesterovState extends State {
  /** The extrapolated point. */
  readonly y: Vector;
  /** `∇f(y)`. */
  readonly gradient: Vector;
  /** `L`. */
  readonly smoothness: number;
  /** `(√κ - 1)/(√κ + 1)`, or NaN for the convex sequence. */
  readonly momentum: number;
  /** `t` of the convex sequence. */
  t: number;
}

/**
 * Nesterov's method with constant momentum when `μ > 0` is known (from the options or the problem), else with the
 * sequence for convex functions. `strongConvexity: 0` asks for the latter.
 *
 * @throws {DomainError} On constants out of range; in `init` {MissingOracleError} when nothing gives `L`.
 *
 * @example On a quadratic, with the constants that the problem knows
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { nesterov } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10, 100]);
 * assertEquals(solve(problem, nesterov(), { start }).status, "converged");
 * ```
 */
export function nesterov(options: Partial<Constants> = {}): Solver<Smooth, NesterovState> {
  checkConstants("Nesterov", options, false);
  return {
    name: options.strongConvexity === 0 ? "Nesterov (convex)" : "Nesterov",
    options: { ...options },
    reference: {
      title: "A method for solving the convex programming problem with convergence rate O(1/k²)",
      authors: "Nesterov",
      year: 1983,
      identifier: "Dokl. Akad. Nauk SSSR 269, 543-547",
    },
    needs: ["gradient"],
    init: (problem, start) => {
      const { smoothness, strongConvexity } = requireConstants("Nesterov", options, problem, false);
      const root = Math.sqrt(smoothness / strongConvexity);
      return {
        x: start.x.slice(),
        value: NaN,
        y: start.x.slice(),
        gradient: new Float64Array(start.x.length),
        smoothness,
        momentum: strongConvexity > 0 ? (root - 1) / (root + 1) : NaN,
        t: 1,
      };
    },
    step(problem, state) {
      const { x, y, gradient, smoothness } = state;
      problem.gradient(y, gradient);
      let b = state.momentum;
      if (Number.isNaN(b)) {
        const t = (1 + Math.sqrt(1 + 4 * state.t * state.t)) / 2;
        b = (state.t - 1) / t;
        state.t = t;
      }
      for (let i = 0; i < x.length; i++) {
        const next = y[i] - gradient[i] / smoothness;
        y[i] = next + b * (next - x[i]);
        x[i] = next;
      }
    },
    point: (_, state) => ({ x: state.x }),
  };
}
