/**
 * Linear and convex quadratic programs by a primal-dual interior-point method,
 *
 *     minimize ½ xᵀPx + cᵀx  where  rowLower <= Ax <= rowUpper, lower <= x <= upper.
 *
 * ```
 * predictor:  Newton's step to  t z = 0,  its longest steps a, b, and μₐ, which is μ after them
 * corrector:  Newton's step to  t z = σ μ - Δt Δz of the predictor,  σ = (μₐ/μ)³
 * centrality: t z that would leave [0.1, 10] σ μ after a longer step are corrected, as long as steps gain by it
 * (v, t, w) += a Δ,  (y, z, q) += b Δ,  0.995 of the way to where one would be 0;  a = b where P is not 0
 * ```
 *
 * All steps of an iteration have one factorization `L D Lᵀ` of the quasi-definite system of Newton's method, in an order that is
 * found once.
 *
 * Where the multipliers run away, or x along a direction in which the objective falls for ever, the objective is dropped. If the
 * multipliers prove that nothing is feasible, the run ends `infeasible`, and they are the ray. If a feasible point is found, then
 * the run ends `unbounded`, x being the ray, where x ran away, and else begins again. `checkInfeasible` and `checkUnbounded`
 * say what such rays prove.
 *
 * Sources: Mehrotra, On the implementation of a primal-dual interior point method (1992); Gondzio, Multiple centrality corrections
 * in a primal-dual method for linear programming (1996).
 *
 * @module
 */
import {
  DomainError,
  normInf,
  scale,
  type Solver,
  type SparseMatrix,
  type State,
  type Vector,
} from "../../core/mod.ts";
import { addSparse, analyzeSymmetric, sparseIdentity, sparseLdlt, type SymmetricAnalysis } from "../../linalg/mod.ts";
import {
  advance,
  complementarity,
  diagonalAt,
  emptyIterate,
  emptyResiduals,
  type Iterate,
  longestSteps,
  newtonStep,
  type Residuals,
  residualsAt,
  type Room,
} from "./iterate.ts";
import { NewtonSystem } from "./newton_system.ts";
import {
  changeUnits,
  dropObjective,
  partsOf,
  type ScaledProgram,
  scaledProgram,
  type SparseProgram,
  unscaleMultipliers,
  unscaleVariables,
} from "./program.ts";
import { checkInfeasible, checkUnbounded, type RayCheck } from "./ray.ts";
import { startingPoint } from "./starting_point.ts";

/** Options of `interiorPoint`. */
export interface InteriorPointOptions {
  /** ρ, which makes the systems quasi-definite. Default 1e-8. */
  readonly regularization?: number;
  /** The most corrections for centrality in a step. Default 2. */
  readonly corrections?: number;
}

/** The state. */
export interface InteriorPointState extends State {
  /** The multipliers of the problem's rows. */
  readonly multipliers: Vector;
  /** What is worked on. */
  readonly program: ScaledProgram;
  /** The order of elimination. */
  readonly analysis: SymmetricAnalysis;
  /** Where it is. */
  readonly at: Iterate;
  /** The predictor's step, then one with a correction more. */
  readonly trial: Iterate;
  /** The step. */
  readonly direction: Iterate;
  /** What is left of the conditions. */
  readonly residuals: Residuals;
  /** D and -E. */
  readonly diagonal: Vector;
  /** For solutions. */
  readonly room: Room;
  /** Steps on end that went nowhere. */
  stalled: number;
  /** Whether it solves the program, looks for any feasible point, or solves it knowing that there is one. */
  phase: "solve" | "search" | "feasible";
  /** A direction in which the objective falls for ever, if one was found. */
  ray: Vector;
}

/** Eigenvalues of the Hessian above minus this, relative to its largest entry, count as not negative. */
const CONVEX = 1e-9;

/** Steps shorter than this go nowhere. */
const NOWHERE = 1e-6;

/** What rays must prove, and what makes it look for a feasible point. */
const RADIUS = 1e10, SUSPECT = 1e7;

/** So small, relative to the bounds of rows, is no violation. */
const FEASIBLE = 1e-9;

