/**
 * AdaSketch-Newton: Newton's method for equality constraints whose systems are solved by random sketches, as exactly as
 * an exact augmented Lagrangian M needs to fall.
 *
 * ```
 * R = (∇L, c),   K = [ B Jᵀ; J 0 ],   M as in exact_merit.ts
 * 1. K and -R at (x, λ);   z = 0
 * 2. sketch and project z until |K z + R| <= θ δ |R|
 * 3. D = ∇M·z.  Unless D <= -η₂/2 |R|²:  η₁ ← ν² η₁,  η₂ ← η₂/ν,  δ ← δ/ν⁴, and on with 2 from the same z
 * 4. (x, λ) += a z, the first a of 1, ½, ¼, … with M(a) <= M(0) + β a D
 * ```
 *
 * η₁, η₂ and δ stay as they are for the next step. θ = 1 gives linear convergence at the rate δ, a θ that goes to 0
 * superlinear convergence. The accuracy `theory` tests `|K|_F Ψ |K z + R|` in 2, with
 *
 * ```
 * Ψ = 20 max(|B|_F², 1)/(min(ξ, 1) min(b, 1)),   ξ the least eigenvalue of JJᵀ, b that of B allowed
 * δ <= (½ - β) η₂/((1 + η₁ + η₂) Υ² Ψ²),   Υ = max(|J|_F, |H|_F, 1),   but never below 1e-6
 * ```
 *
 * which is so strict that systems are solved almost exactly; by default the test is the plain one.
 *
 * Source: Hong, Na, Mahoney and Kolar, Constrained optimization via exact augmented Lagrangian and randomized iterative
 * sketching (2023), arXiv 2305.18379, algorithm 1.
 *
 * @module
 */
import { axpy, DomainError, norm2, type Solver } from "../core/mod.ts";
import { matvec } from "../linalg/mod.ts";
import { checkPenalties, meritOf, meritSlope } from "./exact_merit.ts";
import { backtrack, type FirstOrder, type KktState, kktState, newtonSystem, pointOfState } from "./kkt.ts";
import { SECOND_ORDER, type TwiceEqualityConstrained } from "./problem.ts";
import { sketchedSystem, type SystemSolver } from "./system_solver.ts";

/** How θ falls: not at all, as `min(1, |R|)`, or as `1/(k + 1)²` in step k = 0, 1, … */
export type AccuracySchedule = "constant" | "residual" | "quadratic";

/** Options of `adaSketchNewton`. */
export interface AdaSketchOptions {
  /** How the systems are solved. Default `sketchedSystem()`. */
  readonly system?: SystemSolver;
  /** The rule for θ. Default `constant`. */
  readonly schedule?: AccuracySchedule;
  /** What is compared with `θ δ |R|`. Default `practical`, the residual. */
  readonly accuracy?: "practical" | "theory";
  /** δ at the start, in (0, 1). Default 0.1. */
  readonly delta?: number;
  /** η₁ at the start. Default 1. */
  readonly violationPenalty?: number;
  /** η₂ at the start. Default 0.1. */
  readonly stationarityPenalty?: number;
  /** ν > 1. Default 1.5. */
  readonly tightening?: number;
  /** β in (0, ½). Default 0.1. */
  readonly sufficientDecrease?: number;
  /** b, the least eigenvalue of B after a shift. Default 0.1. */
  readonly definiteness?: number;
  /**
   * The run ends where the least eigenvalue of JJᵀ is not above this. Default 0, which is rounding; the authors' code
   * has 1e-2.
   */
  readonly independence?: number;
}

/** The state: what all Newton methods have, the penalties and the accuracy. */
export interface AdaSketchState extends KktState {
  /** η₁. */
  violationPenalty: number;
  /** η₂. */
  stationarityPenalty: number;
  /** δ. */
  delta: number;
  /** D of the last step. */
  slope: number;
  /** M before the last step, at the penalties of that step. */
  merit: number;
  /** `|K z + R|/|R|` of the last step. */
  accuracy: number;
  /** Steps taken although D was not as negative as asked, because the penalties had reached their limits. */
  concessions: number;
}

/** δ never falls below the first, η₁ is raised up to the second, η₂ cut down to the third. */
const LEAST_DELTA = 1e-6, MOST_VIOLATION = 1e8, LEAST_STATIONARITY = 1e-8;

/** A residual below this share of |R|, or of |K||z|, is rounding. */
const ROUNDING = 2 ** -46;

/**
 * AdaSketch-Newton. With `system: exactSystem()` it is Newton's method under the same merit. All is dense: a step takes
 * n products with each Hessian, the Jacobian, and one factorization that tells the inertia of K.
 *
 * @throws {DomainError} When an option is out of range; in `init` for inequalities or more equalities than variables.
 *
 * @example The nearest point to the origin on a curve
 * ```ts
 * import { dot, multiply, objective, type Operand, subtract, take, vectorFunction } from "@gradus/gradus/autodiff";
 * import { adaSketchNewton } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const result = solve({
 *   kind: "constrained",
 *   objective: objective((x: Operand) => dot(x, x), { dimension: 2 }),
 *   constraints: { equality: vectorFunction((x: Operand) => subtract(multiply(take(x, 0), take(x, 1)), 1), { dimension: 2 }) },
 * }, adaSketchNewton(), { start: [2, 1] });
 * assertEquals(result.status, "converged");
 * assertAlmostEquals(result.x[0], 1, 1e-8);
 * assertAlmostEquals(result.point.multipliers![0], -2, 1e-8);
 * ```
 */
