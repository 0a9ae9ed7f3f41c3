/**
 * Newton's direction with a damping of one's own: the frame of the damped methods for convex functions.
 *
 * ```
 * n = ∇²f(x)⁻¹ ∇f(x),   G² = ∇f(x)ᵀ n          by Cholesky's factorization, at which all of a step's norms are taken
 * x⁺ = x - α n,         α from a rule that may try points on the ray
 * ```
 *
 * Lengths in the local norm `|h|ₓ² = hᵀ∇²f(x) h` and its dual make it the same method in all coordinates.
 *
 * @module
 */
import {
  copy,
  dot,
  figure,
  isFiniteVector,
  type Matrix,
  normInf,
  NotPositiveDefiniteError,
  type Options,
  type Reference,
  type Solver,
  type State,
  type Stop,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { evaluated } from "../evaluated.ts";
import { type Cholesky, cholesky } from "../../linalg/mod.ts";
import { noTrial } from "../failure.ts";
import { writeHessian } from "../trust_region/dense.ts";

/** The state. */
export interface DampedNewtonState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** `n`, of the last step. */
  readonly direction: Vector;
  /** `α`, of the last step. */
  damping: number;
  /** What a rule adapts from step to step. */
  sigma: number;
  /** The last point that was tried. */
  readonly trial: { readonly x: Vector; readonly gradient: Vector; value: number };
  /** Room for the Hessian. */
  readonly hessian: Matrix;
  /** Room for `∇²f(x)⁻¹ g` of other gradients. */
  readonly work: Vector;
}

/** The points `x - α n`, and norms at x. */
export interface Ray {
  /** `G`. */
  readonly decrement: number;
  /** `f(x)`. */
  readonly value: number;
  /** Differences of values below this are rounding. */
  readonly rounding: number;
  /** Makes `x - α n` the trial: value and gradient. */
  evaluate(alpha: number): number;
  /** `⟨∇f(x - α n), n⟩` at the trial. */
  slope(): number;
  /** `∇f(x - α n)ᵀ ∇²f(x)⁻¹ ∇f(x - α n)` at the trial. */
  dualSquare(): number;
  /** Whether the trial differs from x. */
  moves(): boolean;
}

/** Chooses α and leaves `x - α n` as the trial, or says why there is none. */
export type Damping = (ray: Ray, state: DampedNewtonState) => number | Stop;

/** The solver with this rule. */
export function dampedNewton(
  name: string,
  options: Options,
  reference: Reference,
  damping: Damping,
  sigma = 0,
): Solver<TwiceSmooth, DampedNewtonState> {
  return {
    name,
    options,
    reference,
    needs: ["gradient", "hessianVector"],
    init: (problem, start) => {
      const first = evaluated(problem, start.x), n = first.x.length;
      return {
        ...first,
        direction: new Float64Array(n),
        damping: 0,
        sigma,
        trial: { x: new Float64Array(n), gradient: new Float64Array(n), value: first.value },
        hessian: { rows: n, columns: n, data: new Float64Array(n * n) },
        work: new Float64Array(n),
      };
    },
    step(problem, state) {
      const factor = factorAt(problem, state);
      if ("status" in factor) {
        state.stop = factor;
        return;
      }
      factor.solve(state.gradient, state.direction);
      const alpha = damping(rayFrom(problem, state, factor), state), { x, gradient, trial } = state;
      if (typeof alpha !== "number" || !Number.isFinite(trial.value)) {
        state.stop = typeof alpha === "number" ? noTrial(state, trial.value) : alpha;
        return;
      }
      copy(trial.x, x);
      copy(trial.gradient, gradient);
      state.value = trial.value;
      state.estimate = normInf(gradient);
      state.damping = alpha;
    },
    point: (_, { x }) => ({ x }),
  };
}

function factorAt(problem: TwiceSmooth, { x, hessian }: DampedNewtonState): Cholesky | Stop {
  writeHessian(problem, x, hessian);
  if (!isFiniteVector(hessian.data)) return { status: "non-finite", message: "the Hessian is not finite" };
  try {
    return cholesky(hessian);
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    return {
      status: "line-search-failed",
      message: "expected a positive definite Hessian, as this method is for convex functions, got a leading minor of " +
        `order ${error.minor} that is not positive; trustRegion and arc go on from here`,
    };
  }
}

function rayFrom(problem: TwiceSmooth, state: DampedNewtonState, factor: Cholesky): Ray {
  const { x, gradient, direction: n, trial, work, value } = state;
  return {
    decrement: Math.sqrt(Math.max(0, dot(gradient, n))),
    value,
    rounding: 10 * Number.EPSILON * Math.max(1, Math.abs(value)),
    evaluate: (alpha) => {
      for (let i = 0; i < n.length; i++) trial.x[i] = x[i] - alpha * n[i];
      return trial.value = problem.gradient(trial.x, trial.gradient);
    },
    slope: () => dot(trial.gradient, n),
    dualSquare: () =>
      isFiniteVector(trial.gradient) ? dot(trial.gradient, factor.solve(trial.gradient, work)) : Infinity,
    moves: () => trial.x.some((v, i) => v !== x[i]),
  };
}

/** Refuses a trial that is higher than x: the constant of the method is too small. */
export function tooHigh(ray: Ray, trial: number, what: string): Stop | undefined {
  if (trial <= ray.value + ray.rounding) return undefined;
  if (!Number.isFinite(trial)) return { status: "non-finite", message: `value ${trial} after a step` };
  return {
    status: "diverged",
    message: `f would rise from ${figure(ray.value)} to ${figure(trial)}: ${what} is too small, or f not convex`,
  };
}
