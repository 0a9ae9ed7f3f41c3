/**
 * Newton's method regularized by the gradient, with an approximate Hessian H(x): gradient-normalized smoothness.
 *
 * ```
 * λ = |g|* / γ,   d = -(H(x) + λ B)⁻¹ g,   |g|*² = gᵀB⁻¹g
 * f(x) - f(x + d) >= |∇f(x + d)|*² / (8 λ):   x ← x + d,  γ ← max(2γ, γ_min);    else γ ← γ/2, and once more
 * ```
 *
 * γ(x), the gradient-normalized smoothness, is the largest radius in which H linearizes the gradient field with a
 * relative error. The search finds it without knowing the class of f: Hölder Hessians or third derivatives,
 * self-concordance, or, with H = 0, a Lipschitz gradient. γ may grow without bound near a minimizer, which gives the
 * fast rate there.
 *
 * Source: Semenov, Jaggi and Doikov, Gradient-normalized smoothness for optimization with approximate Hessians (2025),
 * arXiv 2506.13710.
 *
 * @module
 */
import {
  checkPositive,
  copy,
  type Matrix,
  normInf,
  type Smooth,
  type Solver,
  type State,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { evaluated } from "../evaluated.ts";
import { noTrial } from "../failure.ts";
import { type HessianModel, modelSteps, type Prepared } from "./hessian_model.ts";

/** Options of `gnsNewton`. */
export interface GnsOptions {
  /** `H`. Default the exact Hessian. */
  readonly hessian?: HessianModel;
  /** `B`, symmetric positive definite. Default I. */
  readonly norm?: Matrix;
  /** The first `γ`. Default 1. */
  readonly radius?: number;
  /** Whether γ stays as it is, and every step is taken. Default false. */
  readonly fixed?: boolean;
}

/** The state. */
export interface GnsState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** `γ`. */
  radius: number;
  /** The systems with `H + λB` that were solved. */
  solves: number;
  /** Room for d, and the points and gradients of trials. */
  readonly room: readonly [Vector, Vector, Vector];
  /** What the model remembers. */
  readonly memory: Prepared;
}

const LEAST = 1e-9, TRIALS = 40;

/**
 * Newton's method with gradient-normalized smoothness, for any model of the Hessian.
 *
 * @throws {DomainError} When γ is not positive; {NotPositiveDefiniteError} when B is not.
 *
 * @example With the Hessian, and without
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { gnsNewton } from "@gradus/gradus/smooth";
 * import { assert } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10, 100]);
 * const exact = solve(problem, gnsNewton(), { start }), none = solve(problem, gnsNewton({ hessian: "none" }), { start });
 * assert(exact.status === "converged" && none.status === "converged" && exact.iterations < none.iterations);
 * ```
 */
export function gnsNewton(
  options: GnsOptions & { readonly hessian: Exclude<HessianModel, "exact"> },
): Solver<Smooth, GnsState>;
/** With the exact Hessian. */
export function gnsNewton(options?: GnsOptions): Solver<TwiceSmooth, GnsState>;
export function gnsNewton(options: GnsOptions = {}): Solver<TwiceSmooth, GnsState> {
  const { hessian = "exact", norm, radius = 1, fixed = false } = options, model = modelSteps(hessian, norm);
  checkPositive("run GNS-Newton", "γ", radius);
  return {
    name: `GNS-Newton (${model.name})`,
    options: { hessian: model.name, norm: norm ? "given" : "I", radius, fixed },
    reference: {
      title: "Gradient-normalized smoothness for optimization with approximate Hessians",
      authors: "Semenov, Jaggi, Doikov",
      year: 2025,
      identifier: "arXiv:2506.13710",
    },
    needs: model.needs,
    traced: ["solves"],
    init: (problem, start) => {
      const n = start.x.length, room = [new Float64Array(n), new Float64Array(n), new Float64Array(n)] as const;
      return { ...evaluated(problem, start.x), radius, solves: 0, room, memory: model.init(n) };
    },
    step(problem, state) {
      const { x, gradient, room: [d, trial, next], memory } = state;
      if (!model.prepare(problem, x, memory)) {
        state.stop = { status: "non-finite", message: "the model of the Hessian is not finite, or not semidefinite" };
        return;
      }
      const size = Math.sqrt(model.dualSquare(gradient, memory)), slack = 1e-15 * Math.abs(state.value);
      let value = NaN;
      for (let k = 0; k < TRIALS; k++) {
        const lambda = size / state.radius;
        if (model.step(gradient, lambda, memory, d)) {
          state.solves++;
          for (let i = 0; i < x.length; i++) trial[i] = x[i] + d[i];
          value = problem.gradient(trial, next);
          const isFinite = Number.isFinite(value + normInf(next));
          if (isFinite && (fixed || state.value - value >= model.dualSquare(next, memory) / (8 * lambda) - slack)) {
            copy(trial, x);
            copy(next, gradient);
            state.value = value;
            state.estimate = normInf(gradient);
            if (!fixed) state.radius = Math.max(2 * state.radius, LEAST);
            return;
          }
        }
        if (fixed) break;
        state.radius /= 2;
      }
      state.stop = noTrial(state, value);
    },
    point: (_, { x }) => ({ x }),
  };
}
