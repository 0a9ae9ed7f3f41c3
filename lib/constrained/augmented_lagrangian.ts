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
 * The penalty of constraint i is `ρ wᵢ` with `wᵢ = max(1, |∇f|∞)/max(1, |∇cᵢ|∞)²` at the start: the penalty ρ of the problem in which
 * objective and constraints are divided by the sizes of their gradients. Where the violation v does not fall although ρ grows, and
 * is nearly stationary, `½ Σ wᵢ vᵢ²` is minimized alone: either it vanishes, and the method goes on from there, or the run ends as
 * infeasible at a stationary point of it. Where `L_ρ` falls without end, ρ was too small: the subproblem starts again with a larger
 * one.
 *
 * A step of this solver is a step of the method for bounds, or the update of multipliers and penalty.
 *
 * Source: Birgin and Martínez, Practical augmented Lagrangian methods for constrained optimization (2014), algorithm 4.1,
 * sections 7.1 (infeasible problems) and 12.4 (scaling, first penalty); Nocedal and Wright, Numerical Optimization (2006), section 17.3.
 *
 * @module
 */
import {
  type Constrained,
  DomainError,
  figure,
  isFiniteVector,
  largestPart,
  normInf,
  projectedGradientNorm,
  type Rng,
  type Solver,
  type State,
  type Stop,
  type Vector,
} from "../core/mod.ts";
import { boundNewton } from "./bounds/bound_newton.ts";
import { lbfgsb } from "./bounds/lbfgsb.ts";
import { evaluateFirst, type Evaluation, evaluationAt, hasSecondDerivatives, limitsOf, partsAt } from "./evaluation.ts";
import { type Penalized, penalized, subproblem } from "./penalized.ts";
import type { TwiceBoundConstrained } from "./problem.ts";

/** Options of `augmentedLagrangian`. */
export interface AugmentedLagrangianOptions {
  /**
   * The method for the problems with bounds alone. Default: `boundNewton()` where objective and constraints have second derivatives, else
   * `lbfgsb()`.
   */
  readonly inner?: Solver<TwiceBoundConstrained>;
  /** ρ at the start. Default: so large that f and the penalty weigh about the same there, at most 10⁴. */
  readonly penalty?: number;
  /** γ > 1. Default 10. */
  readonly growth?: number;
}

/** The state. */
export interface AugmentedLagrangianState extends State {
  /** The measure of the kind at the point that the state stands for. */
  estimate: number;
  /** L_ρ with λ, ω, ρ, and what is known of it at x. */
  readonly lagrangian: Penalized;
  /** λ⁺ and ω⁺ at x: the multipliers of the solution. */
  readonly multipliers: Vector;
  /** ρ, of θ too. */
  penalty: number;
  /** ε. */
  goal: number;
  /** `|x - P(x - ∇)|∞` of the function that is minimized now. */
  stationarity: number;
  /** σ of the last round. */
  sigma: number;
  /** The state of the inner method. */
  inner: State;
  /** Where progress was looked at last, and the steps since then. */
  window: { steps: number; readonly value: number; readonly stationarity: number };
  /** Where the round began. */
  readonly anchor: Vector;
  /** f there. */
  anchorValue: number;
  /** The largest violation where the violation alone began to be minimized. */
  hopeless: number;
  /** Rounds in a row after which ρ grew. */
  growths: number;
  /** Rounds. */
  rounds: number;
  /** How often the violation was minimized alone. */
  restorations: number;
  /** The lowest estimate so far. */
  lowestEstimate: number;
  /** Rounds in a row with the same ρ that did not bring it down. */
  idle: number;
  /** The generator of the run, for the inner method. */
  readonly generator: Rng;
}

/** ρ never grows above this. */
const MOST = 1e10;

/** No multiplier is larger. */
const LARGEST = 1e12;

/** ε and σ need not be smaller. */
const LEAST = 1e-12;

/** Below this σ the penalty does not grow after a round that rounding ended. */
const SMALL = 1e-6;

/** Rounding errors of a gradient, relative to the size of its parts. */
const NOISE = 30 * Number.EPSILON;

/** A round ends after so many steps that lowered neither L_ρ by this share nor halved the projected gradient. */
const WINDOW = 50, CRAWL = 1e-6;

/** A violation above this is one. */
const FEASIBLE = 1e-8;

/** The violation is nearly stationary where its slope is this share of its terms. */
const STATIONARY = 1e-5;

/** So many idle rounds end a run. */
const PATIENCE = 10;

/** Falling by this factor a function has no minimum near. */
const FAR = 1e12;