/**
 * The primal-dual interior-point method for linear and convex quadratic programs with sparse matrices. The start is not used.
 *
 * @throws {DomainError} When an option is out of range; in `init` for a Hessian that is not positive semidefinite.
 *
 * @example The largest x + y where x + 2y <= 4, 3x + y <= 6
 * ```ts
 * import { interiorPoint } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x, point } = solve({
 *   kind: "linear-program",
 *   objective: Float64Array.of(-1, -1),
 *   matrix: fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 3, 1]),
 *   rowLower: Float64Array.of(-Infinity, -Infinity),
 *   rowUpper: Float64Array.of(4, 6),
 *   lower: Float64Array.of(0, 0),
 *   upper: Float64Array.of(Infinity, Infinity),
 * }, interiorPoint(), { start: [0, 0] });
 * assertAlmostEquals(x[0], 1.6, 1e-7);
 * assertAlmostEquals(point.multipliers![0], 0.4, 1e-7);
 * ```
 */
export function interiorPoint(options: InteriorPointOptions = {}): Solver<SparseProgram, InteriorPointState> {
  const { regularization = 1e-8, corrections = 2 } = options;
  if (!(regularization > 0 && regularization < 1 && Number.isSafeInteger(corrections) && corrections >= 0)) {
    throw new DomainError(
      `Cannot run an interior-point method: expected a regularization in (0, 1) and a number of corrections, got ` +
        `${regularization} and ${corrections}`,
    );
  }
  return {
    name: "interior point",
    options: { regularization, corrections },
    reference: {
      title: "On the implementation of a primal-dual interior point method",
      authors: "Mehrotra",
      year: 1992,
      identifier: "doi:10.1137/0802028",
    },
    needs: [],
    init: (problem) => initial(problem, regularization),
    step: (problem, state) => step(problem, state, regularization, corrections),
    point: (_, { x, multipliers }) => ({ x, multipliers }),
  };
}

function initial(problem: SparseProgram, regularization: number): InteriorPointState {
  const { linear, hessian } = partsOf(problem);
  if (hessian) checkConvex(hessian);
  const program = scaledProgram(problem), { n, m } = program;
  const all = (): Vector => new Float64Array(n + m);
  const state: InteriorPointState = {
    x: Float64Array.from(linear.lower, (l, j) => l === linear.upper[j] ? l : 0),
    value: NaN,
    multipliers: new Float64Array(linear.matrix.rows),
    program,
    analysis: analyzeSymmetric(program.system),
    at: emptyIterate(n, m),
    trial: emptyIterate(n, m),
    direction: emptyIterate(n, m),
    residuals: emptyResiduals(n, m),
    diagonal: all(),
    room: { right: all(), solution: all(), product: all() },
    stalled: 0,
    phase: "solve",
    ray: new Float64Array(0),
  };
  startingPoint(program, state.analysis, regularization, state.at, state.room);
  takeUnits(state);
  publish(state);
  return state;
}

/** Refuses a Hessian with negative eigenvalues, but for what rounding makes. */
function checkConvex(hessian: SparseMatrix): void {
  const n = hessian.rows, most = normInf(hessian.values);
  if (most === 0) return;
  const { negative } = sparseLdlt(addSparse(1, hessian, CONVEX * most, sparseIdentity(n))).inertia;
  if (negative === 0) return;
  throw new DomainError(
    `Cannot run an interior-point method: expected a positive semidefinite Hessian, got one with ${negative} negative ` +
      "eigenvalues",
  );
}

/** Makes the largest entries of x and y at the start about 1, if they are larger. */
function takeUnits({ program, at }: InteriorPointState): void {
  const primal = unit(normInf(at.v)), dual = unit(normInf(at.y));
  changeUnits(program, primal, dual);
  for (const v of [at.v, at.t, at.w]) scale(1 / primal, v);
  for (const y of [at.y, at.z, at.q]) scale(1 / dual, y);
}

/** The power of two next to a size from 1 on. */
function unit(size: number): number {
  return 2 ** Math.round(Math.log2(Math.max(size, 1)));
}

/** The iterate in terms of the problem. */
function publish({ program, at, x, multipliers }: InteriorPointState): void {
  unscaleVariables(program, at.v, x);
  unscaleMultipliers(program, at.y, multipliers);
}

