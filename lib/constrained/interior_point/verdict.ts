/**
 * When the interior-point method ends without a solution: with a ray, or because it goes nowhere.
 *
 * @module
 */
import { isFiniteVector, normInf, type Vector } from "../../core/mod.ts";
import {
  partsOf,
  recessionProgram,
  type SparseLinearProgram,
  type SparseProgram,
  withoutObjective,
} from "./program.ts";
import { checkInfeasible, checkUnbounded, type RayCheck } from "./ray.ts";
import type { MethodOptions } from "./options.ts";
import { initialState, type InteriorPointState, type ProgramState, toProblem } from "./state.ts";

/** Rays must prove so much. */
export const RADIUS = 1e10;

/** Multipliers must prove so much in units of the largest entry of x, too. */
const BEYOND = 1e5;

/** What makes it look for a feasible point, and for a ray. */
const SUSPECT_POINT = 1e7, SUSPECT_RAY = 1e5;

/** Without a solution after so many steps it looks for both. */
const PATIENCE = 60;

/** So many steps on end that go nowhere are enough. */
export const STALLED = 3;

/** So small, relative to the bounds of rows, is no violation. */
export const FEASIBLE = 1e-9;

/** Whether the problem has no solution, or may have none, or the method cannot go on. */
export function judge(problem: SparseProgram, state: InteriorPointState, options: MethodOptions): void {
  const { known } = state, isStuck = state.stalled >= STALLED || state.steps >= PATIENCE;
  const begin = (goal: "point" | "ray", other: SparseProgram): void => {
    state.inner = { goal, state: initialState(other, options) };
  };
  if (!isFiniteVector(state.x) || !isFiniteVector(state.multipliers)) return; // the run ends
  if (!known.soughtPoint) {
    const proved = contradiction(problem, state);
    if (state.stop) return;
    if (proved >= SUSPECT_POINT || isStuck) {
      if (violation(problem, state.x) > FEASIBLE) return begin("point", withoutObjective(problem));
      known.point = state.x.slice();
      known.soughtPoint = true;
    }
  }
  if (!known.soughtRay && (isStuck || runaway(problem, state) >= SUSPECT_RAY)) {
    return begin("ray", recessionProgram(problem));
  }
  if (state.stalled >= STALLED) state.stop = { status: "stalled-at-precision", message: "steps go nowhere" };
}

/** What was found by a step that looked for a feasible point or a ray. */
export function explore(
  problem: SparseProgram,
  other: SparseProgram,
  state: InteriorPointState,
  options: MethodOptions,
  failed: boolean,
): void {
  const { known, inner } = state, { goal, state: { x, multipliers, steps, stalled } } = inner!;
  const isEnd = failed || stalled >= STALLED || steps >= PATIENCE || !isFiniteVector(x) || !isFiniteVector(multipliers);
  if (goal === "point") {
    if (violation(other, x) <= FEASIBLE) known.point = x.slice();
    else if (!isEnd) {
      contradiction(problem, inner!.state);
      const { stop, certificate } = inner!.state;
      if (!stop || !certificate) return;
      state.stop = stop;
      state.certificate = certificate;
    }
    known.soughtPoint = true;
  } else {
    const found = checkUnbounded(problem, x);
    if (found.radius >= RADIUS) known.ray = found;
    else if (!isEnd) {
      contradiction(other as SparseLinearProgram, inner!.state);
      if (!inner!.state.stop) return;
    }
    known.soughtRay = true;
  }
  delete state.inner;
  if (!known.ray) return;
  if (known.point) endUnbounded(state, known.point, known.ray);
  else if (!known.soughtPoint) {
    state.inner = { goal: "point", state: initialState(withoutObjective(problem), options) };
  }
}

/** Ends the run if multipliers prove enough beside an x of this size; returns whether they do. */
export function endInfeasible(state: ProgramState, { ray, radius }: RayCheck, size: number): boolean {
  if (radius < Math.max(RADIUS, BEYOND * size)) return false;
  const points = radius === Infinity ? "no point" : `no point within ${radius.toExponential(1)}`;
  state.certificate = { proves: "infeasible", ray, radius };
  state.stop = { status: "infeasible", message: `the multipliers prove that ${points} is feasible` };
  return true;
}

/** Ends the run with a feasible point and a ray. */
export function endUnbounded(state: ProgramState, point: Vector, { ray, radius }: RayCheck): void {
  state.x.set(point);
  state.certificate = { proves: "unbounded", ray, radius };
  state.stop = { status: "unbounded", message: "x is feasible, and along the ray the objective falls for ever" };
}

/** Ends the run if multipliers prove that nothing is feasible; returns how much they prove. */
function contradiction(problem: SparseProgram, state: InteriorPointState): number {
  const { at, direction, residuals } = state, multipliers = state.multipliers.slice(), x = state.x.slice();
  let most = 0;
  // the residual of equations that contradict each other is a ray; multipliers that run away, and their steps, come near one
  for (const y of [residuals.primal, direction.y, at.y]) {
    toProblem(state, "multipliers", at.v, y, x, multipliers);
    const found = checkInfeasible(problem, multipliers);
    most = Math.max(most, found.radius);
    if (endInfeasible(state, found, normInf(state.x))) break;
  }
  return most;
}

/** What x, or the last step, proves of the objective. */
function runaway(problem: SparseProgram, state: InteriorPointState): number {
  const { x, multipliers, direction } = state, d = new Float64Array(x.length);
  toProblem(state, "direction", direction.v, direction.y, d, multipliers.slice());
  return Math.max(checkUnbounded(problem, x).radius, checkUnbounded(problem, d).radius);
}

/** The largest violation of a bound, relative to the largest bound of rows. */
export function violation(problem: SparseProgram, x: Vector): number {
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