export function adaSketchNewton(options: AdaSketchOptions = {}): Solver<TwiceEqualityConstrained, AdaSketchState> {
  const verb = "run AdaSketch-Newton", { system = sketchedSystem(), schedule = "constant" } = options;
  const { accuracy = "practical", delta: delta0 = 0.1, tightening: nu = 1.5, sufficientDecrease: beta = 0.1 } = options;
  const { violationPenalty = 1, stationarityPenalty = 0.1, definiteness = 0.1, independence = 0 } = options;
  checkPenalties(verb, { violation: violationPenalty, stationarity: stationarityPenalty });
  const check = (what: string, holds: boolean, value: number): void => {
    if (!holds) throw new DomainError(`Cannot ${verb}: expected ${what}, got ${value}`);
  };
  check("a sufficient decrease in (0, 1/2)", beta > 0 && beta < 0.5, beta);
  check("a delta in (0, 1)", delta0 > 0 && delta0 < 1, delta0);
  check("a tightening above 1", nu > 1 && nu < Infinity, nu);
  check("a positive definiteness", definiteness > 0 && definiteness < Infinity, definiteness);
  check("an independence of at least 0", independence >= 0 && independence < Infinity, independence);
  const ask = { definiteness, independence };

  return {
    name: `AdaSketch-Newton (${system.name})`,
    options: {
      ...system.options,
      schedule,
      accuracy,
      delta: delta0,
      violationPenalty,
      stationarityPenalty,
      tightening: nu,
      sufficientDecrease: beta,
      ...ask,
    },
    reference: {
      title: "Constrained Optimization via Exact Augmented Lagrangian and Randomized Iterative Sketching",
      authors: "Hong, Na, Mahoney, Kolar",
      year: 2023,
      identifier: "arXiv:2305.18379",
    },
    needs: SECOND_ORDER,
    traced: ["innerSteps", "flops", "violationPenalty", "stationarityPenalty", "delta", "concessions"],
    init: (problem, start, context) => ({
      ...kktState(verb, problem, start, context),
      violationPenalty,
      stationarityPenalty,
      delta: delta0,
      slope: NaN,
      merit: NaN,
      accuracy: NaN,
      concessions: 0,
    }),
    step(problem, state) {
      const least = newtonSystem(problem, state, ask);
      if (typeof least !== "number") {
        state.stop = least;
        return;
      }
      const { system: K, right, direction: z, residual: R } = state,
        size = norm2(R),
        theta = thetaOf(schedule, state, size);
      const sizeOfK = norm2(K.data);
      const bound = accuracy === "theory" ? theoryOf(state, least, definiteness, beta) : undefined;
      const limit = (delta: number): number => {
        const most = bound ? bound.delta(state.violationPenalty, state.stationarityPenalty) : Infinity;
        return Math.max(Math.min(delta, most), LEAST_DELTA);
      };
      state.delta = limit(state.delta);
      z.fill(0);
      for (;;) { // from the same z each time
        const wanted = theta * state.delta * size / (bound?.strictness ?? 1);
        const goal = Math.max(wanted, ROUNDING * Math.max(size, sizeOfK * norm2(z)));
        system.improve({ K, b: right, z, goal, generator: state.generator, work: state });
        state.slope = meritSlope(state, state.violationPenalty, state.stationarityPenalty);
        if (state.slope <= -state.stationarityPenalty / 2 * size ** 2) break;
        if (state.violationPenalty > MOST_VIOLATION || state.stationarityPenalty < LEAST_STATIONARITY) {
          state.concessions++;
          break;
        }
        state.violationPenalty *= nu ** 2;
        state.stationarityPenalty /= nu;
        state.delta = limit(state.delta / nu ** 4);
      }
      state.accuracy = residualOf(state) / size;
      const merit = (at: FirstOrder): number => meritOf(at, state.violationPenalty, state.stationarityPenalty);
      state.merit = merit(state);
      const stop = backtrack(problem, state, merit, state.slope, beta);
      if (stop) state.stop = stop;
    },
    point: (_, state) => pointOfState(state),
  };
}

function thetaOf(schedule: AccuracySchedule, { iteration }: AdaSketchState, size: number): number {
  if (schedule === "residual") return Math.min(1, size);
  return schedule === "quadratic" ? 1 / (iteration + 1) ** 2 : 1;
}

/** `|K z + R|`. */
function residualOf({ system: K, direction: z, right, room }: AdaSketchState): number {
  matvec(K, z, room);
  axpy(-1, right, room);
  return norm2(room);
}

/** What the theory asks at a point. */
interface Theory {
  /** `|K|_F Ψ`. */
  readonly strictness: number;
  /** The largest δ for penalties. */
  readonly delta: (eta1: number, eta2: number) => number;
}

/** Ψ, and the bound of δ. */
function theoryOf(state: AdaSketchState, xi: number, definiteness: number, beta: number): Theory {
  const { system: K, jacobian: J, hessian: H } = state, sizeK = norm2(K.data), sizeJ = norm2(J.data);
  const squareB = sizeK ** 2 - 2 * sizeJ ** 2, upsilon = Math.max(sizeJ, norm2(H.data), 1);
  const psi = 20 * Math.max(squareB, 1) / (Math.min(xi, 1) * Math.min(definiteness, 1));
  return {
    strictness: sizeK * psi,
    delta: (eta1, eta2) => (0.5 - beta) * eta2 / ((1 + eta1 + eta2) * upsilon ** 2 * psi ** 2),
  };
}
