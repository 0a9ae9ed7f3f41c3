/**
 * The super-universal Newton method: regularized by a power of the gradient, for convex functions of any Hölder class.
 *
 * ```
 * λ = C |g|^α,   d = -(∇²f(x) + λ I)⁻¹ g
 * ⟨∇f(x + d), -d⟩ >= |∇f(x + d)|² / (4 λ):   x ← x + d,  C ← C/4;    else C ← 4C, and once more
 * ```
 *
 * Source: Doikov, Mishchenko and Nesterov, Super-universal regularized Newton method (2022), arXiv 2208.05888.
 *
 * @module
 */
import {
  checkPositive,
  copy,
  DomainError,
  dot,
  norm2,
  normInf,
  type Solver,
  type State,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { evaluated } from "../evaluated.ts";
import { noTrial } from "../failure.ts";
import { modelSteps, type Prepared } from "./hessian_model.ts";

/** Options of `superUniversalNewton`. */
export interface SuperUniversalOptions {
  /** `α`, from 0 to 1. Default 2/3, which the rates of all classes allow. */
  readonly power?: number;
  /** The first `C`. Default 1. */
  readonly constant?: number;
}

/** The state. */
export interface SuperUniversalState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** `C`. */
  constant: number;
  /** Room for d, and the points and gradients of trials. */
  readonly room: readonly [Vector, Vector, Vector];
  /** What the steps remember. */
  readonly memory: Prepared;
}

/**
 * The super-universal Newton method.
 *
 * @throws {DomainError} When α is not in [0, 1], or C is not positive.
 */
export function superUniversalNewton(options: SuperUniversalOptions = {}): Solver<TwiceSmooth, SuperUniversalState> {
  const { power = 2 / 3, constant = 1 } = options, model = modelSteps("exact");
  if (!(power >= 0 && power <= 1)) {
    throw new DomainError(`Cannot run the super-universal Newton method: expected α in [0, 1], got ${power}`);
  }
  checkPositive("run the super-universal Newton method", "C", constant);
  return {
    name: "super-universal Newton",
    options: { power, constant },
    reference: {
      title: "Super-universal regularized Newton method",
      authors: "Doikov, Mishchenko, Nesterov",
      year: 2022,
      identifier: "arXiv:2208.05888",
    },
    needs: model.needs,
    init: (problem, start) => {
      const n = start.x.length, room = [new Float64Array(n), new Float64Array(n), new Float64Array(n)] as const;
      return { ...evaluated(problem, start.x), constant, room, memory: model.init(n) };
    },
    step(problem, state) {
      const { x, gradient, room: [d, trial, next], memory } = state, size = norm2(gradient) ** power;
      if (!model.prepare(problem, x, memory)) {
        state.stop = { status: "non-finite", message: "the Hessian is not finite" };
        return;
      }
      let value = NaN, moves = true;
      while (moves && state.constant * size < Infinity) {
        const lambda = state.constant * size;
        if (model.step(gradient, lambda, memory, d)) {
          for (let i = 0; i < x.length; i++) trial[i] = x[i] + d[i];
          value = problem.gradient(trial, next);
          if (Number.isFinite(value) && -dot(next, d) >= dot(next, next) / (4 * lambda)) {
            copy(trial, x);
            copy(next, gradient);
            state.value = value;
            state.estimate = normInf(gradient);
            state.constant /= 4;
            return;
          }
          moves = trial.some((v, i) => v !== x[i]);
        }
        state.constant *= 4;
      }
      state.stop = noTrial(state, value);
    },
    point: (_, { x }) => ({ x }),
  };
}
