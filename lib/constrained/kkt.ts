/**
 * The first-order conditions of an equality-constrained problem, and Newton's system for them.
 *
 * ```
 * R = (∇L, c),   ∇L = ∇f + Jᵀλ                         zero at a solution
 * K = [ B  Jᵀ ]     B = H + t I,  H = ∇²f + Σ λᵢ ∇²cᵢ   K z = -R is Newton's step where t = 0
 *     [ J  0  ]
 * ```
 *
 * t is 0 where H is definite on the null space of J, and else so large that B is definite: the inertia of K tells
 * which, for it is (n, m, 0) in the first case alone.
 *
 * See Nocedal and Wright, Numerical Optimization (2006), section 18.1, and for the inertia Gould, On practical
 * conditions for the existence and uniqueness of solutions to the general equality quadratic programming problem
 * (1985).
 *
 * @module
 */
import {
  axpy,
  type Context,
  figure,
  type Matrix,
  norm2,
  normInf,
  type Point,
  type Rng,
  type State,
  type Stop,
  type Vector,
} from "../core/mod.ts";
import { eigvalsh, ldlt, matmul, matrix, transpose } from "../linalg/mod.ts";
import { checkEqualities, type EqualityConstrained, type TwiceEqualityConstrained } from "./problem.ts";

/** A point and what first derivatives say of it. */
export interface FirstOrder {
  /** x, n entries. */
  x: Vector;
  /** λ, m entries. */
  multipliers: Vector;
  /** f(x). */
  value: number;
  /** ∇f(x). */
  gradient: Vector;
  /** R, the n entries of ∇L and then the m of c. */
  residual: Vector;
}

/** What has been spent on systems `K z = -R`. */
export interface SystemWork {
  /** Steps of the iterative solver; factorizations of the exact one. */
  innerSteps: number;
  /**
   * Floating-point operations of the solves, by the formulas of the solvers. Neither derivatives nor checks are in it.
   */
  flops: number;
  /** Systems that the iterative solver did not finish. */
  fallbacks: number;
}

/** The state of a Newton method for equality constraints. */
export interface KktState extends State, FirstOrder, SystemWork {
  /** `|R|∞`. */
  estimate: number;
  /** J, m x n. */
  readonly jacobian: Matrix;
  /** H, n x n. */
  readonly hessian: Matrix;
  /** K, of order n + m. */
  readonly system: Matrix;
  /** -R. */
  readonly right: Vector;
  /** z. */
  readonly direction: Vector;
  /** The point that is tried; its arrays change place with those of the state. */
  readonly trial: FirstOrder;
  /** Room for n + m numbers. */
  readonly room: Vector;
  /** The last step length. */
  length: number;
  /** Steps made. */
  iteration: number;
  /** The least `|R|∞` so far. */
  lowestEstimate: number;
  /** Steps in a row that brought neither a lower merit nor a lower residual. */
  idle: number;
  /** Draws what inner solvers draw. */
  readonly generator: Rng;
}

/** The state at a start. */
export function kktState(
  verb: string,
  problem: TwiceEqualityConstrained,
  { x, multipliers }: Point,
  context: Context,
): KktState {
  checkEqualities(verb, problem);
  const n = x.length, m = problem.constraints.equality.components, N = n + m;
  const at = (): FirstOrder => ({
    x: x.slice(),
    multipliers: multipliers?.slice() ?? new Float64Array(m),
    value: NaN,
    gradient: new Float64Array(n),
    residual: new Float64Array(N),
  });
  const first = at();
  evaluate(problem, first);
  const estimate = normInf(first.residual);
  return {
    ...first,
    estimate,
    lowestEstimate: estimate,
    idle: 0,
    innerSteps: 0,
    flops: 0,
    fallbacks: 0,
    jacobian: matrix(m, n),
    hessian: matrix(n, n),
    system: matrix(N, N),
    right: new Float64Array(N),
    direction: new Float64Array(N),
    trial: at(),
    room: new Float64Array(N),
    length: NaN,
    iteration: 0,
    generator: context.rng,
  };
}

/** f, ∇f and R at a point. */
export function evaluate({ objective, constraints }: EqualityConstrained, at: FirstOrder): void {
  const n = at.x.length, { equality } = constraints, gradientOfL = at.residual.subarray(0, n);
  at.value = objective.gradient(at.x, at.gradient);
  equality.value(at.x, at.residual.subarray(n));
  equality.jacobianTransposeVector(at.x, at.multipliers, gradientOfL);
  axpy(1, at.gradient, gradientOfL);
}

/** J and H at the point of a state. */
export function secondOrder({ objective, constraints: { equality } }: TwiceEqualityConstrained, state: KktState): void {
  const { x, multipliers, jacobian, hessian, room } = state, n = x.length;
  const unit = new Float64Array(n), more = room.subarray(0, n);
  equality.jacobian(x, jacobian);
  for (let j = 0; j < n; j++) {
    const row = hessian.data.subarray(j * n, (j + 1) * n);
    unit[j] = 1;
    objective.hessianVector(x, unit, row);
    equality.hessianVector(x, multipliers, unit, more);
    axpy(1, more, row);
    unit[j] = 0;
  }
}

