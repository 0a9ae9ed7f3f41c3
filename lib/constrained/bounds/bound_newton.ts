/**
 * Newton's method in a trust region within bounds: minimize `f(x)` subject to `lower <= x <= upper`.
 *
 * ```
 * q(p) = g·p + ½ pᵀHp,   P the projection on the bounds
 * p = P(x - t g) - x,  t such that q(p) <= μ g·p and |p| <= Δ        the Cauchy step: which variables are at bounds
 * w = a low point of q(p + w) over the free variables, |w| <= Δ,  p ← P(x + p + β w) - x with q(p) low enough,
 *     until the reduced gradient of q is small or no further variable comes to a bound
 * ρ = (f(x) - f(x + p)) / -q(p):  Δ and x as in every trust region
 * ```
 *
 * A face is left as soon as the Cauchy step leaves it, so that few steps find the bounds that are active; from there on
 * this is Newton's method on a face. All iterates lie in the box.
 *
 * Source: Lin and Moré, Newton's method for large bound-constrained optimization problems (1999), algorithms 2.1 and 5.
 *
 * @module
 */
import {
  boundsOf,
  DomainError,
  dot,
  figure,
  type Matrix,
  norm2,
  projectedGradientNorm,
  type Solver,
  type TwiceSmooth,
  type Vector,
  withinBounds,
} from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import { countIdle, type Lowest, writeHessian } from "../../smooth/mod.ts";
import { checkBoundsAlone, type TwiceBoundConstrained } from "../problem.ts";
import { type BoxModel, type Faces, facesFor, type Kinked, lengthOf, modelStep } from "./faces.ts";

/** Options of `boundNewton`. */
export interface BoundNewtonOptions {
  /** The first Δ. Default `max(1, |x|)`. */
  readonly radius?: number;
  /**
   * Up to so many variables the Hessian is written out and the steps on faces are exact; above, conjugate gradients
   * take products with it. Default 200.
   */
  readonly dense?: number;
}

/** The state of `boundNewton`. */
export interface BoundNewtonState extends Lowest {
  /** `|x - P(x - ∇f(x))|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  gradient: Vector;
  /** The point that is tried. */
  trial: Vector;
  /** `∇f` there. */
  trialGradient: Vector;
  /** Δ. */
  radius: number;
  /** `∇²f(x)`, where it is written out. */
  readonly hessian?: Matrix;
  /** Whether x changed in the last step. */
  moved: boolean;
  /** What steps are made of. */
  readonly faces: Faces;
}

/** A trial is taken if it brings this share of what the model promised. */
const ACCEPT = 1e-4;

/** A promise below this share of the value is looked for in slopes. */
const LOST = 1e-9;

/** So many steps without a lower value or estimate end a run. */
const PATIENCE = 20;

/**
 * Newton's method in a trust region within bounds; a step is a trial, after which x may be where it was. A start
 * outside the box is projected on it.
 *
 * @throws {DomainError} When an option is out of range; in `init` when there are constraints other than bounds.
 *
 * @example A bound that holds the minimizer back
 * ```ts
 * import { boundNewton } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { problem: objective, start } = rosenbrock(2), upper = Float64Array.of(0.5, Infinity);
 * const { x, status } = solve({ kind: "constrained", objective, constraints: { upper } }, boundNewton(), { start });
 * assertEquals(status, "converged");
 * assertEquals(x[0], 0.5);
 * assertAlmostEquals(x[1], 0.25, 1e-9);
 * ```
 */
