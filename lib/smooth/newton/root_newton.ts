/**
 * Damped Newton methods for convex functions, with steps that depend on `G = |∇f(x)|ₓ*` alone.
 *
 * ```
 * n = ∇²f(x)⁻¹ ∇f(x),   G = √(∇f(x)ᵀ n),   x⁺ = x - α n
 * RN     θ = (9 M)^(1/(q-1)) G^((q-2)/(q-1)),                  α = 1/(1 + θ)
 * UN     θ = σ G^((q-2)/(q-1)),  α = 1/(1 + θ);  σ ← 2σ until ⟨∇f(x⁺), n⟩ >= |∇f(x⁺)|ₓ*² / (2αθ);  then σ ← σ/2
 * AICN   α = (√(1 + 2 L G) - 1) / (L G)
 * ```
 *
 * `q = p + ν` in [2, 4]: the Hessian (p = 2) or the third derivative (p = 3) is ν-Hölder with M in the local norm
 * `|h|ₓ² = hᵀ∇²f(x) h`, not in the Euclidean one. `f - f* = O(k^(1-q))`, so `O(k⁻³)` for q = 4, by second derivatives
 * alone. RN minimizes a model with the regularizer `|y - x|ₓ^(2+β)`; UN does not need M.
 *
 * Source: Hanzely, Abdukhakimov and Takáč, Damped Newton method with near-optimal global O(k⁻³) convergence rate
 * (2024), arXiv 2405.18926; AICN: Hanzely, Kamzolov, Pasechnyuk, Gasnikov, Richtárik and Takáč, A damped Newton method
 * achieves global O(1/k²) and local quadratic convergence rate (2022), arXiv 2211.00140.
 *
 * @module
 */
import { checkPositive, DomainError, type Reference, type Solver, type TwiceSmooth } from "../../core/mod.ts";
import { noTrial } from "../failure.ts";
import { dampedNewton, type DampedNewtonState, tooHigh } from "./damped.ts";

/** Options of `rootNewton`. */
export interface RootNewtonOptions {
  /** `q`. Default 4. */
  readonly order?: number;
  /** `M`, a Hölder constant in the local norm. Default 1. */
  readonly constant?: number;
}

/** Options of `universalNewton`. */
export interface UniversalNewtonOptions {
  /** `q`. Default 4. */
  readonly order?: number;
  /** The first `σ`. Default 1. */
  readonly sigma?: number;
}

/** Options of `aicn`. */
export interface AicnOptions {
  /** `L`, a constant of semi-strong self-concordance. Default 1. */
  readonly constant?: number;
}

/** Where the methods RN, UN, GRLS and greedy Newton come from. */
export const reference: Reference = {
  title: "Damped Newton method with near-optimal global O(k⁻³) convergence rate",
  authors: "Hanzely, Abdukhakimov, Takáč",
  year: 2024,
  identifier: "arXiv:2405.18926",
};

/**
 * Root Newton, RN. A run ends as `diverged` when f rises, which says that M is too small.
 *
 * @throws {DomainError} When q is not in [2, 4], or M is not positive.
 *
 * @example A convex function of one variable
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rootNewton } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const softplus = { // log(1 + eˣ) + x²/20
 *   kind: "smooth" as const,
 *   dimension: 1,
 *   value: ([x]: Float64Array) => Math.log1p(Math.exp(x)) + x * x / 20,
 *   gradient: ([x]: Float64Array, out: Float64Array) => {
 *     out[0] = 1 / (1 + Math.exp(-x)) + x / 10;
 *     return Math.log1p(Math.exp(x)) + x * x / 20;
 *   },
 *   hessianVector: ([x]: Float64Array, [v]: Float64Array, out: Float64Array) => {
 *     out[0] = (1 / (2 + Math.exp(x) + Math.exp(-x)) + 0.1) * v;
 *   },
 * };
 * assertEquals(solve(softplus, rootNewton(), { start: [5] }).status, "converged");
 * ```
 */
export function rootNewton(options: RootNewtonOptions = {}): Solver<TwiceSmooth, DampedNewtonState> {
  const { order: q = 4, constant: M = 1 } = options;
  checkOrder("RN", q);
  checkPositive("run RN", "M", M);
  return dampedNewton("root Newton (RN)", { order: q, constant: M }, reference, (ray) => {
    const theta = (9 * M) ** (1 / (q - 1)) * ray.decrement ** ((q - 2) / (q - 1)), alpha = 1 / (1 + theta);
    return tooHigh(ray, ray.evaluate(alpha), `M = ${M}`) ?? alpha;
  });
}

/**
 * Universal Newton, UN: RN that finds its constant. A step tries about 2 points on the average.
 *
 * @throws {DomainError} When q is not in [2, 4], or σ is not positive.
 */
export function universalNewton(options: UniversalNewtonOptions = {}): Solver<TwiceSmooth, DampedNewtonState> {
  const { order: q = 4, sigma = 1 } = options;
  checkOrder("UN", q);
  checkPositive("run UN", "σ", sigma);
  return dampedNewton("universal Newton (UN)", { order: q, sigma }, reference, (ray, state) => {
    const power = ray.decrement ** ((q - 2) / (q - 1));
    for (;;) {
      const theta = state.sigma * power, alpha = 1 / (1 + theta), value = ray.evaluate(alpha);
      if (ray.slope() >= ray.dualSquare() / (2 * alpha * theta)) {
        state.sigma /= 2;
        return alpha;
      }
      if (!ray.moves()) return noTrial(state, value);
      state.sigma *= 2;
    }
  }, sigma);
}

/**
 * Affine-invariant cubic Newton, AICN: `O(k⁻²)`, and a quadratic rate at the end. A run ends as `diverged` when f
 * rises.
 *
 * @throws {DomainError} When L is not positive.
 */
export function aicn({ constant: L = 1 }: AicnOptions = {}): Solver<TwiceSmooth, DampedNewtonState> {
  checkPositive("run AICN", "L", L);
  const source: Reference = {
    title: "A damped Newton method achieves global O(1/k²) and local quadratic convergence rate",
    authors: "Hanzely, Kamzolov, Pasechnyuk, Gasnikov, Richtárik, Takáč",
    year: 2022,
    identifier: "arXiv:2211.00140",
  };
  return dampedNewton("AICN", { constant: L }, source, (ray) => {
    const alpha = 2 / (Math.sqrt(1 + 2 * L * ray.decrement) + 1); // the same without cancellation
    return tooHigh(ray, ray.evaluate(alpha), `L = ${L}`) ?? alpha;
  });
}

function checkOrder(name: string, q: number): void {
  if (!(q >= 2 && q <= 4)) throw new DomainError(`Cannot run ${name}: expected q in [2, 4], got ${q}`);
}