/** Writes K with `B = H + t I`. */
function assemble({ jacobian: J, hessian: H, system: K }: KktState, t: number): void {
  const n = H.rows, m = J.rows, N = n + m;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) K.data[i * N + j] = H.data[i * n + j];
    K.data[i * (N + 1)] += t;
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) K.data[(n + i) * N + j] = K.data[j * N + n + i] = J.data[i * n + j];
  }
}

/** What is asked of second derivatives. */
export interface Regularity {
  /** The least eigenvalue of JJᵀ is to be above this, and above rounding. */
  readonly independence: number;
  /** B has no eigenvalue below this after a shift. */
  readonly definiteness: number;
}

/** Of H on the null space of J at least this share of `min(1, |H|)` is asked, or else it is shifted. */
const CURVATURE = 1e-6;

/** An eigenvalue of JJᵀ below this share of the largest may be rounding. */
const ROUNDING = 1e-14;

/** So many steps without a lower merit or residual end a run. */
const PATIENCE = 20;

/**
 * J, H and K at the point of a state, and -R on the right; returns the least eigenvalue of JJᵀ, or why there is no
 * system.
 */
export function newtonSystem(problem: TwiceEqualityConstrained, state: KktState, ask: Regularity): number | Stop {
  secondOrder(problem, state);
  const { jacobian: J, hessian: H, system: K, residual: R, right } = state, n = H.rows, m = J.rows;
  for (let i = 0; i < R.length; i++) right[i] = -R[i];
  assemble(state, 0);
  const size = norm2(K.data);
  if (!(size < 1e100)) return { status: "non-finite", message: `second derivatives of norm ${size}` };
  const values = eigvalsh(matmul(J, transpose(J))), least = values[0];
  const bound = Math.max(ask.independence, ROUNDING * values[m - 1]);
  if (!(least > bound)) {
    return {
      status: "line-search-failed",
      message:
        `the gradients of the constraints depend on each other: least eigenvalue of JJᵀ ${least.toExponential(2)}` +
        ` <= ${figure(bound)}, largest violation ${normInf(R.subarray(n)).toExponential(2)}`,
    };
  }
  if (n > m) {
    const sizeOfH = norm2(H.data);
    assemble(state, -CURVATURE * Math.min(1, sizeOfH));
    const { positive, negative } = ldlt(K).inertia, isDefinite = positive === n && negative === m;
    assemble(state, isDefinite ? 0 : ask.definiteness + sizeOfH);
  }
  return least;
}

/** Tries the point at a distance along z: evaluates there. */
export function tryAlong(problem: EqualityConstrained, state: KktState, length: number): void {
  const { x, multipliers, direction, trial } = state, n = x.length, m = multipliers.length;
  for (let j = 0; j < n; j++) trial.x[j] = x[j] + length * direction[j];
  for (let i = 0; i < m; i++) trial.multipliers[i] = multipliers[i] + length * direction[n + i];
  evaluate(problem, trial);
}

/** Goes to the point that was tried. */
export function acceptTrial(state: KktState, length: number): void {
  const { trial } = state;
  for (const part of ["x", "multipliers", "gradient", "residual"] as const) {
    const before = state[part];
    state[part] = trial[part];
    trial[part] = before;
  }
  state.value = trial.value;
  state.estimate = normInf(state.residual);
  state.length = length;
  state.iteration++;
}

/**
 * Backtracks along z, by halves, to where a merit falls as promised: `φ(a) <= φ(0) + share a φ'(0)`, up to rounding.
 * Returns why it could not.
 */
export function backtrack(
  problem: EqualityConstrained,
  state: KktState,
  merit: (at: FirstOrder) => number,
  slope: number,
  share: number,
): Stop | undefined {
  const before = merit(state), slack = 1e-14 * Math.abs(before);
  if (slope < 0) {
    for (let length = 1; length > 1e-12; length /= 2) {
      tryAlong(problem, state, length);
      const after = merit(state.trial);
      if (after <= before + length * share * slope + slack) {
        acceptTrial(state, length);
        state.idle = after < before - slack || state.estimate < 0.99 * state.lowestEstimate ? 0 : state.idle + 1;
        state.lowestEstimate = Math.min(state.lowestEstimate, state.estimate);
        if (state.idle < PATIENCE) return undefined;
        return { status: "stalled-at-precision", message: `no lower merit or residual in ${state.idle} steps` };
      }
    }
  }
  const isFlat = Math.abs(slope) <= 1e-12 * (1 + Math.abs(before));
  return {
    status: isFlat ? "stalled-at-precision" : "line-search-failed",
    message: `no lower merit along the step: merit ${before.toExponential(6)}, slope ${slope.toExponential(2)}`,
  };
}

/** The solution that a state stands for. */
export function pointOfState({ x, multipliers }: FirstOrder): Point {
  return { x, multipliers };
}
