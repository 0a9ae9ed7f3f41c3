/**
 * Nonlinear programs by a primal-dual interior-point method with a filter line search,
 *
 *     minimize f(x)  where  c(x) = 0,  g(x) <= 0,  lower <= x <= upper.
 *
 * ```
 * g(x) + s = 0, s >= 0;  v = (x, s);  t, r: the distances of v from its bounds;  z, q: the multipliers of these
 * for a sequence of μ -> 0 solve    minimize φ(v) = f - μ Σ ln t - μ Σ ln r  where  c(v) = 0:
 *   Newton's step to  ∇f + Aᵀλ - z + q = 0,  c = 0,  t z = r q = μ,  of a system whose inertia says that it descends
 *   v += a Δv,  λ += a Δλ,   a at most max(0.99, 1 - μ) of the way to a bound, halved until
 *       the filter of pairs (θ = |c|₁, φ) accepts it, and φ falls as promised or one of the two falls enough
 *   z, q += b Δ
 *   where no a is left: restoration, the same method for the least violation near v
 * μ ← min(0.2 μ, μ^1.5)  where E_μ <= 10 μ,  E_μ the largest residual of the equations
 * ```
 *
 * The run ends at the precision of the problem, not at one of this method: μ goes down to where the distances from
 * bounds whose multipliers are 0 do not count.
 *
 * Source: Wächter and Biegler, On the implementation of an interior-point filter line-search algorithm for large-scale
 * nonlinear programming (2006).
 *
 * @module
 */
import type { Constrained, Solver } from "../../core/mod.ts";
import { barrierStep } from "./barrier.ts";
import { programOf } from "./program.ts";
import { initialState, type NonlinearInteriorPointState, publish } from "./state.ts";
import { judge, restore, seekFeasibility } from "./verdict.ts";

/**
 * The primal-dual interior-point method for nonlinear programs, by dense factorizations of order n + m. All points that
 * it looks at are within the bounds; a start is moved off them, and multipliers given with it are used. Where f or a
 * constraint has no second derivatives, it learns the Hessian by updates of rank one.
 *
 * A run ends `infeasible` where the sum of violations is stationary, and not 0, and `unbounded` where f falls below
 * -1e20. One that cannot come nearer to a solution ends `stalled-at-precision` where its residual is at most 1e-6, else
 * `line-search-failed`; its message tells the residual.
 *
 * @throws {ShapeError} In `init`, when a function leaves an entry out, or writes beyond its room.
 *
 * @example The point nearest to (2, 1) of what a line leaves of a disc
 * ```ts
 * import { objective, subtract, square, sum, vectorFunction } from "@gradus/gradus/autodiff";
 * import { nonlinearInteriorPoint } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x, point } = solve({
 *   kind: "constrained",
 *   objective: objective((x) => sum(square(subtract(x, Float64Array.of(2, 1)))), { dimension: 2 }),
 *   constraints: {
 *     inequality: vectorFunction((x) => subtract(sum(square(x)), 1), { dimension: 2 }),
 *     lower: Float64Array.of(-Infinity, 0.6),
 *   },
 * }, nonlinearInteriorPoint(), { start: [0, 0] });
 * assertAlmostEquals(x[0], 0.8, 1e-8);
 * assertAlmostEquals(point.multipliers![0], 1.5, 1e-8);
 * ```
 */
export function nonlinearInteriorPoint(): Solver<Constrained, NonlinearInteriorPointState> {
  return {
    name: "nonlinear interior point",
    options: {},
    reference: {
      title:
        "On the implementation of an interior-point filter line-search algorithm for large-scale nonlinear programming",
      authors: "Wächter, Biegler",
      year: 2006,
      identifier: "doi:10.1007/s10107-004-0559-y",
    },
    needs: ["objective.value", "objective.gradient"],
    traced: ["mu"],
    init: initialState,
    step(problem, state) {
      const { original, barrier, restoration, room } = state, program = programOf(problem, original);
      if (restoration.active) return restore(problem, program, state);
      if (!barrierStep(program, barrier, room)) return seekFeasibility(state);
      publish(state);
      judge(state);
    },
    point: (_, { x, multipliers }) => ({ x, multipliers }),
  };
}
