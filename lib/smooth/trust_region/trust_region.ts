/**
 * Newton's method in a trust region.
 *
 * ```
 * p from a subproblem: the model m(p) = f + gᵀp + ½ pᵀHp lowered within |p| <= Δ
 * ρ = (f(x) - f(x + p)) / (m(0) - m(p))
 * ρ < ¼:  Δ ← ¼ |p|;   ρ > ¾ and |p| = Δ:  Δ ← min(2Δ, Δmax);   ρ > 10⁻⁴:  x ← x + p
 * ```
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 4.1; Conn, Gould and Toint, Trust-region methods
 * (2000), sections 6.1 and 17.4 (for ρ near convergence).
 *
 * @module
 */
import { DomainError, norm2, normInf, type Solver, type State, type TwiceSmooth, type Vector } from "../../core/mod.ts";
import { noTrial } from "../failure.ts";
import { dogleg, exactStep } from "./dense.ts";
import { steihaug } from "./steihaug.ts";
import type { Subproblem } from "./subproblem.ts";

/** Options of `trustRegion`. */
export interface TrustRegionOptions {
  /** How steps are chosen: by products with the Hessian, or from the whole of it. Default `steihaug`. */
  readonly subproblem?: "steihaug" | "dogleg" | "exact";
  /** The first Δ. Default 1. */
  readonly radius?: number;
  /** Δmax. Default 1e10. */
  readonly largestRadius?: number;
}

/** The state. */
export interface TrustRegionState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  gradient: Vector;
  /** `Δ`. */
  radius: number;
  /** Whether x changed in the last step. */
  moved: boolean;
  /** `p`, then room for gradients and points of trials. */
  readonly room: readonly [Vector, Vector, Vector];
  /** What the subproblem remembers. */
  readonly memory: unknown;
}

const ACCEPT = 1e-4;

/**
 * Newton's method in a trust region; a step is a trial, after which x may be where it was. It leaves saddle points.
 *
 * @throws {DomainError} When a radius is not positive, or the first one above the largest.
 *
 * @example Rosenbrock's function, exact steps
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { trustRegion } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(2);
 * assertEquals(solve(problem, trustRegion({ subproblem: "exact" }), { start }).status, "converged");
 * ```
 */
export function trustRegion(options: TrustRegionOptions = {}): Solver<TwiceSmooth, TrustRegionState> {
  const { subproblem: kind = "steihaug", radius = 1, largestRadius = 1e10 } = options;
  if (!(radius > 0 && radius <= largestRadius)) {
    throw new DomainError(`Cannot run a trust region: expected 0 < radius <= ${largestRadius}, got ${radius}`);
  }
  const subproblem = { steihaug, dogleg, exact: exactStep }[kind]() as Subproblem<unknown>;
  return {
    name: `trust region (${subproblem.name})`,
    options: { subproblem: kind, radius, largestRadius },
    reference: {
      title: "Trust-region methods",
      authors: "Conn, Gould, Toint",
      year: 2000,
      identifier: "doi:10.1137/1.9780898719857",
    },
    needs: ["gradient", "hessianVector"],
    init: (problem, start) => {
      const x = start.x.slice(), n = x.length, gradient = new Float64Array(n), value = problem.gradient(x, gradient);
      return {
        x,
        value,
        estimate: normInf(gradient),
        gradient,
        radius,
        moved: true,
        room: [new Float64Array(n), new Float64Array(n), new Float64Array(n)],
        memory: subproblem.init(n),
      };
    },
    step(problem, state) {
      const { x, gradient, room: [p, trial, next] } = state, n = x.length;
      if (state.estimate === 0 && kind === "steihaug") {
        state.stop = { status: "stalled-at-precision", message: "the gradient is 0" };
        return;
      }
      const promised = subproblem.solve({ problem, x, gradient, isNew: state.moved }, state.radius, state.memory, p);
      for (let i = 0; i < n; i++) trial[i] = x[i] + p[i];
      const length = norm2(p), value = problem.gradient(trial, next), actual = state.value - value;
      const rounding = 10 * Number.EPSILON * Math.max(1, Math.abs(state.value));
      // where both are lost in rounding they agree, if the gradient does not grow
      const isLost = promised <= rounding && Math.abs(actual) <= rounding && normInf(next) <= state.estimate;
      const rho = isLost ? 1 : actual / promised;
      if (!(rho >= 0.25)) state.radius = length / 4;
      else if (rho > 0.75 && length >= 0.99 * state.radius) state.radius = Math.min(2 * state.radius, largestRadius);
      state.moved = rho > ACCEPT && promised > 0 && Number.isFinite(value);
      if (state.moved) {
        x.set(trial);
        gradient.set(next);
        state.value = value;
        state.estimate = normInf(gradient);
      } else if (!(promised > 0) || trial.every((v, i) => v === x[i])) {
        state.stop = noTrial(state, value);
      }
    },
    point: (_, { x }) => ({ x }),
  };
}
