/**
 * The exact augmented Lagrangian, a smooth function of x and λ together whose minimizers are solutions of the
 * constrained problem where η₁ is large and η₂ is small enough:
 *
 * ```
 * M(x, λ) = L + η₁/2 |c|² + η₂/2 |∇L|²,   L = f + λᵀc
 * ∇ₓM = ∇L + η₂ H ∇L + η₁ Jᵀc,   ∇_λM = c + η₂ J ∇L,   H = ∇²f + Σ λᵢ ∇²cᵢ
 * ```
 *
 * H is the Hessian of the Lagrangian: with that of f alone the slope is wrong wherever constraints are curved.
 *
 * Source: Hong, Na, Mahoney and Kolar, Constrained optimization via exact augmented Lagrangian and randomized iterative
 * sketching (2023), arXiv 2305.18379.
 *
 * @module
 */
import { axpy, copy, DomainError, dot, type Smooth, type Vector } from "../core/mod.ts";
import { matvec } from "../linalg/mod.ts";
import { evaluate, type FirstOrder, type KktState } from "./kkt.ts";
import { checkEqualities, type TwiceEqualityConstrained } from "./problem.ts";

/** η₁ and η₂. */
export interface Penalties {
  /** η₁, of the violation. */
  readonly violation: number;
  /** η₂, of the gradient of the Lagrangian. */
  readonly stationarity: number;
}

/** Refuses penalties that are not positive. */
export function checkPenalties(verb: string, { violation, stationarity }: Penalties): void {
  if (violation > 0 && violation < Infinity && stationarity > 0 && stationarity < Infinity) return;
  throw new DomainError(`Cannot ${verb}: expected positive penalties, got ${violation} and ${stationarity}`);
}

/** M at a point of which R is known. */
export function meritOf({ multipliers, value, residual: R }: FirstOrder, eta1: number, eta2: number): number {
  const n = R.length - multipliers.length, c = R.subarray(n), gradient = R.subarray(0, n);
  return value + dot(multipliers, c) + eta1 / 2 * dot(c, c) + eta2 / 2 * dot(gradient, gradient);
}

/** `∇M·z` at the point of a state with J and H. */
export function meritSlope(state: KktState, eta1: number, eta2: number): number {
  const { residual: R, direction: z, jacobian: J, hessian: H, room } = state, n = H.rows;
  const x = z.subarray(0, n), Hx = room.subarray(0, n), Jx = room.subarray(n);
  let slope = dot(R, z);
  matvec(H, x, Hx);
  matvec(J, x, Jx);
  slope += eta2 * dot(R.subarray(0, n), Hx) + eta1 * dot(R.subarray(n), Jx);
  for (let i = 0; i < J.rows; i++) {
    slope += eta2 * z[n + i] * dot(J.data.subarray(i * n, (i + 1) * n), R.subarray(0, n));
  }
  return slope;
}

/**
 * M as a smooth problem in the n + m variables `(x, λ)`: a method for smooth problems then solves the constrained one,
 * where η₁ is large and η₂ small enough; else M has stationary points that are none of it. In units of a gradient of f
 * a value of M costs 3, a gradient 9.
 *
 * @throws {DomainError} When a penalty is not positive, there are more equalities than variables, or bounds or
 * inequalities.
 *
 * @example The unit circle's lowest point, by a quasi-Newton method
 * ```ts
 * import { dot, type Operand, subtract, take, objective, vectorFunction } from "@gradus/gradus/autodiff";
 * import { exactAugmentedLagrangian } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { lbfgs } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const M = exactAugmentedLagrangian({
 *   kind: "constrained",
 *   objective: objective((x: Operand) => take(x, 1), { dimension: 2 }),
 *   constraints: { equality: vectorFunction((x: Operand) => subtract(dot(x, x), 1), { dimension: 2 }) },
 * }, { violation: 10, stationarity: 0.1 });
 * const { x } = solve(M, lbfgs(), { start: [0.5, -0.5, 0] });
 * assertAlmostEquals(x[1], -1, 1e-8);
 * assertAlmostEquals(x[2], 0.5, 1e-8); // λ
 * ```
 */
export function exactAugmentedLagrangian(
  problem: TwiceEqualityConstrained,
  penalties: Penalties = { violation: 1, stationarity: 0.1 },
): Smooth {
  const verb = "make an exact augmented Lagrangian", { violation: eta1, stationarity: eta2 } = penalties;
  checkPenalties(verb, penalties);
  checkEqualities(verb, problem);
  const { objective, constraints: { equality }, name } = problem, n = objective.dimension, m = equality.components;
  const product = new Float64Array(n), gradient = new Float64Array(n), residual = new Float64Array(n + m);
  const at = (point: Vector): FirstOrder => {
    const here = { x: point.subarray(0, n), multipliers: point.subarray(n), value: NaN, gradient, residual };
    evaluate(problem, here);
    return here;
  };
  return {
    kind: "smooth",
    dimension: n + m,
    name: `exact augmented Lagrangian of ${name ?? "a problem"}`,
    costs: { value: 3, gradient: 9 },
    value: (point) => meritOf(at(point), eta1, eta2),
    gradient: (point, out) => {
      const here = at(point),
        { x, multipliers } = here,
        gradientOfL = residual.subarray(0, n),
        c = residual.subarray(n);
      copy(residual, out);
      const overX = out.subarray(0, n), overMultipliers = out.subarray(n);
      objective.hessianVector(x, gradientOfL, product);
      axpy(eta2, product, overX);
      equality.hessianVector(x, multipliers, gradientOfL, product);
      axpy(eta2, product, overX);
      equality.jacobianTransposeVector(x, c, product);
      axpy(eta1, product, overX);
      equality.jacobianVector(x, gradientOfL, product.subarray(0, m));
      axpy(eta2, product.subarray(0, m), overMultipliers);
      return meritOf(here, eta1, eta2);
    },
  };
}
