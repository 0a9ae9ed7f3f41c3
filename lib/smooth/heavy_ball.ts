/**
 * Polyak's heavy ball.
 *
 * ```
 * x⁺ = x - a ∇f(x) + b (x - x₋)         a = 4/(√L + √μ)²,   b = ((√L - √μ)/(√L + √μ))²
 * ```
 *
 * The fastest of these methods on quadratics (rate √b), but it need not converge on every strongly convex function.
 *
 * Source: Polyak, Some methods of speeding up the convergence of iteration methods (1964). The 3-cycle on a piecewise
 * quadratic: Lessard, Recht and Packard, Analysis and design of optimization algorithms via integral quadratic
 * constraints (2016), section 4.6.
 *
 * @module
 */
import {
  checkPositive,
  type Constants,
  DomainError,
  normInf,
  type Smooth,
  type Solver,
  type State,
  type Vector,
} from "../core/mod.ts";
import { checkConstants, requireConstants } from "./constants.ts";

/** Options of `heavyBall`: the constants, or step and momentum themselves. */
export interface HeavyBallOptions extends Partial<Constants> {
  /** `a`. Default from L and μ. */
  readonly step?: number;
  /** `b` in [0, 1). Default from L and μ. */
  readonly momentum?: number;
}

/** The state of the heavy ball. */
export interface HeavyBallState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** The iterate before. */
  previous: Vector;
  /** `a`. */
  readonly step: number;
  /** `b`. */
  readonly momentum: number;
}

/**
 * The heavy-ball method.
 *
 * @throws {DomainError} On constants or a momentum out of range; in `init` {MissingOracleError} when nothing gives
 * them.
 *
 * @example On a quadratic, with the constants that the problem knows
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { heavyBall } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10, 100]);
 * assertEquals(solve(problem, heavyBall(), { start }).status, "converged");
 * ```
 */
export function heavyBall(options: HeavyBallOptions = {}): Solver<Smooth, HeavyBallState> {
  checkConstants("heavy ball", options, true);
  const { step, momentum } = options;
  if (step !== undefined) checkPositive("run heavy ball", "a step", step);
  if (momentum !== undefined && !(momentum >= 0 && momentum < 1)) {
    throw new DomainError(`Cannot run heavy ball: expected a momentum in [0, 1), got ${momentum}`);
  }
  return {
    name: "heavy ball",
    options: { ...options },
    reference: {
      title: "Some methods of speeding up the convergence of iteration methods",
      authors: "Polyak",
      year: 1964,
      identifier: "doi:10.1016/0041-5553(64)90137-5",
    },
    needs: ["gradient"],
    init: (problem, start) => {
      const x = start.x.slice(), gradient = new Float64Array(x.length), value = problem.gradient(x, gradient);
      let a = step, b = momentum;
      if (a === undefined || b === undefined) {
        const { smoothness, strongConvexity } = requireConstants("heavy ball", options, problem, true);
        const sum = Math.sqrt(smoothness) + Math.sqrt(strongConvexity);
        a ??= 4 / (sum * sum);
        b ??= ((Math.sqrt(smoothness) - Math.sqrt(strongConvexity)) / sum) ** 2;
      }
      return { x, value, estimate: normInf(gradient), gradient, previous: x.slice(), step: a, momentum: b };
    },
    step(problem, state) {
      const { x, previous, gradient, step: a, momentum: b } = state;
      for (let i = 0; i < x.length; i++) previous[i] = x[i] - a * gradient[i] + b * (x[i] - previous[i]);
      state.x = previous;
      state.previous = x;
      state.value = problem.gradient(state.x, gradient);
      state.estimate = normInf(gradient);
    },
    point: (_, state) => ({ x: state.x }),
  };
}
