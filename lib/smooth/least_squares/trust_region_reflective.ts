/**
 * Least squares in a box by trust regions and reflected steps.
 *
 * ```
 * minimize f = ½ |r(x)|²  subject to  l <= x <= u,   l < x < u at every iterate
 * q(s), D, C, ĝ: the model in scaled coordinates of `reflective_model.ts`, the scales w the largest norms of the columns of J so far
 * p = argmin q(s), |s| <= Δ                                          by the singular values of [J D; √C]
 * s = the best of   p;  or where x + D p leaves the box, the point at which it does being x + D τp:
 *     θ τp,   τp + t p',  p' = p mirrored in the bound,   -t ĝ        each as far as box and ball allow, and θ
 * θ = max(0.995, 1 - maxⱼ |vⱼ gⱼ|)
 * ρ = (f(x) - f(x + D s) - ½ s·C s) / -q(s)
 * ρ > 10⁻⁴: x ← x + D s;    ρ < ¼: Δ ← |s|/4;    ρ > ¾ and |s| > 0.95 Δ: Δ ← 2 Δ
 * ```
 *
 * It iterates until rounding forbids more: where `-q(s)` is lost in the rounding of f, a step is taken as long as it
 * brings the measure of convergence, in the variables wⱼxⱼ, down by a tenth.
 *
 * Source: Branch, Coleman and Li, A subspace, interior, and conjugate gradient method for large-scale bound-constrained
 * minimization problems (1999), with the subproblem solved in the whole space; Moré, The Levenberg-Marquardt algorithm:
 * implementation and theory (1978), for w.
 *
 * @module
 */
import {
  type BoundedLeastSquares,
  DomainError,
  everyBound,
  figure,
  isFiniteVector,
  norm2,
  projectedGradientNorm,
  type Solver,
  type Vector,
  vectors,
  writeJacobian,
} from "../../core/mod.ts";
import { leastInBall } from "../trust_region/spectral_model.ts";
import { halfSquares, linearModelOf, roundingOf, updateScales, writeGradient } from "./model.ts";
import { type LinearizedState, moveTo, settles, type Trial } from "./move.ts";
import {
  type Box,
  isFixed,
  ReflectiveModel,
  type ReflectiveRoom,
  reflectiveRoom,
  type Scaling,
  scalingAt,
  within,
} from "./reflective_model.ts";

/** The state: the linear model at x, the box, and the region. */
export interface TrustRegionReflectiveState extends LinearizedState {
  /** `|x - P(x - Jᵀr)|∞`. */
  estimate: number;
  /** The bounds. */
  readonly box: Box;
  /** `w`. */
  readonly scales: Vector;
  /** Work space. */
  readonly room: ReflectiveRoom;
  /** `Δ`. */
  radius: number;
}

const ACCEPT = 1e-4, NEAR = 0.995, MOST_TRIALS = 60, MARGIN = 1e-10;

/**
 * The trust-region reflective method for least squares in a box, dense: a step costs a Jacobian matrix, a singular
 * value decomposition, and an evaluation of the residuals for each trial. Variables whose bounds are equal stay there.
 *
 * All iterates lie strictly between the bounds. A start on a bound is moved inside by about 1e-10 of its size; at a
 * solution on a bound the iterates come as near to it as their numbers can.
 *
 * @throws {DomainError} In `init` when the start is outside the bounds.
 *
 * @example Rosenbrock's valley, its end out of reach
 * ```ts
 * import { type BoundedLeastSquares, solve } from "@gradus/gradus/core";
 * import { trustRegionReflective } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const valley: BoundedLeastSquares = {
 *   kind: "least-squares",
 *   dimension: 2,
 *   residual: {
 *     components: 2,
 *     value: (x, out) => {
 *       out[0] = 10 * (x[1] - x[0] ** 2);
 *       out[1] = 1 - x[0];
 *     },
 *     jacobianVector: (x, v, out) => {
 *       out[0] = -20 * x[0] * v[0] + 10 * v[1];
 *       out[1] = -v[0];
 *     },
 *     jacobianTransposeVector: (x, w, out) => {
 *       out[0] = -20 * x[0] * w[0] - w[1];
 *       out[1] = 10 * w[0];
 *     },
 *   },
 *   upper: Float64Array.of(0.5, Infinity),
 * };
 * const { status, x } = solve(valley, trustRegionReflective(), { start: [-1.2, 1] });
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 0.5, 1e-9);
 * assertAlmostEquals(x[1], 0.25, 1e-9);
 * ```
 */
