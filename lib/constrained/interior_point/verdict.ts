/**
 * When the interior-point method ends without a solution: with a ray, or because it goes nowhere.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { dropObjective, partsOf, type SparseProgram, unscaleMultipliers, unscaleVariables } from "./program.ts";
import { checkInfeasible, checkUnbounded, type RayCheck } from "./ray.ts";
import { startingPoint } from "./starting_point.ts";
import { initialState, type InteriorPointState } from "./state.ts";

/** What rays must prove, and what makes it look for a feasible point. */
const RADIUS = 1e10, SUSPECT = 1e7;

/** So small, relative to the bounds of rows, is no violation. */
const FEASIBLE = 1e-9;

/** Whether a ray proves that the problem has no solution, or the method cannot go on. */
export function judge(problem: SparseProgram, state: InteriorPointState, regularization: number): void {
  const { phase } = state;
  if (phase !== "feasible") {
    const proved = contradiction(problem, state);
    if (state.stop) return;
    if (phase === "solve" && proved >= SUSPECT) return search(state, new Float64Array(0), regularization);
  }
  if (phase === "search") {
    if (violation(problem, state.x) <= FEASIBLE) {
      if (state.ray.length > 0) return fallsAlong(state, state.ray);
      Object.assign(state, initialState(problem, regularization), { phase: "feasible" });
      return;
    }
  } else {
    const { ray, radius } = runaway(problem, state);
    if (radius >= RADIUS) return phase === "feasible" ? fallsAlong(state, ray) : search(state, ray, regularization);
  }
  if (state.stalled >= 3) state.stop = { status: "stalled-at-precision", message: "steps go nowhere" };
}

/** Goes over to looking for a feasible point. */
function search(state: InteriorPointState, ray: Vector, regularization: number): void {
  const { program, analysis, at, room } = state;
  dropObjective(program);
  startingPoint(program, analysis, regularization, at, room);
  state.phase = "search";
  state.ray = ray;
  state.stalled = 0;
}

function fallsAlong(state: InteriorPointState, ray: Vector): void {
  state.x.set(ray);
  state.stop = { status: "unbounded", message: "there are feasible points, and along x the objective falls for ever" };
}

/** Ends the run if multipliers prove that nothing is feasible; returns how much they prove. */
function contradiction(problem: SparseProgram, state: InteriorPointState): number {
  const { linear } = partsOf(problem), { program, multipliers, at, direction, residuals } = state;
  let most = 0;
  // the residual of equations that contradict each other is a ray; multipliers that run away, and their steps, come near one
  for (const y of [residuals.primal, direction.y, at.y]) {
    unscaleMultipliers(program, y, multipliers);
    const { ray, radius } = checkInfeasible(linear, multipliers);
    most = Math.max(most, radius);
    if (radius < RADIUS) continue;
    multipliers.set(ray);
    const message = `the multipliers prove that no point within ${radius.toExponential(1)} is feasible`;
    state.stop = { status: "infeasible", message };
    break;
  }
  return most;
}

/** What x, or the last step, proves of the objective. */
function runaway(problem: SparseProgram, { program, x, direction }: InteriorPointState): RayCheck {
  const byPoint = checkUnbounded(problem, x);
  if (byPoint.radius >= RADIUS) return byPoint;
  const d = new Float64Array(x.length);
  unscaleVariables(program, direction.v, d);
  return checkUnbounded(problem, d);
}

/** The largest violation of a bound, relative to the largest bound of rows. */
function violation(problem: SparseProgram, x: Vector): number {
  const { matrix, rowLower, rowUpper, lower, upper } = partsOf(problem).linear, rows = new Float64Array(matrix.rows);
  matrix.apply(x, rows);
  let most = 0, largest = 1;
  const look = (at: Vector, from: Vector, to: Vector): void => {
    for (let k = 0; k < at.length; k++) most = Math.max(most, from[k] - at[k], at[k] - to[k]);
  };
  look(x, lower, upper);
  look(rows, rowLower, rowUpper);
  for (const bound of [...rowLower, ...rowUpper]) {
    if (Number.isFinite(bound)) largest = Math.max(largest, Math.abs(bound));
  }
  return most / largest;
}
