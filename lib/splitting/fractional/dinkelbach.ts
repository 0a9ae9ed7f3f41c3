/**
 * Dinkelbach's method with proximal gradient steps: the baseline of fractional minimization.
 *
 * ```
 * minimize F(x) = (f(x) + h(x))/g(x)
 *
 * x⁺ = prox_{h/K}(x - (∇f(x) - F(x) v)/K),   v ∈ ∂g(x),   K = L + F(x) M
 * ```
 *
 * One step on `f + h - F(x) g`, in which f is replaced by its upper parabola of curvature L and g by its tangent, or,
 * where it is not convex, by its lower parabola of curvature M. F never rises; limits are critical points.
 *
 * Source: Dinkelbach, On nonlinear fractional programming (1967); Boţ and Csetnek, Proximal-gradient algorithms for
 * fractional programming (2017), arXiv 1601.08166, algorithm 1.
 *
 * @module
 */
import { DomainError, type Fractional, type Solver, type State, type Vector } from "../../core/mod.ts";
import { fractionAt } from "./problem.ts";

/** Options of `dinkelbachProximal`. */
export interface DinkelbachOptions {
  /** L. Default: that of f. */
  readonly smoothness?: number;
}

/** The state: x and what is known there. */
export interface DinkelbachState extends State {
  /** `∇f(x)`, and then where the proximal operator is taken. */
  readonly gradient: Vector;
  /** v. */
  readonly v: Vector;
  /** L. */
  readonly smoothness: number;
}

const reference = {
  title: "Proximal-gradient algorithms for fractional programming",
  authors: "Boţ, Csetnek",
  year: 2017,
  identifier: "arXiv:1601.08166",
};

/**
 * Dinkelbach's method with proximal gradient steps; one gradient for each. A run ends with `line-search-failed` where
 * the fraction rises, as it does when L is too small or `f + h` negative, and with `unbounded` where `g <= 0`.
 *
 * @throws {DomainError} When L is not positive, or neither given nor known of f.
 *
 * @example A fraction with a concave denominator
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { fractionalLeastSquares } from "@gradus/gradus/problems";
 * import { concaveQuadratic, dinkelbachProximal } from "@gradus/gradus/splitting";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const box = { constant: 1, lower: -2, upper: 2 };
 * const { problem, start } = fractionalLeastSquares(matrix([[1]]), Float64Array.of(1), concaveQuadratic(5), box);
 * const { x, status } = solve(problem, dinkelbachProximal(), { start }); // (½(x - 1)² + 1)/(5 - ½x²)
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0] ** 2 - 13 * x[0] + 10, 0, 1e-8);
 * ```
 */
export function dinkelbachProximal({ smoothness }: DinkelbachOptions = {}): Solver<Fractional, DinkelbachState> {
  const check = (L: number | undefined): number => {
    if (L !== undefined && L > 0 && L < Infinity) return L;
    throw new DomainError(`Cannot run Dinkelbach's method: expected a smoothness > 0, got ${L}`);
  };
  if (smoothness !== undefined) check(smoothness);
  return {
    name: "Dinkelbach proximal gradient",
    options: { ...(smoothness !== undefined && { smoothness }) },
    reference,
    needs: ["smooth.gradient", "regularizer.value", "regularizer.proximal", "denominator.subgradient"],
    init: (problem, { x: start }) => {
      const x = start.slice(), gradient = new Float64Array(x.length), v = new Float64Array(x.length);
      const f = problem.smooth.gradient(x, gradient), g = problem.denominator.subgradient(x, v);
      const L = check(smoothness ?? problem.smooth.constants?.smoothness);
      return { x, value: fractionAt(problem, x, f, g), gradient, v, smoothness: L };
    },
    step({ smooth, regularizer, denominator }, state) {
      const { x, gradient, v, value: F } = state, K = state.smoothness + F * denominator.curvature;
      for (let i = 0; i < x.length; i++) gradient[i] = x[i] - (gradient[i] - F * v[i]) / K;
      regularizer.proximal(gradient, 1 / K, x);
      const above = smooth.gradient(x, gradient) + regularizer.value(x), below = denominator.subgradient(x, v);
      state.value = above / below;
      if (below <= 0) state.stop = { status: "unbounded", message: `g(x) = ${below} <= 0` };
      else if (state.value > F + 1e-12 * Math.abs(F)) {
        state.stop = { status: "line-search-failed", message: `the fraction rose from ${F} to ${state.value}` };
      }
    },
    point: (_, state) => ({ x: state.x }),
  };
}