/**
 * The augmented Lagrangian method, for equalities, inequalities and bounds. A start outside its bounds is projected on them;
 * multipliers given with the start are used.
 *
 * Where constraints cannot hold, the run ends as `infeasible` at a stationary point of the violation, which tells nothing of other
 * points if the constraints are not convex.
 *
 * @throws {DomainError} When an option is out of range; in `init` when the inner method needs second derivatives that are missing.
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
  if (penalty !== undefined && !(penalty > 0 && penalty <= MOST) || !(growth > 1 && growth < Infinity)) {
    throw new DomainError(
      `Cannot ${verb}: expected a penalty in (0, ${MOST}] and a growth above 1, got ${penalty} and ${growth}`,
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
    init: (problem, { x: start, multipliers }, { rng }) => {
      const inner = methodFor(problem), limits = limitsOf(problem), { lower, upper } = limits;
      if (inner.needs.includes("objective.hessianVector") && !hasSecondDerivatives(problem)) {
        throw new DomainError(
          `Cannot ${verb} by ${inner.name}: expected second derivatives of objective and constraints, got none of some`,
        );
      }
      const x = start.map((xi, i) => Math.max(lower[i], Math.min(upper[i], xi)));
      const at = evaluationAt(limits, x), m = at.constraints.length, isFinite = evaluateFirst(problem, at);
      const lagrangian = penalized(limits, multipliers?.slice() ?? new Float64Array(m), weightsAt(at), penalty ?? 1);
      for (let i = limits.equalities; i < m; i++) lagrangian.multipliers[i] = Math.max(0, lagrangian.multipliers[i]);
      if (penalty === undefined) lagrangian.penalty = firstPenalty(at, lagrangian);
      const state: AugmentedLagrangianState = {
        x,
        value: at.value,
        estimate: NaN,
        lagrangian,
        multipliers: new Float64Array(m),
        penalty: lagrangian.penalty,
        goal: 0.1 * Math.sqrt(Math.max(1, normInf(at.gradient))),
        stationarity: NaN,
        sigma: Infinity,
        inner: { x, value: NaN },
        window: { steps: 0, value: Infinity, stationarity: Infinity },
        anchor: x.slice(),
        anchorValue: at.value,
        hopeless: Infinity,
        growths: 0,
        rounds: 0,
        restorations: 0,
        lowestEstimate: Infinity,
        idle: 0,
        generator: rng,
      };
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
      else update(problem, state, growth);
      if (state.stop) return;
      begin(problem, state, inner);
      settle(problem, state);
    },
    point: (_, { x, multipliers }) => ({ x, multipliers }),
  };
}

/** Whether the subproblem is worth another step; the window is where progress is looked for. */
function goesOn(state: AugmentedLagrangianState): boolean {
  const { stationarity, goal, inner, window, lagrangian } = state;
  if (stationarity <= Math.max(goal, NOISE * lagrangian.size) || inner.stop) return false;
  if (++window.steps < WINDOW) return true;
  const isLower = inner.value < window.value - CRAWL * Math.max(1, Math.abs(window.value)) ||
    stationarity < window.stationarity / 2;
  state.window = { steps: 0, value: inner.value, stationarity };
  return isLower;
}

/** w at the start. */
function weightsAt({ gradient, jacobian: { rows: m, columns: n, data } }: Evaluation): Vector {
  const weights = new Float64Array(m), size = Math.max(1, normInf(gradient));
  for (let i = 0; i < m; i++) weights[i] = size / Math.max(1, normInf(data.subarray(i * n, (i + 1) * n))) ** 2;
  return weights;
}

