/**
 * The state of the interior-point method for nonlinear programs.
 *
 * @module
 */
import { type Constrained, copy, largestPart, type Point, type State, type Vector } from "../../core/mod.ts";
import { evaluateStart } from "../door.ts";
import { lagrangianGradient, partsAt } from "../evaluation.ts";
import { type Barrier, barrierOf, begin, estimateMultipliers, lowerMu } from "./barrier.ts";
import { measureDistances, pushed } from "./iterate.ts";
import { type BarrierRoom, systemRoom } from "./newton_system.ts";
import {
  type BarrierOriginal,
  originalOf,
  scaleFunctions,
  takeDerivatives,
  takeValues,
  unscaleMultipliers,
} from "./program.ts";
import { type Restoration, restorationOf } from "./restoration.ts";

/** The state. */
export interface NonlinearInteriorPointState extends State {
  /** The kind's residual at x. */
  estimate: number;
  /** The largest violation of a constraint. */
  violation: number;
  /** The multipliers of equalities and inequalities. */
  readonly multipliers: Vector;
  /** The barrier parameter. */
  mu: number;
  /** The problem as it was made a program. */
  readonly original: BarrierOriginal;
  /** The barrier method. */
  readonly barrier: Barrier;
  /** Feasibility restoration. */
  readonly restoration: Restoration;
  /** Room for systems. */
  readonly room: BarrierRoom;
  /** ∇L. */
  readonly gradient: Vector;
  /** The best iterate so far. */
  readonly best: { readonly x: Vector; readonly multipliers: Vector; value: number; estimate: number };
  /** Steps on end that brought no lower estimate and no lower μ. */
  idle: number;
  /** Restorations that ended where the filter has to be forgotten. */
  forgotten: number;
}

/** The state at a start. */
export function initialState(problem: Constrained, { x, multipliers }: Point): NonlinearInteriorPointState {
  const original = originalOf(problem), { shape, limits } = original;
  const barrier = barrierOf(shape), restoration = restorationOf(shape), { at } = barrier, n = shape.core;
  for (let j = 0; j < n; j++) {
    at.site.v[j] = original.fixed[j] ? limits.lower[j] : pushed(x[j], shape.lower[j], shape.upper[j]);
  }
  original.raw.x.set(at.site.v.subarray(0, n));
  const finite = evaluateStart("run the interior-point method", problem, original.raw);
  const state: NonlinearInteriorPointState = {
    x: new Float64Array(n),
    value: NaN,
    estimate: NaN,
    violation: NaN,
    multipliers: new Float64Array(shape.rows),
    mu: barrier.mu,
    original,
    barrier,
    restoration,
    room: systemRoom(shape, restoration.shape.row.length),
    gradient: new Float64Array(n),
    best: { x: new Float64Array(n), multipliers: new Float64Array(shape.rows), value: NaN, estimate: Infinity },
    idle: 0,
    forgotten: 0,
  };
  if (finite) start(state, multipliers);
  publish(state);
  return state;
}

/** Scales, slacks, and multipliers: those given, or 1 for bounds and least squares for the rest. */
function start({ original, barrier, room }: NonlinearInteriorPointState, given?: Vector): void {
  scaleFunctions(original);
  const { shape, objectiveScale, rowScale } = original, { at } = barrier, { site } = at, n = shape.core;
  takeValues(original, site);
  takeDerivatives(original, site);
  for (let k = 0; k < shape.row.length; k++) {
    const i = shape.row[k], g = site.constraints[i];
    site.v[n + k] = pushed(-g, 0, Infinity);
    site.constraints[i] = g + site.v[n + k];
  }
  measureDistances(shape, at);
  for (let k = 0; k < at.atLower.length; k++) {
    at.atLower[k] = at.aboveLower[k] < Infinity ? 1 : 0;
    at.atUpper[k] = at.belowUpper[k] < Infinity ? 1 : 0;
  }
  if (given?.some((w) => w !== 0)) {
    for (let i = 0; i < given.length; i++) at.multipliers[i] = given[i] * objectiveScale / rowScale[i];
    for (let k = 0; k < shape.row.length; k++) at.atLower[n + k] = Math.max(1e-8, at.multipliers[shape.row[k]]);
  } else estimateMultipliers(shape, barrier, room);
  begin(barrier);
  lowerMu(shape, barrier);
}

/** Makes x, the value, the multipliers and the estimate those of the iterate, where the problem was evaluated last. */
export function publish(state: NonlinearInteriorPointState): void {
  const { original, barrier, restoration, gradient, best } = state, { raw, limits } = original;
  copy(raw.x, state.x);
  state.value = raw.value;
  if (!restoration.active) unscaleMultipliers(original, barrier.at.multipliers, state.multipliers);
  lagrangianGradient(raw, state.multipliers, gradient);
  const parts = partsAt(limits, raw, state.multipliers, gradient);
  state.violation = parts.primalFeasibility;
  state.estimate = largestPart(parts);
  state.idle = state.estimate < PROGRESS * best.estimate || barrier.mu < state.mu ? 0 : state.idle + 1;
  state.mu = barrier.mu;
  if (!(state.estimate < best.estimate)) return;
  copy(state.x, best.x);
  copy(state.multipliers, best.multipliers);
  best.value = state.value;
  best.estimate = state.estimate;
}

/** The estimate has come down if at most this share of it is left. */
const PROGRESS = 0.9;

/** Goes back to the best iterate. */
export function takeBest(state: NonlinearInteriorPointState): void {
  const { best } = state;
  copy(best.x, state.x);
  copy(best.multipliers, state.multipliers);
  state.value = best.value;
  state.estimate = best.estimate;
}
