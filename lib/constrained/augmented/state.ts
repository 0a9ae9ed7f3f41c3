/**
 * The state of the augmented Lagrangian method, and how it begins: scales and the first penalty.
 *
 * @module
 */
import {
  type Constrained,
  normInf,
  type Point,
  type Rng,
  type State,
  type Vector,
  withinBounds,
} from "../../core/mod.ts";
import { evaluateStart } from "../door.ts";
import { type Evaluation, evaluationAt, limitsOf } from "../evaluation.ts";
import { type Penalized, penalized } from "./penalized.ts";

/** The state of `augmentedLagrangian`. */
export interface AugmentedLagrangianState extends State {
  /** The measure of the kind at the point that the state stands for. */
  estimate: number;
  /** L_ρ with λ, ω, ρ, and what is known of it at x. */
  readonly lagrangian: Penalized;
  /** λ⁺ and ω⁺ at x: the multipliers of the solution. */
  readonly multipliers: Vector;
  /** ∇L with these multipliers at x. */
  readonly gradient: Vector;
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
  /**
   * The least violation that is known where the violation alone is minimized: at `anchor`, if that is a stationary
   * point of it.
   */
  hopeless: number;
  /** How often x was moved away from stationary points of the violation. */
  shakes: number;
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
export const LARGEST_PENALTY = 1e10;

/** The state at a start, before anything is minimized, and whether functions are finite there. */
export function stateAt(
  verb: string,
  problem: Constrained,
  { x: start, multipliers }: Point,
  penalty: number | undefined,
  generator: Rng,
): { state: AugmentedLagrangianState; isFinite: boolean } {
  const limits = limitsOf(problem), { lower, upper } = limits;
  const x = withinBounds(start, lower, upper);
  const at = evaluationAt(limits, x), m = at.constraints.length, isFinite = evaluateStart(verb, problem, at);
  const first = multipliers?.slice() ?? new Float64Array(m);
  const lagrangian = penalized(problem.constraints, limits, first, weightsAt(at), penalty ?? 1);
  for (let i = limits.equalities; i < m; i++) lagrangian.multipliers[i] = Math.max(0, lagrangian.multipliers[i]);
  if (penalty === undefined) lagrangian.penalty = firstPenalty(at, lagrangian);
  const state: AugmentedLagrangianState = {
    x,
    value: at.value,
    estimate: NaN,
    lagrangian,
    multipliers: new Float64Array(m),
    gradient: new Float64Array(x.length),
    penalty: lagrangian.penalty,
    goal: 0.1 * Math.sqrt(Math.max(1, normInf(at.gradient))),
    stationarity: NaN,
    sigma: Infinity,
    inner: { x, value: NaN },
    window: { steps: 0, value: Infinity, stationarity: Infinity },
    anchor: x.slice(),
    anchorValue: at.value,
    hopeless: Infinity,
    shakes: 0,
    growths: 0,
    rounds: 0,
    restorations: 0,
    lowestEstimate: Infinity,
    idle: 0,
    generator,
  };
  return { state, isFinite };
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
