/**
 * Gradient methods preconditioned by the symmetric polynomial of a curvature matrix B, `μB <= ∇²f(x) <= LB`.
 *
 * ```
 * P = Pₜ(B),   ρ = L λ₁(P B)
 * gradient        x⁺ = x - P ∇f(x) / ρ
 * fast gradient   x⁺ = y - P ∇f(y) / ρ,   y⁺ = x⁺ + b (x⁺ - x),   b = (s - 1)/s⁺,  s⁺ = (1 + √(1 + 4s²))/2,  s = 1 at first;
 *                 s ← 1 where ⟨∇f(y), x⁺ - x⟩ > 0
 * ```
 *
 * B is that of a model with a linear part, as `AᵀA` for losses of Ax. `Pₜ` cuts the t largest gaps of the spectrum of
 * B: the rate is that of a problem without its t largest eigenvalues. The fast method is Nesterov's in the norm of
 * `P⁻¹`, with restarts.
 *
 * Source: Doikov and Rodomanov, Polynomial preconditioning for gradient methods (2023), arXiv 2301.13194;
 * O'Donoghue and Candès, Adaptive restart for accelerated gradient schemes (2015), section 3.2.
 *
 * @module
 */
import {
  checkPositive,
  DomainError,
  normInf,
  type Reference,
  ShapeError,
  type Smooth,
  type Solver,
  type SparseEntries,
  sparseMatrix,
  type State,
  type Vector,
} from "../core/mod.ts";
import { evaluated } from "./evaluated.ts";
import { eigsh, symmetricPolynomial } from "../linalg/mod.ts";

/** Options of the gradient methods. */
export interface PolynomialGradientOptions {
  /** `B`, symmetric positive semidefinite. */
  readonly curvature: SparseEntries;
  /** `t`, from 0 to 4 and below n. Default 2. */
  readonly degree?: number;
  /** `L`, relative to B. Default 1. */
  readonly smoothness?: number;
}

/** The state of `polynomialGradient`. */
export interface PolynomialGradientState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** `P ∇f(x)`. */
  readonly direction: Vector;
}

/** The state of `fastPolynomialGradient`. */
export interface FastPolynomialGradientState extends State {
  /** `y`. */
  readonly y: Vector;
  /** `∇f(y)`. */
  readonly gradient: Vector;
  /** `P ∇f(y)`. */
  readonly direction: Vector;
  /** `s`. */
  s: number;
}

/** Where the methods come from. */
export const reference: Reference = {
  title: "Polynomial preconditioning for gradient methods",
  authors: "Doikov, Rodomanov",
  year: 2023,
  identifier: "arXiv:2301.13194",
};

/**
 * The gradient method with the symmetric-polynomial preconditioner. A step costs a gradient and t products with B.
 *
 * @throws {ShapeError} When B is not square, or in `init` not of the problem's order.
 * @throws {DomainError} When B is not symmetric positive semidefinite, the degree out of range, or L not positive.
 *
 * @example One large eigenvalue costs nothing
 * ```ts
 * import { gradientNorm, solve } from "@gradus/gradus/core";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { polynomialGradient } from "@gradus/gradus/smooth";
 * import { assert } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 1, 10_000]);
 * const curvature = fromTriplets(3, 3, [0, 1, 2], [0, 1, 2], [1, 1, 10_000]);
 * const result = solve(problem, polynomialGradient({ curvature, degree: 1 }), { start, stop: gradientNorm({ absolute: 1e-6 }) });
 * assert(result.status === "converged" && result.iterations < 60);
 * ```
 */
export function polynomialGradient(options: PolynomialGradientOptions): Solver<Smooth, PolynomialGradientState> {
  const name = "polynomial gradient", { precondition, step, degree, smoothness } = prepared(name, options);
  return {
    name,
    options: { degree, smoothness },
    reference,
    needs: ["gradient"],
    init: (problem, start) => {
      checkOrder(name, options.curvature, start.x);
      return { ...evaluated(problem, start.x), direction: new Float64Array(start.x.length) };
    },
    step(problem, state) {
      const { x, gradient, direction } = state;
      precondition(gradient, direction);
      for (let i = 0; i < x.length; i++) x[i] -= step * direction[i];
      state.value = problem.gradient(x, gradient);
      state.estimate = normInf(gradient);
    },
    point: (_, { x }) => ({ x }),
  };
}

/**
 * Nesterov's method with the symmetric-polynomial preconditioner.
 *
 * @throws {ShapeError} When B is not square, or in `init` not of the problem's order.
 * @throws {DomainError} When B is not symmetric positive semidefinite, the degree out of range, or L not positive.
 */
export function fastPolynomialGradient(
  options: PolynomialGradientOptions,
): Solver<Smooth, FastPolynomialGradientState> {
  const name = "fast polynomial gradient", { precondition, step, degree, smoothness } = prepared(name, options);
  return {
    name,
    options: { degree, smoothness },
    reference,
    needs: ["gradient"],
    init: (_, start) => {
      checkOrder(name, options.curvature, start.x);
      const x = start.x.slice(), n = x.length;
      return { x, value: NaN, y: x.slice(), gradient: new Float64Array(n), direction: new Float64Array(n), s: 1 };
    },
    step(problem, state) {
      const { x, y, gradient, direction } = state;
      problem.gradient(y, gradient);
      precondition(gradient, direction);
      const next = (1 + Math.sqrt(1 + 4 * state.s * state.s)) / 2, b = (state.s - 1) / next;
      let uphill = 0;
      for (let i = 0; i < x.length; i++) {
        const moved = y[i] - step * direction[i], change = moved - x[i];
        uphill += gradient[i] * change;
        y[i] = moved + b * change;
        x[i] = moved;
      }
      state.s = next;
      if (uphill > 0) {
        y.set(x);
        state.s = 1;
      }
    },
    point: (_, { x }) => ({ x }),
  };
}

/** P up to a factor, and `1/ρ` for it. */
function prepared(name: string, { curvature, degree = 2, smoothness = 1 }: PolynomialGradientOptions) {
  checkPositive(`run ${name}`, "L", smoothness);
  const P = symmetricPolynomial(curvature, degree), B = sparseMatrix(curvature), room = new Float64Array(B.rows);
  const apply = (v: Vector, out: Vector): void => {
    B.apply(v, room);
    P.apply(room, out);
  };
  const product = { rows: B.rows, columns: B.rows, apply, applyTranspose: apply }, { values } = eigsh(product, 1);
  const largest = values[0] * (1 + 1e-8);
  if (!(largest > 0)) throw new DomainError(`Cannot run ${name}: expected a curvature other than 0`);
  return { precondition: P.apply, step: 1 / (smoothness * largest), degree, smoothness };
}

/** Refuses a curvature of another order than x. */
export function checkOrder(name: string, B: { readonly rows: number; readonly columns: number }, x: Vector): void {
  if (B.rows === x.length && B.columns === x.length) return;
  throw new ShapeError(`Cannot run ${name}: expected a curvature of order ${x.length}, got ${B.rows} x ${B.columns}`);
}
