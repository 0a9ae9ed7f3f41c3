/**
 * The augmented Lagrangian method for general constraints: a sequence of problems with bounds alone.
 *
 * ```
 * x ≈ argmin L_ρ(x) within the bounds, until |x - P(x - ∇L_ρ)|∞ <= ε        L_ρ of Powell, Hestenes and Rockafellar
 * λ ← λ + ρ c,  ω ← max(0, ω + ρ g),  cut to ±10¹²
 * σ = max(|c|∞, |max(g, -ω/ρ)|∞):   ρ ← γ ρ  unless σ has at least halved
 * ε ← a tenth, but no more than σ/10
 * ```
 *
 * The penalty of constraint i is `ρ wᵢ` with `wᵢ = max(1, |∇f|∞)/max(1, |∇cᵢ|∞)²` at the start: the penalty ρ of the
 * problem in which objective and constraints are divided by the sizes of their gradients. Where the violation v does
 * not fall although ρ grows, and is nearly stationary, `½ Σ wᵢ vᵢ²` is minimized alone: either it vanishes, and the
 * method goes on from there, or the run ends as infeasible at a stationary point of it. Where rounding ends a round, or
 * it crawls, a step of Newton's method on the KKT conditions is tried. Where `L_ρ` falls without end, ρ was too small:
 * the subproblem starts again with a larger one.
 *
 * A step of this solver is a step of the method for bounds, or the update of multipliers and penalty.
 *
 * Source: Birgin and Martínez, Practical augmented Lagrangian methods for constrained optimization (2014), algorithm
 * 4.1, sections 7.1 (infeasible problems) and 12.4 (scaling, first penalty); Nocedal and Wright, Numerical Optimization
 * (2006), section 17.3.
 *
 * @module
 */
import { type Constrained, DomainError, largestPart, projectedGradientNorm, type Solver } from "../../core/mod.ts";
import { boundNewton } from "../bounds/bound_newton.ts";
import { lbfgsb } from "../bounds/lbfgsb.ts";
import { hasSecondDerivatives, partsAt } from "../evaluation.ts";
import type { TwiceBoundConstrained } from "../problem.ts";
import { isAt, subproblem } from "./penalized.ts";
import { polish } from "./polish.ts";
import { fallsWithoutEnd, goesOn, isHeldUp, restored, startAgain, update } from "./rounds.ts";
import { type AugmentedLagrangianState, LARGEST_PENALTY, stateAt } from "./state.ts";

/** Options of `augmentedLagrangian`. */
export interface AugmentedLagrangianOptions {
  /**
   * The method for the problems with bounds alone. Default: `boundNewton()` where objective and constraints have second
   * derivatives, else `lbfgsb()`.
   */
  readonly inner?: Solver<TwiceBoundConstrained>;
  /** ρ at the start. Default: such that the penalty is ten times |f| there, both scaled, from 10⁻³ to 10⁴. */
  readonly penalty?: number;
  /** γ > 1. Default 10. */
  readonly growth?: number;
}

/**
 * The augmented Lagrangian method, for equalities, inequalities and bounds. A start outside its bounds is projected on
 * them; multipliers given with the start are used.
 *
 * Where constraints cannot hold, the run ends as `infeasible` at a stationary point of the violation, which tells
 * nothing of other points if the constraints are not convex. One that cannot come nearer to a solution ends
 * `stalled-at-precision` where its residual is at most 1e-6, else `line-search-failed`.
 *
 * @throws {DomainError} When an option is out of range; in `init` when the inner method needs second derivatives that
 * are missing.
 * @throws {ShapeError} In `init`, when a function leaves an entry out, or writes beyond its room.
 *
 * @example A curve, a half-plane and a bound
 * ```ts
 * import { dot, objective, type Operand, subtract, take, vectorFunction } from "@gradus/gradus/autodiff";
 * import { augmentedLagrangian } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { point } = solve({
 *   kind: "constrained",
 *   objective: objective((x: Operand) => take(x, 1), { dimension: 2 }),
 *   constraints: {
 *     equality: vectorFunction((x: Operand) => subtract(dot(x, x), 1), { dimension: 2 }),
 *     inequality: vectorFunction((x: Operand) => subtract(take(x, 0), 0.8), { dimension: 2 }),
 *     lower: Float64Array.of(0.6, -Infinity),
 *   },
 * }, augmentedLagrangian(), { start: [0.5, -0.5] });
 * assertAlmostEquals(point.x[1], -0.8, 1e-9); // the lower bound holds it back
 * assertAlmostEquals(point.multipliers![0], 0.625, 1e-8);
 * ```
 */
