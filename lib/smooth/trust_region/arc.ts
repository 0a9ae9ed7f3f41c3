/**
 * Adaptive cubic regularization, ARC.
 *
 * ```
 * p = argmin gᵀp + ½ pᵀHp + σ/3 |p|³, exactly by the spectrum of H, or in a Krylov space of it
 * ρ = (f(x) - f(x + p)) / (m(0) - m(p)),   m with the cubic term
 * ρ >= 0.9:  σ ← max(σ/2, 10⁻¹⁶);   ρ < 0.1:  σ ← 2σ and x stays
 * ```
 *
 * Needs O(ε^(-3/2)) evaluations to `|∇f| <= ε`, the fewest that a second-order method can guarantee.
 *
 * Source: Cartis, Gould and Toint, Adaptive cubic regularisation methods for unconstrained optimization, parts I and II
 * (2011), algorithm 2.1.
 *
 * @module
 */
import { checkChoice, checkPositive, norm2, type Smooth, type Solver, type TwiceSmooth } from "../../core/mod.ts";
import type { SecantName } from "../hessian/secant.ts";
import { type HessianName, hessianSource, methodName } from "../hessian/source.ts";
import { exactStep } from "./dense.ts";
import { lanczosStep } from "./lanczos.ts";
import { leastUnderCubic } from "./spectral_model.ts";
import type { Subproblem } from "./subproblem.ts";
import { isTelling, type TrialState, trialState, tryStep } from "./trial.ts";

/** The ρ below which a trial is refused. */
const REFUSE = 0.1;

/** Options of `arc`. */
export interface ArcOptions {
  /** How steps are chosen: from the whole Hessian, or by products with it. Default `exact`. */
  readonly subproblem?: "exact" | "lanczos";
  /** The first σ. Default 1. */
  readonly sigma?: number;
  /**
   * H: the problem's own, or a quasi-Newton approximation that learns from all trial steps and needs gradients alone.
   * Default `exact`.
   */
  readonly hessian?: HessianName;
}

/** The state. */
export interface ArcState extends TrialState {
  /** `σ`. */
  sigma: number;
  /** What the subproblem remembers. */
  readonly memory: unknown;
  /** What the source of H remembers. */
  readonly hessian: unknown;
}

/** Adaptive cubic regularization of a quasi-Newton approximation, for problems without second derivatives. */
export function arc(options: ArcOptions & { readonly hessian: SecantName }): Solver<Smooth, ArcState>;
/**
 * Adaptive cubic regularization; a step is a trial. A new x costs n products with the Hessian and O(n³).
 *
 * @throws {DomainError} When σ is not positive, or the Hessian is none of those.
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
export function arc(options?: ArcOptions): Solver<TwiceSmooth, ArcState>;
export function arc(options: ArcOptions = {}): Solver<TwiceSmooth, ArcState> {
  const { subproblem: kind = "exact", sigma = 1, hessian = "exact" } = options, source = hessianSource(hessian);
  checkPositive("run ARC", "σ", sigma);
  checkChoice("run ARC", "a subproblem", kind, ["exact", "lanczos"]);
  const subproblem = (kind === "exact" ? exactStep : lanczosStep)(leastUnderCubic) as Subproblem<unknown>;
  return {
    name: methodName("ARC", kind === "exact" ? "" : subproblem.name, hessian),
    options: { subproblem: kind, sigma, hessian },
    reference: {
      title: "Adaptive cubic regularisation methods for unconstrained optimization, part I",
      authors: "Cartis, Gould, Toint",
      year: 2011,
      identifier: "doi:10.1007/s10107-009-0286-5",
    },
    needs: source.needs,
    init: (problem, start) => ({
      ...trialState(problem, start.x),
      sigma,
      memory: subproblem.init(start.x.length),
      hessian: source.init(start.x.length),
    }),
    step(problem, state) {
      const { x, gradient, isNew, room: [p, , after] } = state;
      const model = { problem: source.products(problem, state.hessian), x, gradient, isNew };
      const decrease = subproblem.solve(model, state.sigma, state.memory, p);
      source.note(state.hessian, gradient);
      const rho = tryStep(problem, state, decrease - state.sigma * norm2(p) ** 3 / 3, REFUSE);
      if (isTelling(rho) && source.learn(state.hessian, p, after)) state.isNew = true;
      if (rho >= 0.9) state.sigma = Math.max(state.sigma / 2, 1e-16);
      else if (!(rho >= REFUSE)) state.sigma *= 2;
    },
    point: (_, { x }) => ({ x }),
  };
}
