/**
 * The triple momentum method, the fastest first-order method known for smooth strongly convex functions.
 *
 * ```
 * y   = (1 + c) ξ - c ξ₋
 * ξ⁺  = (1 + b) ξ - b ξ₋ - a ∇f(y)
 * x   = (1 + d) ξ⁺ - d ξ                                   the output
 * ρ = 1 - 1/√κ,  a = (1 + ρ)/L,  b = ρ²/(2 - ρ),  c = ρ²/((1 + ρ)(2 - ρ)),  d = ρ²/(1 - ρ²)
 * ```
 *
 * Worst-case rate ρ. The output x is not the state ξ.
 *
 * Source: Van Scoy, Freeman and Lynch, The fastest known globally convergent first-order method for minimizing strongly
 * convex functions, IEEE Control Systems Letters 2 (2018) 49-54.
 *
 * @module
 */
import type { Constants, Smooth, Solver, State, Vector } from "../core/mod.ts";
import { checkConstants, requireConstants } from "./constants.ts";

/** The state of the triple momentum method; `value` is NaN, as f is never evaluated at x. */
export interface TripleMomentumState extends State {
  /** `ξ`. */
  xi: Vector;
  /** `ξ₋`. */
  previous: Vector;
  /** Where the gradient is taken. */
  readonly y: Vector;
  /** `∇f(y)`. */
  readonly gradient: Vector;
  /** The step. */
  readonly a: number;
  /** The momentum of the state. */
  readonly b: number;
  /** The momentum of y. */
  readonly c: number;
  /** The momentum of the output. */
  readonly d: number;
}

/**
 * The triple momentum method.
 *
 * @throws {DomainError} Unless `L >= μ > 0`; in `init` {MissingOracleError} when nothing gives them.
 *
 * @example On a quadratic, with the constants that the problem knows
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { tripleMomentum } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10, 100]);
 * assertEquals(solve(problem, tripleMomentum(), { start }).status, "converged");
 * ```
 */
export function tripleMomentum(options: Partial<Constants> = {}): Solver<Smooth, TripleMomentumState> {
  checkConstants("triple momentum", options, true);
  return {
    name: "triple momentum",
    options: { ...options },
    reference: {
      title: "The fastest known globally convergent first-order method for minimizing strongly convex functions",
      authors: "Van Scoy, Freeman, Lynch",
      year: 2018,
      identifier: "doi:10.1109/LCSYS.2017.2722406",
    },
    needs: ["gradient"],
    init: (problem, start) => {
      const { smoothness, strongConvexity } = requireConstants("triple momentum", options, problem, true);
      const rho = 1 - Math.sqrt(strongConvexity / smoothness), square = rho * rho;
      return {
        x: start.x.slice(),
        value: NaN,
        xi: start.x.slice(),
        previous: start.x.slice(),
        y: start.x.slice(),
        gradient: new Float64Array(start.x.length),
        a: (1 + rho) / smoothness,
        b: square / (2 - rho),
        c: square / ((1 + rho) * (2 - rho)),
        d: square / (1 - square),
      };
    },
    step(problem, state) {
      const { x, y, xi, previous, gradient, a, b, c, d } = state;
      for (let i = 0; i < y.length; i++) y[i] = (1 + c) * xi[i] - c * previous[i];
      problem.gradient(y, gradient);
      for (let i = 0; i < y.length; i++) {
        const next = (1 + b) * xi[i] - b * previous[i] - a * gradient[i];
        x[i] = (1 + d) * next - d * xi[i];
        previous[i] = next;
      }
      state.xi = previous;
      state.previous = xi;
    },
    point: (_, state) => ({ x: state.x }),
  };
}