export function augmentedLagrangian(
  options: AugmentedLagrangianOptions = {},
): Solver<Constrained, AugmentedLagrangianState> {
  const { inner: chosen, penalty, growth = 10 } = options, verb = "run the augmented Lagrangian method";
  if (penalty !== undefined && !(penalty > 0 && penalty <= LARGEST_PENALTY) || !(growth > 1 && growth < Infinity)) {
    throw new DomainError(
      `Cannot ${verb}: expected a penalty in (0, ${LARGEST_PENALTY}] and a growth above 1, got ${penalty} and ${growth}`,
    );
  }
  const newton = boundNewton(), firstOrder = lbfgsb();
  const methodFor = (problem: Constrained): Solver<TwiceBoundConstrained> =>
    chosen ?? (hasSecondDerivatives(problem) ? newton : firstOrder);
  return {
    name: chosen ? `augmented Lagrangian (${chosen.name})` : "augmented Lagrangian",
    options: {
      ...(chosen && { inner: { name: chosen.name, ...chosen.options } }),
      ...(penalty !== undefined && { penalty }),
      growth,
    },
    reference: {
      title: "Practical augmented Lagrangian methods for constrained optimization",
      authors: "Birgin, Martínez",
      year: 2014,
      identifier: "doi:10.1137/1.9781611973365",
    },
    needs: ["objective.value", "objective.gradient"],
    traced: ["penalty", "rounds"],
    init: (problem, start, { rng }) => {
      const inner = methodFor(problem);
      if (takesHessians(inner) && !hasSecondDerivatives(problem)) {
        throw new DomainError(
          `Cannot ${verb} by ${inner.name}: expected second derivatives of objective and constraints, got none of some`,
        );
      }
      const { state, isFinite } = stateAt(verb, problem, start, penalty, rng);
      if (!isFinite) return state;
      begin(problem, state, inner);
      settle(problem, state);
      return state;
    },
    step(problem, state) {
      const { inner: run, lagrangian } = state, inner = methodFor(problem);
      if (goesOn(state)) {
        inner.step(subproblem(problem, lagrangian) as TwiceBoundConstrained, run);
        if (fallsWithoutEnd(state, run)) startAgain(state, growth);
        else return settle(problem, state);
      } else if (lagrangian.violationAlone) restored(state);
      else if (isHeldUp(state) && polish(problem, state, takesHessians(inner))) return;
      else update(problem, state, growth);
      if (state.stop && !lagrangian.violationAlone) return;
      begin(problem, state, inner);
      settle(problem, state);
    },
    point: (_, { x, multipliers }) => ({ x, multipliers }),
  };
}

function takesHessians({ needs }: Solver<TwiceBoundConstrained>): boolean {
  return needs.includes("objective.hessianVector");
}

/** Starts the inner method at x. */
function begin(problem: Constrained, state: AugmentedLagrangianState, inner: Solver<TwiceBoundConstrained>): void {
  const sub = subproblem(problem, state.lagrangian) as TwiceBoundConstrained;
  state.penalty = state.lagrangian.penalty;
  state.inner = inner.init(sub, { x: state.x }, { rng: state.generator });
  state.window = { steps: 0, value: Infinity, stationarity: Infinity };
}

/** Takes x from the inner method, and what is known there. */
function settle(problem: Constrained, state: AugmentedLagrangianState): void {
  const { inner, lagrangian: L, gradient } = state, { limits } = L;
  state.x = inner.x;
  if (!L.hasGradient || !isAt(L, inner.x)) {
    subproblem(problem, L).objective.gradient(inner.x, gradient);
  }
  state.stationarity = projectedGradientNorm(L.x, L.gradient, limits.lower, limits.upper);
  if (L.violationAlone) {
    const other = { ...L, violationAlone: false, gradient, shifted: state.multipliers, hasGradient: false };
    subproblem(problem, other).objective.gradient(inner.x, gradient);
    state.value = other.objective;
  } else {
    gradient.set(L.gradient);
    state.multipliers.set(L.shifted);
    state.value = L.objective;
  }
  state.estimate = largestPart(partsAt(limits, L, state.multipliers, gradient));
}
