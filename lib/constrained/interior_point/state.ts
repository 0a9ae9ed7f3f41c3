/**
 * The states of the interior-point methods.
 *
 * @module
 */
import {
  type Certificate,
  DomainError,
  GradusError,
  normInf,
  type Point,
  scale,
  type SparseMatrix,
  type State,
  type Stop,
  type Vector,
} from "../../core/mod.ts";
import { addSparse, analyzeSymmetric, sparseIdentity, sparseLdlt, type SymmetricAnalysis } from "../../linalg/mod.ts";
import { emptyIterate, emptyResiduals, type Iterate, type Residuals, type Room } from "./iterate.ts";
import {
  changeUnits,
  partsOf,
  type ScaledProgram,
  scaledProgram,
  type SparseProgram,
  unscaleMultipliers,
  unscaleVariables,
} from "./program.ts";
import { presolve } from "../presolve/presolve.ts";
import { reduced, type Reduction, restore, type Restored } from "../presolve/steps.ts";
import type { MethodOptions } from "./options.ts";
import type { RayCheck } from "./ray.ts";
import { ENOUGH } from "./newton_system.ts";
import { warmIterate } from "./warm_start.ts";
import { startingPoint } from "./starting_point.ts";

/** What methods work with that solve a program by Newton's steps. */
export interface ProgramState extends State {
  /** The multipliers of the problem's rows. */
  readonly multipliers: Vector;
  /** What presolving took out, if it did. */
  readonly reduction?: Reduction;
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
  /** Residuals of systems so small, relative to the right-hand side, are left. */
  precision: number;
  /** Steps on end that went nowhere. */
  stalled: number;
  /** Steps made. */
  steps: number;
  /** What is proved of the problem. */
  certificate?: Certificate;
}

/** The state of `interiorPoint`. */
export interface InteriorPointState extends ProgramState {
  /** Where a start without a point would be, as long as it may be taken yet. */
  cold?: Iterate;
  /** What is known of the problem: a feasible point, a direction in which the objective falls for ever. */
  readonly known: {
    point?: Vector;
    ray?: RayCheck;
    /** Whether these have been looked for. */
    soughtPoint: boolean;
    soughtRay: boolean;
  };
  /** What it looks for instead, while it does so. */
  inner?: {
    goal: "point" | "ray";
    state: InteriorPointState;
  };
}

/** Eigenvalues of the Hessian above minus this, relative to its largest entry, count as not negative. */
const CONVEX = 1e-9;

/**
 * The state at the start.
 *
 * @param start Used if it has multipliers.
 *
 * @throws {DomainError} When the Hessian is not positive semidefinite.
 */
export function initialState(problem: SparseProgram, options: MethodOptions, start?: Point): InteriorPointState {
  const base = programState(problem, options),
    state: InteriorPointState = {
      ...base,
      known: { soughtPoint: false, soughtRay: false },
    };
  if (state.stop) return state;
  if (start?.multipliers) {
    const { program, reduction, at } = state;
    state.cold = structuredClone(at);
    const { x, y } = reduction ? reduced(reduction, start.x, start.multipliers) : { x: start.x, y: start.multipliers };
    warmIterate(program, x, y, at);
  }
  publish(state);
  return state;
}

/**
 * The program in units of its own, and Mehrotra's starting point.
 *
 * @throws {DomainError} When the Hessian is not positive semidefinite, or variables must be whole.
 */
export function programState(problem: SparseProgram, { regularization, presolve: isOn }: MethodOptions): ProgramState {
  const { linear, hessian } = partsOf(problem);
  if (linear.integer?.includes(1)) {
    throw new DomainError(
      "Cannot run an interior-point method: expected variables that need not be whole, got a program with whole ones " +
        "(highs of @gradus/gradus/highs takes that, relaxed(program) leaves it out)",
    );
  }
  if (hessian) checkConvex(hessian);
  const reduced = isOn && problem.kind === "linear-program" ? presolve(problem) : undefined;
  const program = scaledProgram(reduced?.problem ?? problem), { n, m } = program;
  const all = (): Vector => new Float64Array(n + m);
  const state: ProgramState = {
    x: Float64Array.from(linear.lower, (l, j) => l === linear.upper[j] ? l : 0),
    value: NaN,
    multipliers: new Float64Array(linear.matrix.rows),
    ...(reduced && { reduction: reduced.reduction }),
    program,
    analysis: analyzeSymmetric(program.system),
    at: emptyIterate(n, m),
    trial: emptyIterate(n, m),
    direction: emptyIterate(n, m),
    residuals: emptyResiduals(n, m),
    diagonal: all(),
    room: { right: all(), solution: all(), product: all() },
    precision: ENOUGH,
    stalled: 0,
    steps: 0,
  };
  try {
    startingPoint(program, state.analysis, regularization, state.at, state.room);
    takeUnits(state);
  } catch (reason) {
    if (!(reason instanceof GradusError)) throw reason;
    state.stop = outOfRange(reason);
  }
  return state;
}

/** The end of a run whose systems overflow. */
export function outOfRange({ message }: GradusError): Stop {
  return { status: "stalled-at-precision", message: `the numbers of a system are out of range: ${message}` };
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
function takeUnits({ program, at }: ProgramState): void {
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
export function publish(state: ProgramState): void {
  toProblem(state, "solution", state.at.v, state.at.y, state.x, state.multipliers);
}

/**
 * Variables v and multipliers y, or a ray of these, in terms of the problem.
 *
 * @param x Written; of fixed variables it has the values already, where nothing was presolved.
 */
export function toProblem(
  { program, reduction }: ProgramState,
  what: Restored,
  v: Vector,
  y: Vector,
  x: Vector,
  multipliers: Vector,
): void {
  if (!reduction) {
    unscaleVariables(program, v, x);
    unscaleMultipliers(program, y, multipliers);
    return;
  }
  const { columns, rows } = reduction,
    reducedX = new Float64Array(columns.length),
    reducedY = new Float64Array(rows.length);
  unscaleVariables(program, v, reducedX);
  unscaleMultipliers(program, y, reducedY);
  restore(reduction, what, reducedX, reducedY, x, multipliers);
}
