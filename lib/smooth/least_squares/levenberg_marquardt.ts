/**
 * The method of Levenberg and Marquardt for nonlinear least squares, with geodesic acceleration.
 *
 * ```
 * minimize f = ½ |r(x)|²
 * p = argmin |J p + r|² + μ |D p|²,   Dⱼ the largest norm that column j of J had so far
 * a = ½ argmin |J a + r''(p, p)|² + μ |D a|²,   r''(p, p) ≈ (2/h) ((r(x + hp) - r)/h - J p),   taken if 2 |Da| <= ¾ |Dp|
 * ρ = (f(x) - f(x + p + a)) / (f(x) - m(p)),   m(p) = ½ |r + J p|²
 * ρ > 10⁻⁴:  x ← x + p + a,  μ ← μ max(⅓, 1 - (2ρ - 1)³),  ν ← 2;    otherwise μ ← μν, ν ← 2ν, and again
 * ```
 *
 * It iterates until rounding forbids more: where the decrease that the model promises is lost in the rounding of f, a
 * step is taken as long as it brings the scaled gradient down.
 *
 * Source: Levenberg (1944); Marquardt (1963); Moré, The Levenberg-Marquardt algorithm: implementation and theory
 * (1978), for D; Nielsen, Damping parameter in Marquardt's method (1999), for μ; Transtrum and Sethna, Improvements to
 * the Levenberg-Marquardt algorithm for nonlinear least-squares minimization (2012), arXiv 1201.5885, for the
 * acceleration.
 *
 * @module
 */
import {
  along,
  checkNoBounds,
  checkPositive,
  DomainError,
  dot,
  figure,
  isFiniteVector,
  type LeastSquares,
  normInf,
  type Solver,
  type Vector,
  vectors,
  writeJacobian,
} from "../../core/mod.ts";
import {
  DampedSystem,
  halfSquares,
  linearModelOf,
  multiplyJacobian,
  scaled,
  updateScales,
  writeGradient,
} from "./model.ts";
import { type LinearizedState, moveTo, settles } from "./move.ts";

/** Options of `levenbergMarquardt`. */
export interface LevenbergMarquardtOptions {
  /** Whether steps bend with the second derivative along them, at one more evaluation of r each. Default true. */
  readonly acceleration?: boolean;
  /** The first μ. Default 1e-3. */
  readonly damping?: number;
  /**
   * The share of the scales D that stays from step to step, in [0, 1]. At 1, the default, they never fall, which keeps
   * parameters from running off; where columns of J fall by orders of magnitude on the way less gets on.
   */
  readonly memory?: number;
}

/** The state: the linear model at x, and the damping. */
export interface LevenbergMarquardtState extends LinearizedState {
  /** `|Jᵀr|∞`. */
  estimate: number;
  /** `D`. */
  readonly scales: Vector;
  /** `μ`. */
  mu: number;
  /** `ν`. */
  nu: number;
}

const ACCEPT = 1e-4, BEND = 0.75, PROBE = 0.1, MOST_TRIALS = 60;

/**
 * The method of Levenberg and Marquardt. A step costs a Jacobian matrix, a factorization of it, and for each trial one
 * or two evaluations of the residuals. There may be fewer residuals than variables; bounds are for
 * `trustRegionReflective`.
 *
 * @throws {DomainError} When the damping is not positive, or the memory not in [0, 1]; in `init` on a problem with
 * bounds.
 *
 * @example Rosenbrock's function as a sum of squares
 * ```ts
 * import { type LeastSquares, measureBelow, solve } from "@gradus/gradus/core";
 * import { levenbergMarquardt } from "@gradus/gradus/smooth";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const valley: LeastSquares = {
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
 * };
 * const result = solve(valley, levenbergMarquardt(), { start: [-1.2, 1] });
 * assertEquals(result.status, "converged");
 * assert(result.counts.calls["residual.value"] <= 40);
 * ```
 */
