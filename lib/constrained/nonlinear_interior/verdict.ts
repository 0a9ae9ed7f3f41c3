/**
 * What happens where the barrier method cannot go on, and how runs end.
 *
 * @module
 */
import { type Constrained, figure } from "../../core/mod.ts";
import { ACCEPTABLE, statusOf } from "../evaluation.ts";
import { barrierStep, begin, estimateMultipliers, forget, lowerMu } from "./barrier.ts";
import { barrierError, violation } from "./iterate.ts";
import type { Program } from "./program.ts";
import { beginRestoration, centre, feasibilityProgram, isRestored, weigh } from "./restoration.ts";
import { type NonlinearInteriorPointState, publish, takeBest } from "./state.ts";

/**
 * So many steps without a better estimate end a run that has an acceptable one; the second where the present one is
 * not.
 */
const PATIENCE = 15, LONG_PATIENCE = 100;

/** A value below this at an almost feasible point is taken for minus infinity. */
const UNBOUNDED = -1e20;

/** A violation up to this cannot be restored. */
const FEASIBLE = 1e-9;

/** So many short steps on end call for restoration, which takes longer ones. */
const SHORT_STEPS = 10;

/** The restoration has ended at this `E_0`; a larger violation is one that stays. */
const STATIONARY = 1e-7, VIOLATED = 1e-6;

/** The most times that the filter is forgotten. */
const FORGET = 5;

/** Ends a run that is at its precision, or falls for ever. */
export function judge(state: NonlinearInteriorPointState): void {
  const { best, value, estimate, idle, barrier } = state;
  if (value < UNBOUNDED && violation(barrier.at) <= ACCEPTABLE) {
    state.stop = { status: "unbounded", message: `value ${figure(value)} < ${figure(UNBOUNDED)} at a feasible point` };
  } else if (best.estimate <= ACCEPTABLE && idle >= (estimate <= ACCEPTABLE ? PATIENCE : LONG_PATIENCE)) {
    end(state, `no lower residual in ${idle} iterations`);
  } else if (barrier.tiny > 2) end(state, "steps are lost in rounding");
  else if (barrier.short >= SHORT_STEPS && estimate > ACCEPTABLE) seekFeasibility(state);
}

/** Where the barrier method makes no step: restoration, or the end. */
export function seekFeasibility(state: NonlinearInteriorPointState): void {
  const { barrier, restoration, estimate } = state;
  if (estimate > ACCEPTABLE && violation(barrier.at) > FEASIBLE) beginRestoration(restoration, barrier);
  else if (barrier.filter.entries.length > 0 && estimate > ACCEPTABLE && state.forgotten < FORGET) forgetFilter(state);
  else end(state, "no step is acceptable");
}

/** Ends a run at its best point, if that is acceptable. */
function end(state: NonlinearInteriorPointState, reason: string): void {
  if (state.best.estimate <= ACCEPTABLE) takeBest(state);
  state.stop = { status: statusOf(state.estimate), message: `${reason}; the residual is ${figure(state.estimate)}` };
}

function forgetFilter(state: NonlinearInteriorPointState): void {
  state.forgotten++;
  begin(state.barrier);
}

/** A step of the restoration. */
export function restore(problem: Constrained, program: Program, state: NonlinearInteriorPointState): void {
  const { original, barrier: { trial }, barrier, restoration, room } = state, { barrier: inner } = restoration;
  const feasibility = feasibilityProgram(problem, original, program, restoration, trial.site);
  weigh(restoration);
  if (!barrierStep(feasibility, inner, room)) return centreAnew(state);
  restoration.centred = false;
  const N = trial.site.v.length;
  trial.aboveLower.set(inner.at.aboveLower.subarray(0, N));
  trial.belowUpper.set(inner.at.belowUpper.subarray(0, N));
  const restored = isRestored(restoration, barrier);
  if (restored) leave(program, state);
  publish(state);
  if (restored) return;
  const stationary = barrierError(feasibility.shape, inner.at, 0, inner.dual) <= STATIONARY;
  if (!stationary && inner.tiny <= 2) return;
  if (!stationary && state.violation > VIOLATED) end(state, "steps to lower the violation are lost in rounding");
  else if (state.violation > VIOLATED) {
    state.stop = {
      status: "infeasible",
      message: `the sum of violations is stationary; the largest is ${figure(state.violation)}`,
    };
  } else if (state.forgotten < FORGET) {
    leave(program, state);
    forgetFilter(state);
  } else end(state, "no step from a feasible point is acceptable");
}

/** Where the restoration makes no step: from the best p and n once more, or the end. */
function centreAnew(state: NonlinearInteriorPointState): void {
  const { restoration } = state;
  if (restoration.centred) return end(state, `no step lowers the violation, which is ${figure(state.violation)}`);
  centre(restoration);
  begin(restoration.barrier);
}

/** No multiplier of a bound is larger than this after a restoration. */
const LARGEST = 1e3;

/** Goes on with the barrier method where the restoration has come to. */
function leave(program: Program, { barrier, restoration, room }: NonlinearInteriorPointState): void {
  const { at, trial, mu } = barrier;
  restoration.active = false;
  for (let k = 0; k < trial.atLower.length; k++) {
    trial.atLower[k] = Math.min(LARGEST, mu / trial.aboveLower[k]);
    trial.atUpper[k] = Math.min(LARGEST, mu / trial.belowUpper[k]);
  }
  barrier.at = trial;
  barrier.trial = at;
  forget(barrier);
  estimateMultipliers(program.shape, barrier, room);
  lowerMu(program.shape, barrier);
}
