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
import { checkChoice, DomainError, norm2, type Smooth, type Solver, type TwiceSmooth } from "../../core/mod.ts";
import type { SecantName } from "../hessian/secant.ts";
import { type HessianName, hessianSource, methodName } from "../hessian/source.ts";
import { dogleg, exactStep } from "./dense.ts";
import { lanczosStep } from "./lanczos.ts";
import { leastInBall } from "./spectral_model.ts";
import { steihaug } from "./steihaug.ts";
import type { Subproblem } from "./subproblem.ts";
import { isTelling, type TrialState, trialState, tryStep } from "./trial.ts";

/** Options of `trustRegion`. */
export interface TrustRegionOptions {
  /**
   * How steps are chosen: by products with the Hessian, from conjugate gradients or the Krylov space that these span,
   * or from the whole of it. Default `steihaug`.
   */
  readonly subproblem?: "steihaug" | "lanczos" | "dogleg" | "exact";
  /**
   * H: the problem's own, or a quasi-Newton approximation that learns from all trial steps and needs gradients alone.
   * Default `exact`.
   */
  readonly hessian?: HessianName;
  /** The first Δ. Default 1. */
  readonly radius?: number;
  /** Δmax. Default 1e10. */
  readonly largestRadius?: number;
}

/** The state. */
export interface TrustRegionState extends TrialState {
  /** `Δ`. */
  radius: number;
  /** What the subproblem remembers. */
  readonly memory: unknown;
  /** What the source of H remembers. */
  readonly hessian: unknown;
}

const ACCEPT = 1e-4;

const ways = { steihaug, lanczos: () => lanczosStep(leastInBall), dogleg, exact: () => exactStep(leastInBall) };

/** A quasi-Newton method in a trust region, for problems without second derivatives; memory is O(n²). */
export function trustRegion(
  options: TrustRegionOptions & { readonly hessian: SecantName },
): Solver<Smooth, TrustRegionState>;
/**
 * Newton's method in a trust region; a step is a trial, after which x may be where it was. It leaves saddle points.
 *
 * @throws {DomainError} When a radius is not positive, the first one is above the largest, or the
 * subproblem or the Hessian is none of those.
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
export function trustRegion(options?: TrustRegionOptions): Solver<TwiceSmooth, TrustRegionState>;
export function trustRegion(options: TrustRegionOptions = {}): Solver<TwiceSmooth, TrustRegionState> {
  const { subproblem: kind = "steihaug", hessian = "exact", radius = 1, largestRadius = 1e10 } = options;
  if (!(radius > 0 && radius <= largestRadius)) {
    throw new DomainError(`Cannot run a trust region: expected 0 < radius <= ${largestRadius}, got ${radius}`);
  }
  checkChoice("run a trust region", "a subproblem", kind, Object.keys(ways));
  const subproblem = ways[kind]() as Subproblem<unknown>;
  const source = hessianSource(hessian);
  return {
    name: methodName("trust region", subproblem.name, hessian),
    options: { subproblem: kind, hessian, radius, largestRadius },
    reference: {
      title: "Trust-region methods",
      authors: "Conn, Gould, Toint",
      year: 2000,
      identifier: "doi:10.1137/1.9780898719857",
    },
    needs: source.needs,
    init: (problem, start) => ({
      ...trialState(problem, start.x),
      radius,
      memory: subproblem.init(start.x.length),
      hessian: source.init(start.x.length),
    }),
    step(problem, state) {
      const { x, gradient, isNew, room: [p, , after], radius: delta } = state;
      const model = { problem: source.products(problem, state.hessian), x, gradient, isNew };
      const promised = subproblem.solve(model, delta, state.memory, p);
      source.note(state.hessian, gradient);
      const rho = tryStep(problem, state, promised, ACCEPT), length = norm2(p);
      if (isTelling(rho) && source.learn(state.hessian, p, after)) state.isNew = true;
      if (!(rho >= 0.25)) state.radius = length / 4;
      else if (rho > 0.75 && length >= 0.99 * delta) state.radius = Math.min(2 * delta, largestRadius);
    },
    point: (_, { x }) => ({ x }),
  };
}