export function trustRegionReflective(): Solver<BoundedLeastSquares, TrustRegionReflectiveState> {
  return {
    name: "trust-region reflective",
    options: {},
    reference: {
      title:
        "A subspace, interior, and conjugate gradient method for large-scale bound-constrained minimization problems",
      authors: "Branch, Coleman, Li",
      year: 1999,
      identifier: "doi:10.1137/S1064827595289108",
    },
    needs: ["residual.value", "residual.jacobianVector"],
    init: (problem, start) => {
      const [lower, upper] = everyBound(problem.dimension, problem);
      const box = { lower: lower.slice(), upper: upper.slice() }, x = inside(start.x, box);
      const model = linearModelOf(problem);
      problem.residual.value(x, model.residual);
      const state: TrustRegionReflectiveState = {
        x,
        value: halfSquares(model.residual),
        estimate: NaN,
        model,
        box,
        scales: new Float64Array(x.length),
        room: reflectiveRoom(model.jacobian),
        radius: NaN,
      };
      linearize(problem, state);
      const { D } = scalingOf(state);
      state.radius = norm2(x.map((xj, j) => D[j] > 0 ? xj / D[j] : 0)) || 1;
      return state;
    },
    step(problem, state) {
      const { x, box, room, model: { jacobian, residual } } = state, scaling = scalingOf(state);
      const model = ReflectiveModel.at(x, box, scaling, jacobian, residual, room), p = new Float64Array(x.length);
      const theta = Math.max(NEAR, 1 - scaling.optimality), unseen = roundingOf(state.model, x);
      const relinearize = (): void => linearize(problem, state);
      let fruitless = 0;
      for (let k = 0; model && k < MOST_TRIALS; k++) {
        leastInBall(model.spectrum, state.radius, p, 0);
        const { step, promised } = model.choose(p, state.radius, theta), length = norm2(step);
        const to = model.moved(step);
        if (!(promised > 0) || to.every((xj, j) => xj === x[j])) break;
        const trial = evaluated(problem, to);
        if (promised <= unseen && Math.abs(state.value - trial.value) <= 10 * unseen) {
          if (settles(state, trial, relinearize, scaledMeasure)) return;
          if (++fruitless === 2) break;
          state.radius = length / 3; // where residuals are large Gauss and Newton's steps are too long
          continue;
        }
        const rho = (state.value - trial.value - model.excess(step)) / promised;
        if (!(rho >= 0.25)) state.radius = length / 4;
        else if (rho > 0.75 && length > 0.95 * state.radius) state.radius *= 2;
        if (rho > ACCEPT && isFiniteVector(trial.residual)) return moveTo(state, trial, relinearize);
      }
      state.stop = model && Number.isFinite(state.value)
        ? { status: "stalled-at-precision", message: `no step lowers ½|r|² = ${figure(state.value)} beyond rounding` }
        : { status: "non-finite", message: `½|r|² is ${state.value}, its Jacobian matrix or a scaled one not finite` };
    },
    point: (_, { x }) => ({ x }),
  };
}

/** The start, moved off the bounds. */
function inside(start: Vector, box: Box): Vector {
  return start.map((xj, j) => {
    const low = box.lower[j], high = box.upper[j];
    if (!(xj >= low && xj <= high)) {
      throw new DomainError(
        `Cannot run trust-region reflective: expected a start within the bounds, got ${xj} outside [${low}, ${high}] at ${j}`,
      );
    }
    if (isFixed(box, j)) return xj;
    const margin = Math.min(MARGIN * Math.max(1, Math.abs(xj)), (high - low) / 4);
    return within(box, j, Math.max(low + margin, Math.min(high - margin, xj)));
  });
}

function evaluated({ residual: { components, value } }: BoundedLeastSquares, x: Vector): Trial {
  const residual = new Float64Array(components);
  value(x, residual);
  return { x, residual, value: halfSquares(residual) };
}

/** J, its gradient and the scales at the state's x. */
function linearize(problem: BoundedLeastSquares, state: TrustRegionReflectiveState): void {
  const { x, model: { residual, jacobian: J, gradient }, scales, box: { lower, upper } } = state;
  writeJacobian(problem.residual, x, J);
  writeGradient(J, residual, gradient);
  state.estimate = projectedGradientNorm(x, gradient, lower, upper);
  updateScales(J, 1, scales);
}

function scalingOf({ x, box, model: { gradient }, scales, room }: TrustRegionReflectiveState): Scaling {
  return scalingAt(x, box, gradient, scales, room.scaling);
}

/** The measure in the variables `wⱼ xⱼ`. */
function scaledMeasure(
  { x, model: { gradient }, scales: w, box: { lower, upper } }: TrustRegionReflectiveState,
): number {
  const n = x.length, [scaledX, scaledGradient, low, high] = vectors(n, 4);
  for (let j = 0; j < n; j++) {
    scaledX[j] = w[j] * x[j];
    scaledGradient[j] = gradient[j] / w[j];
    low[j] = w[j] * lower[j];
    high[j] = w[j] * upper[j];
  }
  return projectedGradientNorm(scaledX, scaledGradient, low, high);
}