function step(problem: SparseProgram, state: InteriorPointState, regularization: number, corrections: number): void {
  const { program, analysis, at, trial, direction, residuals, diagonal, room } = state, { n } = program;
  diagonalAt(program, at, diagonal);
  const system = new NewtonSystem(program, analysis, diagonal, regularization);
  room.solution.set(at.v.subarray(0, n));
  room.solution.set(at.y, n);
  system.product(room.solution, room.product);
  residualsAt(program, at, room.product, residuals);
  const mu = complementarity(program, at), { atLower, atUpper } = residuals, { t, w, z, q } = at;

  for (let k = 0; k < t.length; k++) {
    atLower[k] = -t[k] * z[k];
    atUpper[k] = -w[k] * q[k];
  }
  newtonStep(program, at, residuals, system, diagonal, room, trial);
  const together = problem.kind === "quadratic-program" && state.phase !== "search";
  const lengths = steps(at, trial, together);
  const sigma = mu > 0 ? Math.min(1, complementarityAfter(at, trial, lengths, program) / mu) ** 3 : 0,
    target = sigma * mu;
  for (let k = 0; k < t.length; k++) {
    atLower[k] += target - trial.t[k] * trial.z[k];
    atUpper[k] += target - trial.w[k] * trial.q[k];
  }
  newtonStep(program, at, residuals, system, diagonal, room, direction);
  let { primal, dual } = steps(at, direction, together);
  for (let c = 0; c < corrections && Math.min(primal, dual) < 0.9; c++) {
    const p = Math.min(1, primal + 0.3), d = Math.min(1, dual + 0.3);
    for (let k = 0; k < t.length; k++) {
      atLower[k] += pull((t[k] + p * direction.t[k]) * (z[k] + d * direction.z[k]), target);
      atUpper[k] += pull((w[k] + p * direction.w[k]) * (q[k] + d * direction.q[k]), target);
    }
    newtonStep(program, at, residuals, system, diagonal, room, trial);
    const next = steps(at, trial, together);
    if (next.primal + next.dual < primal + dual + 0.03) break;
    ({ primal, dual } = next);
    copyStep(trial, direction);
  }
  advance(at, direction, primal, dual);
  publish(state);
  if (!Number.isFinite(normInf(at.v)) || !Number.isFinite(normInf(at.y))) return;
  const isNowhere = Math.max(primal, dual) < NOWHERE;
  state.stalled = isNowhere ? state.stalled + 1 : 0;
  judge(problem, state, regularization);
}

function steps(at: Iterate, step: Iterate, together: boolean): { primal: number; dual: number } {
  const { primal, dual } = longestSteps(at, step), least = Math.min(primal, dual);
  return together ? { primal: least, dual: least } : { primal, dual };
}

/** What a product of a distance and a multiplier lacks to lie within [0.1, 10] of the target, not below -10 of it. */
function pull(product: number, target: number): number {
  if (product < 0.1 * target) return 0.1 * target - product;
  return product > 10 * target ? Math.max(10 * target - product, -10 * target) : 0;
}

function complementarityAfter(
  at: Iterate,
  step: Iterate,
  { primal, dual }: { primal: number; dual: number },
  program: ScaledProgram,
): number {
  const after = (x: Vector, d: Vector, a: number): Vector => x.map((xk, k) => xk + a * d[k]);
  return complementarity(program, {
    ...at,
    t: after(at.t, step.t, primal),
    w: after(at.w, step.w, primal),
    z: after(at.z, step.z, dual),
    q: after(at.q, step.q, dual),
  });
}

function copyStep(from: Iterate, to: Iterate): void {
  to.v.set(from.v);
  to.y.set(from.y);
  to.t.set(from.t);
  to.w.set(from.w);
  to.z.set(from.z);
  to.q.set(from.q);
}

/** Whether a ray proves that the problem has no solution, or the method cannot go on. */
function judge(problem: SparseProgram, state: InteriorPointState, regularization: number): void {
  const { phase } = state;
  if (phase !== "feasible") {
    const proved = contradiction(problem, state);
    if (state.stop) return;
    if (phase === "solve" && proved >= SUSPECT) return search(state, new Float64Array(0), regularization);
  }
  if (phase === "search") {
    if (violation(problem, state.x) <= FEASIBLE) {
      if (state.ray.length > 0) return fallsAlong(state, state.ray);
      Object.assign(state, initial(problem, regularization), { phase: "feasible" });
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
