/**
 * The gradient method over Krylov subspaces of a curvature matrix B, `∇²f(x) <= LB`.
 *
 * ```
 * x⁺ = x + s,   s the least point of  ∇f(x)ᵀs + L/2 sᵀBs  in  span{g, Bg, …, Bᵗg}
 * ```
 *
 * That is t + 1 steps of conjugate gradients, so that no basis is stored. Of all polynomials of degree t it takes the
 * best one for this gradient: at least as good as the symmetric one, with no trace of B and no limit of t by
 * cancellation.
 *
 * Source: Doikov and Rodomanov, Polynomial preconditioning for gradient methods (2023), arXiv 2301.13194.
 *
 * @module
 */
import {
  axpy,
  checkPositive,
  copy,
  DomainError,
  type LinearOperator,
  normInf,
  type Smooth,
  type Solver,
  type State,
  type Vector,
} from "../core/mod.ts";
import { evaluated } from "./evaluated.ts";
import { cgCurvature, cgDirection, cgStart, cgStep, cgTurn, type CgWorkspace, cgWorkspace } from "../linalg/mod.ts";
import { negative } from "./descent.ts";
import { checkOrder, reference } from "./polynomial_gradient.ts";

/** Options of `krylovGradient`. */
export interface KrylovGradientOptions {
  /** `B`, symmetric positive semidefinite. */
  readonly curvature: LinearOperator;
  /** `t`. Default 2. */
  readonly degree?: number;
  /** `L`, relative to B. Default 1. */
  readonly smoothness?: number;
}

/** The state. */
export interface KrylovGradientState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** `L s`. */
  readonly direction: Vector;
  /** Conjugate gradients. */
  readonly cg: CgWorkspace;
}

/**
 * The Krylov gradient method. A step costs a gradient and t + 1 products with B.
 *
 * @throws {ShapeError} In `init`, when B is not of the problem's order.
 * @throws {DomainError} When t is no whole number of at least 0, or L is not positive.
 *
 * @example A quadratic function of three eigenvalues ends with t = 2
 * ```ts
 * import { gradientNorm, solve } from "@gradus/gradus/core";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { krylovGradient } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10, 100]);
 * const curvature = fromTriplets(3, 3, [0, 1, 2], [0, 1, 2], [1, 10, 100]);
 * assertEquals(solve(problem, krylovGradient({ curvature }), { start, stop: gradientNorm({ absolute: 1e-9 }) }).iterations, 1);
 * ```
 */
export function krylovGradient(options: KrylovGradientOptions): Solver<Smooth, KrylovGradientState> {
  const name = "Krylov gradient", { curvature: B, degree = 2, smoothness: L = 1 } = options;
  checkPositive(`run ${name}`, "L", L);
  if (!(Number.isSafeInteger(degree) && degree >= 0)) {
    throw new DomainError(`Cannot run ${name}: expected a degree of 0 or more, got ${degree}`);
  }
  return {
    name,
    options: { degree, smoothness: L },
    reference,
    needs: ["gradient"],
    init: (problem, start) => {
      checkOrder(name, B, start.x);
      const n = start.x.length;
      return { ...evaluated(problem, start.x), direction: new Float64Array(n), cg: cgWorkspace(n) };
    },
    step(problem, state) {
      const { x, gradient, direction: s, cg: w } = state;
      s.fill(0);
      negative(gradient, w.residual);
      cgStart(w);
      for (let j = 0; j <= degree; j++) {
        cgDirection(w);
        B.apply(w.direction, w.product);
        if (!(cgCurvature(w) > w.flat)) {
          if (j === 0) copy(w.direction, s);
          break;
        }
        cgTurn(w, cgStep(s, w));
      }
      axpy(1 / L, s, x);
      state.value = problem.gradient(x, gradient);
      state.estimate = normInf(gradient);
    },
    point: (_, { x }) => ({ x }),
  };
}
