/**
 * Adaptive cubic regularization, ARC.
 *
 * ```
 * p = argmin gᵀp + ½ pᵀHp + σ/3 |p|³, exactly, by the spectrum of H
 * ρ = (f(x) - f(x + p)) / (m(0) - m(p)),   m with the cubic term
 * ρ >= 0.9:  σ ← max(σ/2, 10⁻¹⁶);   ρ < 0.1:  σ ← 2σ and x stays
 * ```
 *
 * Needs O(ε^(-3/2)) evaluations to `|∇f| <= ε`, the fewest that a second-order method can guarantee.
 *
 * Source: Cartis, Gould and Toint, Adaptive cubic regularisation methods for unconstrained optimization, parts I and II (2011),
 * algorithm 2.1.
 *
 * @module
 */
import { norm2, type Solver, type TwiceSmooth } from "../../core/mod.ts";
import { checkPositive } from "../checks.ts";
import { type DenseMemory, spectrumAt } from "./dense.ts";
import { leastUnderCubic } from "./spectral_model.ts";
import { type TrialState, trialState, tryStep } from "./trial.ts";

/** The ρ below which a trial is refused. */
const REFUSE = 0.1;

/** Options of `arc`. */
export interface ArcOptions {
  /** The first σ. Default 1. */
  readonly sigma?: number;
}

/** The state. */
export interface ArcState extends TrialState {
  /** `σ`. */
  sigma: number;
  /** The Hessian's spectrum. */
  readonly memory: DenseMemory;
}

/**
 * Adaptive cubic regularization; a step is a trial. A new x costs n products with the Hessian and O(n³).
 *
 * @throws {DomainError} When σ is not positive.
 *
 * @example Away from a saddle point
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { arc } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const hills = { // x⁴/4 - x²/2 + y²/2
 *   kind: "smooth" as const,
 *   dimension: 2,
 *   value: ([x, y]: Float64Array) => x ** 4 / 4 - x * x / 2 + y * y / 2,
 *   gradient: ([x, y]: Float64Array, out: Float64Array) => {
 *     out.set([x ** 3 - x, y]);
 *     return x ** 4 / 4 - x * x / 2 + y * y / 2;
 *   },
 *   hessianVector: ([x]: Float64Array, [u, v]: Float64Array, out: Float64Array) => out.set([(3 * x * x - 1) * u, v]),
 * };
 * assertAlmostEquals(solve(hills, arc(), { start: [1e-9, 1] }).value, -0.25);
 * ```
 */
export function arc({ sigma = 1 }: ArcOptions = {}): Solver<TwiceSmooth, ArcState> {
  checkPositive("ARC", "σ", sigma);
  return {
    name: "ARC",
    options: { sigma },
    reference: {
      title: "Adaptive cubic regularisation methods for unconstrained optimization, part I",
      authors: "Cartis, Gould, Toint",
      year: 2011,
      identifier: "doi:10.1007/s10107-009-0286-5",
    },
    needs: ["gradient", "hessianVector"],
    init: (problem, start) => ({ ...trialState(problem, start.x), sigma, memory: {} }),
    step(problem, state) {
      const { x, gradient, room: [p] } = state;
      const spectrum = spectrumAt({ problem, x, gradient, isNew: state.moved }, state.memory);
      const { decrease } = leastUnderCubic(spectrum, state.sigma, p);
      const rho = tryStep(problem, state, decrease - state.sigma * norm2(p) ** 3 / 3, REFUSE);
      if (rho >= 0.9) state.sigma = Math.max(state.sigma / 2, 1e-16);
      else if (!(rho >= REFUSE)) state.sigma *= 2;
    },
    point: (_, { x }) => ({ x }),
  };
}