export function levenbergMarquardt(
  options: LevenbergMarquardtOptions = {},
): Solver<LeastSquares, LevenbergMarquardtState> {
  const { acceleration = true, damping = 1e-3, memory = 1 } = options;
  checkPositive("run Levenberg-Marquardt", "a damping", damping);
  if (!(memory >= 0 && memory <= 1)) {
    throw new DomainError(`Cannot run Levenberg-Marquardt: expected a memory in [0, 1], got ${memory}`);
  }
  return {
    name: acceleration ? "Levenberg-Marquardt" : "Levenberg-Marquardt (straight)",
    options: { acceleration, damping, memory },
    reference: {
      title: "The Levenberg-Marquardt algorithm: implementation and theory",
      authors: "Moré",
      year: 1978,
      identifier: "doi:10.1007/BFb0067700",
    },
    needs: ["residual.value", "residual.jacobianVector"],
    init: (problem, start) => {
      checkNoBounds("run Levenberg-Marquardt", problem);
      const x = start.x.slice(), model = linearModelOf(problem);
      problem.residual.value(x, model.residual);
      const state: LevenbergMarquardtState = {
        x,
        value: halfSquares(model.residual),
        estimate: NaN,
        model,
        scales: new Float64Array(x.length),
        mu: damping,
        nu: 2,
      };
      linearize(problem, state, memory);
      return state;
    },
    step(problem, state) {
      const { x, model, scales } = state, { residual: r, jacobian: J, gradient } = model, n = x.length;
      const system = new DampedSystem(J), [trial, p, Dp] = vectors(n, 3), [next, Jp] = vectors(r.length, 2);
      const unseen = 1e-14 * state.value;
      const relinearize = (): void => linearize(problem, state, memory);
      for (let k = 0; k < MOST_TRIALS; k++) {
        system.damp(state.mu, scales);
        system.solve(r, p);
        multiplyJacobian(J, p, Jp);
        const promised = -dot(gradient, p) - dot(Jp, Jp) / 2;
        if (!(scaled(p, scales, Dp) > 1e-16 * scaled(x, scales, Dp)) || !(promised > 0)) break;
        if (acceleration && promised > unseen) bend(problem, state, system, p, Jp);
        for (let j = 0; j < n; j++) trial[j] = x[j] + p[j];
        problem.residual.value(trial, next);
        const value = halfSquares(next),
          rho = (state.value - value) / promised,
          to = { x: trial, residual: next, value };
        if (rho > ACCEPT && isFiniteVector(next)) {
          state.mu = Math.max(1e-15, state.mu * Math.max(1 / 3, 1 - (2 * rho - 1) ** 3));
          state.nu = 2;
          return moveTo(state, to, relinearize);
        }
        if (promised <= unseen && Math.abs(state.value - value) <= 10 * unseen) {
          if (settles(state, to, relinearize, scaledGradient)) return;
          break;
        }
        state.mu *= state.nu;
        state.nu *= 2;
      }
      state.stop = Number.isFinite(state.value) && isFiniteVector(p)
        ? { status: "stalled-at-precision", message: `no step lowers ½|r|² = ${figure(state.value)} beyond rounding` }
        : { status: "non-finite", message: `½|r|² is ${state.value}, or the step not finite` };
    },
    point: (_, { x }) => ({ x }),
  };
}

/** J, its gradient and the scales at the state's x. */
function linearize(problem: LeastSquares, state: LevenbergMarquardtState, memory: number): void {
  const { model: { residual, jacobian: J, gradient }, scales } = state;
  writeJacobian(problem.residual, state.x, J);
  writeGradient(J, residual, gradient);
  state.estimate = normInf(gradient);
  updateScales(J, memory, scales);
}

function scaledGradient({ model: { gradient }, scales }: LevenbergMarquardtState): number {
  return gradient.reduce((s, g, j) => Math.max(s, Math.abs(g) / scales[j]), 0);
}

/** Adds the acceleration a to the step p, where it is small against it. */
function bend(
  problem: LeastSquares,
  { x, model: { residual: r }, scales }: LevenbergMarquardtState,
  system: DampedSystem,
  p: Vector,
  Jp: Vector,
): void {
  const [near, a, Dv] = vectors(x.length, 3), second = new Float64Array(r.length);
  along(x, PROBE, p, near);
  problem.residual.value(near, second);
  for (let i = 0; i < r.length; i++) second[i] = (2 / PROBE) * ((second[i] - r[i]) / PROBE - Jp[i]);
  if (!isFiniteVector(second)) return;
  system.solve(second, a);
  if (!(scaled(a, scales, Dv) <= BEND * scaled(p, scales, Dv))) return; // a is twice the acceleration here
  for (let j = 0; j < p.length; j++) p[j] += a[j] / 2;
}
