/**
 * Minimization by a ball oracle: steps of length about r, each to the least point near another one.
 *
 * ```
 * x⁺ = argmin F + λ/2 |· - y|²,   λ such that  0.7 r <= |x⁺ - y| <= r,  or the least λ where x⁺ is near
 * plain         y = x
 * accelerated   λa² = A + a,   y = (A x + a v)/(A + a),   A⁺ = A + a,   v⁺ = v - a ∇F(x⁺)
 * ```
 *
 * The plain method needs about R/r calls, the accelerated one `(R/r)^(2/3)`, R the distance of the start; both up to
 * logarithms. y depends on λ, so that λ is found by bisection of its logarithm. For the largest of N losses, smoothed,
 * a ball of `r = ε'/L` is one in which F is nearly quadratic.
 *
 * Source: Carmon, Jambulapati, Jiang, Jin, Lee, Sidford and Tian, Acceleration with a ball optimization oracle (2020),
 * arXiv 2003.08078.
 *
 * @module
 */
import {
  along,
  axpy,
  checkPositive,
  copy,
  norm2,
  normInf,
  type Reference,
  rng,
  type Solver,
  type State,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { evaluated } from "../evaluated.ts";
import { newtonCg } from "../newton_cg.ts";

/** Options of `ballDescent` and `acceleratedBall`. */
export interface BallOptions {
  /** `r`. Default 1. */
  readonly radius?: number;
  /** The least λ; where it leaves x⁺ within r the step is taken. Default 1e-9. */
  readonly leastLambda?: number;
}

/** The state. */
export interface BallState extends State {
  /** `|∇F(x)|∞`. */
  estimate: number;
  /** `∇F(x)`. */
  readonly gradient: Vector;
  /** `v`. */
  readonly v: Vector;
  /** `A`. */
  weight: number;
  /** `λ`, of the last step. */
  lambda: number;
  /** Room for y, x⁺ and a difference. */
  readonly room: readonly [Vector, Vector, Vector];
}

const reference: Reference = {
  title: "Acceleration with a ball optimization oracle",
  authors: "Carmon, Jambulapati, Jiang, Jin, Lee, Sidford, Tian",
  year: 2020,
  identifier: "arXiv:2003.08078",
};

/**
 * A step is a call of the ball oracle, which is Newton-CG on `F + λ/2 |· - y|²`.
 *
 * @throws {DomainError} When r or the least λ is not positive.
 */
export function ballDescent(options: BallOptions = {}): Solver<TwiceSmooth, BallState> {
  return byBalls("ball descent", options, false);
}

/**
 * The accelerated method, for convex functions.
 *
 * @throws {DomainError} When r or the least λ is not positive.
 *
 * @example
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { acceleratedBall } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10, 100]);
 * assertEquals(solve(problem, acceleratedBall({ radius: 0.5 }), { start }).status, "converged");
 * ```
 */
export function acceleratedBall(options: BallOptions = {}): Solver<TwiceSmooth, BallState> {
  return byBalls("accelerated ball descent", options, true);
}

function byBalls(name: string, options: BallOptions, accelerates: boolean): Solver<TwiceSmooth, BallState> {
  const { radius: r = 1, leastLambda: least = 1e-9 } = options;
  checkPositive(`run ${name}`, "r", r);
  checkPositive(`run ${name}`, "λ", least);
  return {
    name,
    options: { radius: r, leastLambda: least },
    reference,
    needs: ["gradient", "hessianVector"],
    init: (problem, start) => {
      const first = evaluated(problem, start.x), n = first.x.length;
      const room = [new Float64Array(n), new Float64Array(n), new Float64Array(n)] as const;
      const lambda = Math.max(least, norm2(first.gradient) / r);
      return { ...first, v: first.x.slice(), weight: 0, lambda, room };
    },
    step(problem, state) {
      const { x, gradient, v, weight: A, room: [y, next, difference] } = state;
      let low = 0, high = Infinity, lambda = state.lambda, a = 0, isNear = false; // too small, and large enough
      for (let k = 0; k < 60; k++) {
        a = (1 + Math.sqrt(1 + 4 * lambda * A)) / (2 * lambda);
        if (accelerates) { for (let i = 0; i < x.length; i++) y[i] = (A * x[i] + a * v[i]) / (A + a); }
        else copy(x, y);
        if (!nearest(problem, y, lambda, r, next)) {
          state.stop = { status: "non-finite", message: "the value is not finite near x" };
          return;
        }
        along(next, -1, y, difference);
        const length = norm2(difference);
        isNear = length <= r;
        if (isNear && (length >= 0.7 * r || lambda <= least)) break;
        if (isNear) high = lambda;
        else low = lambda;
        if (high === Infinity) lambda *= 4;
        else if (low === 0) lambda = Math.max(least, lambda / 4);
        else lambda = Math.sqrt(low * high);
      }
      state.lambda = lambda;
      if (!isNear) {
        state.stop = { status: "stalled-at-precision", message: `no λ up to ${lambda} keeps a step within ${r}` };
        return;
      }
      copy(next, x);
      state.value = problem.gradient(x, gradient);
      state.estimate = normInf(gradient);
      state.weight += a;
      axpy(-a, gradient, v);
    },
    point: (_, { x }) => ({ x }),
  };
}

/** Writes the least point of `F + λ/2 |· - y|²`, to 1e-3 of λr in the gradient; false where a value is not finite. */
function nearest(problem: TwiceSmooth, y: Vector, lambda: number, r: number, out: Vector): boolean {
  const half = (x: Vector): number => {
    let square = 0;
    for (let i = 0; i < x.length; i++) square += (x[i] - y[i]) ** 2;
    return lambda / 2 * square;
  };
  const near: TwiceSmooth = {
    kind: "smooth",
    dimension: y.length,
    value: (x) => problem.value(x) + half(x),
    gradient: (x, g) => {
      const value = problem.gradient(x, g);
      for (let i = 0; i < x.length; i++) g[i] += lambda * (x[i] - y[i]);
      return value + half(x);
    },
    hessianVector: (x, w, hw) => {
      problem.hessianVector(x, w, hw);
      axpy(lambda, w, hw);
    },
  };
  const inner = newtonCg(), state = inner.init(near, { x: y }, { rng: rng(1) });
  for (let k = 0; k < 200 && !state.stop && state.estimate > 1e-3 * lambda * r && state.estimate > 1e-14; k++) {
    inner.step(near, state);
  }
  copy(state.x, out);
  return Number.isFinite(state.value);
}