/** The ρ that makes the penalty ten times |f|, both scaled. */
function firstPenalty({ value, gradient, constraints }: Evaluation, L: Penalized): number {
  const size = Math.max(1, normInf(gradient));
  let squares = 0;
  for (let i = 0; i < constraints.length; i++) {
    const c = i < L.limits.equalities ? constraints[i] : Math.max(0, constraints[i]);
    squares += L.weights[i] / size * c * c;
  }
  return Math.max(1e-3, Math.min(10 * Math.max(1, Math.abs(value) / size) / Math.max(1, squares / 2), 1e4));
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
  const { inner, lagrangian: L } = state, { limits } = L, gradient = new Float64Array(inner.x.length);
  state.x = inner.x;
  if (!L.hasGradient || inner.x.some((xi, i) => xi !== L.x[i])) {
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

/** `|v|∞`. */
function violationOf({ limits: { equalities }, constraints }: Penalized): number {
  let largest = 0;
  for (let i = 0; i < constraints.length; i++) {
    largest = Math.max(largest, i < equalities ? Math.abs(constraints[i]) : constraints[i]);
  }
  return largest;
}

/** σ: the violation, and how far inequalities with multipliers are from being active. */
function sigmaOf({ limits: { equalities }, constraints, multipliers, weights, penalty }: Penalized): number {
  let largest = 0;
  for (let i = 0; i < constraints.length; i++) {
    const c = i < equalities ? constraints[i] : Math.max(constraints[i], -multipliers[i] / (penalty * weights[i]));
    largest = Math.max(largest, Math.abs(c));
  }
  return largest;
}

/** New multipliers; a larger penalty where σ did not halve. */
function update(problem: Constrained, state: AugmentedLagrangianState, growth: number): void {
  const { lagrangian: L } = state, sigma = sigmaOf(L), violation = violationOf(L);
  state.rounds++;
  for (let i = 0; i < L.multipliers.length; i++) {
    L.multipliers[i] = Math.max(-LARGEST, Math.min(LARGEST, L.shifted[i]));
  }
  const isIdle = state.estimate > 0.9 * state.lowestEstimate,
    isExact = state.stationarity <= Math.max(state.goal, NOISE * L.size);
  const grows = sigma > Math.max(state.sigma / 2, isExact ? 10 * LEAST : SMALL);
  state.lowestEstimate = Math.min(state.lowestEstimate, state.estimate);
  state.growths = grows ? state.growths + 1 : 0;
  if (grows && L.penalty < MOST) {
    L.penalty = Math.min(MOST, L.penalty * growth);
    state.idle = 0;
  } else state.idle = isIdle ? state.idle + 1 : 0;
  state.sigma = sigma;
  state.goal = Math.max(LEAST, Math.min(state.goal / 10, sigma / 10));
  state.anchor.set(state.x);
  state.anchorValue = state.value;
  if (state.growths >= 2 && violation > FEASIBLE && state.restorations < 3 && violationIsStationary(problem, L)) {
    L.violationAlone = true;
    state.hopeless = violation;
    state.goal = LEAST;
    state.restorations++;
  } else if (state.idle >= PATIENCE) state.stop = exhausted(state, violation);
}

/** Whether the slope of θ is small against the violation. */
function violationIsStationary(problem: Constrained, L: Penalized): boolean {
  const alone = { ...L, violationAlone: true, shifted: new Float64Array(L.shifted.length), hasGradient: false };
  const gradient = new Float64Array(L.x.length), at = L.x.slice(), { lower, upper } = L.limits;
  subproblem(problem, { ...alone, gradient: gradient.slice() }).objective.gradient(at, gradient);
  let size = 0;
  for (let i = 0; i < L.weights.length; i++) size += Math.abs(alone.shifted[i]) / Math.sqrt(L.weights[i]);
  return projectedGradientNorm(at, gradient, lower, upper) <= STATIONARY * size;
}

/** After the violation was minimized alone. */
function restored(state: AugmentedLagrangianState): void {
  const { lagrangian: L, hopeless } = state, violation = violationOf(L);
  if (violation > FEASIBLE && violation > 0.1 * hopeless) {
    state.stop = {
      status: "infeasible",
      message: `the largest violation is ${figure(violation)} at a stationary point of the violation (slope ` +
        `${figure(state.stationarity)})`,
    };
    return;
  }
  L.violationAlone = false;
  L.multipliers.fill(0);
  state.sigma = Infinity;
  state.growths = 0;
  state.goal = 1e-3;
  state.anchor.set(state.x);
  state.anchorValue = state.value;
}

/** Whether the subproblem has no minimum near. */
function fallsWithoutEnd({ lagrangian: L, anchorValue }: AugmentedLagrangianState, { x, value, stop }: State): boolean {
  if (L.violationAlone) return false;
  return stop?.status === "unbounded" || value < anchorValue - FAR * (1 + Math.abs(anchorValue)) ||
    !isFiniteVector(x) || normInf(x) > FAR && value < anchorValue;
}

/** Back to where the round began, with a larger penalty. */
function startAgain(state: AugmentedLagrangianState, growth: number): void {
  const { lagrangian: L, anchor } = state;
  if (L.penalty >= MOST) {
    state.stop = { status: "unbounded", message: `f falls without end, whatever the penalty up to ${figure(MOST)}` };
    return;
  }
  L.penalty = Math.min(MOST, L.penalty * growth ** 2);
  state.x = anchor.slice();
  state.rounds++;
}

/** Why no round brings more. */
function exhausted(
  { inner, penalty, stationarity, estimate, value }: AugmentedLagrangianState,
  violation: number,
): Stop {
  const failed = inner.stop && inner.stop.status !== "stalled-at-precision" &&
    stationarity > 1e-6 * (1 + Math.abs(value));
  return {
    status: failed ? inner.stop!.status : "stalled-at-precision",
    message:
      `no lower residual than ${figure(estimate)} in ${PATIENCE} rounds; penalty ${
        figure(penalty)
      }, largest violation ` +
      `${figure(violation)}${failed ? `; ${inner.stop!.message}` : ""}`,
  };
}