export function boundNewton(options: BoundNewtonOptions = {}): Solver<TwiceBoundConstrained, BoundNewtonState> {
  const { radius, dense = 200 } = options, verb = "run Newton's method within bounds";
  if (radius !== undefined && !(radius > 0 && radius < Infinity) || !(dense >= 0)) {
    throw new DomainError(
      `Cannot ${verb}: expected a positive radius and a limit for dense Hessians, got ${radius} and ${dense}`,
    );
  }
  return {
    name: "Newton within bounds",
    options: { ...(radius !== undefined && { radius }), dense },
    reference: {
      title: "Newton's method for large bound-constrained optimization problems",
      authors: "Lin, Moré",
      year: 1999,
      identifier: "doi:10.1137/S1052623498345075",
    },
    needs: ["objective.gradient", "objective.hessianVector"],
    init: (problem, start) => {
      checkBoundsAlone(verb, problem);
      const [lower, upper] = boundsOf(problem), n = start.x.length;
      const x = withinBounds(start.x, lower, upper);
      const gradient = new Float64Array(n), value = problem.objective.gradient(x, gradient);
      const estimate = projectedGradientNorm(x, gradient, lower, upper);
      return {
        x,
        value,
        estimate,
        gradient,
        trial: new Float64Array(n),
        trialGradient: new Float64Array(n),
        radius: radius ?? 0,
        ...(n <= dense && { hessian: matrix(n, n) }),
        moved: true,
        faces: facesFor(lower.slice(), upper.slice()),
        lowestValue: value,
        lowestEstimate: estimate,
        idle: 0,
      };
    },
    step({ objective }, state) {
      const { x, gradient, trial, trialGradient, hessian, faces } = state;
      if (hessian && state.moved) {
        writeHessian(objective, x, hessian);
        setScale(faces.scale, hessian, x, gradient);
      }
      if (!(state.radius > 0)) state.radius = firstRadius(state);
      const promised = modelStep(faces, modelOf(objective, state), state.radius, trial);
      const length = lengthOf(faces, faces.step);
      if (!(promised > 0)) {
        state.stop = { status: "stalled-at-precision", message: `the model promises ${figure(promised)}` };
        return;
      }
      const value = objective.gradient(trial, trialGradient);
      const estimate = projectedGradientNorm(trial, trialGradient, faces.lower, faces.upper);
      const isFinite = Number.isFinite(value) && Number.isFinite(estimate);
      // a difference that is lost in the rounding of f is the trapezoid's, by slopes
      const isLost = promised <= LOST * Math.max(1, Math.abs(state.value));
      const slope = dot(gradient, faces.step), trapezoid = -(slope + dot(trialGradient, faces.step)) / 2;
      const actual = !isFinite ? NaN : isLost ? trapezoid : state.value - value, rho = actual / promised;
      state.moved = rho >= ACCEPT;
      if (!(rho >= 0.25)) state.radius = shorter(length, promised, actual, slope);
      else if (rho > 0.75) state.radius = Math.max(state.radius, (rho > 0.95 ? 30 : 3) * length);
      if (state.moved) {
        state.x = trial;
        state.trial = x;
        state.gradient = trialGradient;
        state.trialGradient = gradient;
        state.value = value;
        state.estimate = estimate;
      }
      look(state, trial.every((v, i) => v === x[i]), value);
    },
    point: (_, { x }) => ({ x }),
  };
}

/** The quadratic model at x: products with the Hessian. */
function modelOf(objective: TwiceSmooth & Partial<Kinked>, { x, gradient, hessian }: BoundNewtonState): BoxModel {
  return {
    x,
    gradient,
    ...(hessian && { hessian }),
    ...(hessian && objective.kinks && { kinks: objective.kinks(x) }),
    product: (v: Vector, out: Vector): void => objective.hessianVector(x, v, out),
  };
}

/**
 * D: curvatures that change the gradient by `|g| + |H| |x|` over the size of x, so that `D⁻¹HD⁻¹` is of size 1 in all
 * variables.
 */
function setScale(scale: Vector, { rows: n, data }: Matrix, x: Vector, g: Vector): void {
  for (let i = 0; i < n; i++) {
    let change = Math.abs(g[i]);
    for (let j = 0; j < n; j++) change += Math.abs(data[i * n + j]) * Math.max(1, Math.abs(x[j]));
    scale[i] = Math.sqrt(change / Math.max(1, Math.abs(x[i]))) || 1;
  }
}

/** Δ at the start: as far as from there to 0, or as the Cauchy step would be long if H were D². */
function firstRadius({ x, gradient, faces }: BoundNewtonState): number {
  return Math.max(lengthOf(faces, x), norm2(gradient.map((gi, i) => gi / faces.scale[i]))) || 1;
}

/**
 * Δ after a bad trial: the least point of the parabola through what is known along p, between a thirtieth and a half of
 * it.
 */
function shorter(length: number, promised: number, actual: number, slope: number): number {
  if (!Number.isFinite(actual)) return length / 10;
  const curvature = -actual - slope; // of φ(t) = f + slope t + curvature t²
  const least = slope < 0 && curvature > 0 ? -slope / (2 * curvature) : 0.25;
  return length * Math.max(0.03, Math.min(actual > 0.1 * promised ? 0.5 : 0.25, least));
}

/** Ends the run where nothing moves any more. */
function look(state: BoundNewtonState, isSame: boolean, trialValue: number): void {
  countIdle(state);
  if (!isSame && state.idle < PATIENCE) return;
  state.stop = isSame && !Number.isFinite(trialValue)
    ? { status: "non-finite", message: `value ${trialValue} at each step, however short` }
    : {
      status: "stalled-at-precision",
      message: `no lower value or projected gradient in ${state.idle} iterations; it is ${figure(state.estimate)}`,
    };
}
