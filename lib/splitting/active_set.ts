/**
 * When coordinate methods know the support: complexity of the active set.
 *
 * ```
 * Z = { i : ∂rᵢ(x*ᵢ) is an interval },   δ = min over Z of the distance of -∇ᵢf(x*) to the boundary of ∂rᵢ(x*ᵢ)
 * |x - x*| <= δ/(2L)  ⟹  a proximal step puts xᵢ = x*ᵢ for all i in Z
 * |xᵏ - x*| <= (1 - 1/κ)ᵏ |x⁰ - x*|  ⟹  from k = κ log(2L |x⁰ - x*|/δ) on
 * ```
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 7.1; Nutini,
 * Schmidt and Hare, Active-set complexity of proximal gradient (2019), lemma 1.
 *
 * @module
 */
import { DomainError, normInf, type Vector } from "../core/mod.ts";
import type { BlockComposite } from "./block_problem.ts";

/**
 * δ at a solution: how far the coordinates at a bound or kink are from leaving it; `Infinity` where there are none, 0
 * where the solution is degenerate.
 *
 * @throws {DomainError} When x is no solution up to 1e-6.
 */
export function supportMargin({ smooth, regularizer: { weights, lower, upper } }: BlockComposite, x: Vector): number {
  const gradient = new Float64Array(x.length);
  smooth.gradient(x, gradient);
  let margin = Infinity;
  const violation = gradient.map((g, i) => {
    // the interval of -g for which x stays
    const low = x[i] <= lower[i] ? -Infinity : x[i] > 0 ? weights[i] : -weights[i];
    const high = x[i] >= upper[i] ? Infinity : x[i] < 0 ? -weights[i] : weights[i];
    if (low < high) margin = Math.min(margin, -g - low, high + g);
    return Math.max(low + g, -g - high, 0);
  });
  const worst = normInf(violation);
  if (!(worst <= 1e-6)) {
    throw new DomainError(`Cannot measure a margin: expected a solution, got one that misses by ${worst}`);
  }
  return Math.max(margin, 0);
}

/** What `activeSetIterations` needs to know. */
export interface ActiveSetConstants {
  /** δ. */
  readonly margin: number;
  /** L, of the steps that the method takes. */
  readonly smoothness: number;
  /** κ: the distance to the solution falls by `1 - 1/κ` with each iteration. */
  readonly condition: number;
  /** `|x⁰ - x*|`. */
  readonly distance: number;
}

/**
 * The number of iterations after which the support is that of the solution and stays so; `Infinity` without a margin.
 *
 * @throws {DomainError} When a constant is negative or NaN, or κ below 1.
 *
 * @example Ten times the margin away
 * ```ts
 * import { activeSetIterations } from "@gradus/gradus/splitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(activeSetIterations({ margin: 0.2, smoothness: 1, condition: 10, distance: 1 }), 24);
 * ```
 */
export function activeSetIterations({ margin, smoothness, condition, distance }: ActiveSetConstants): number {
  if (!(margin >= 0 && smoothness > 0 && condition >= 1 && distance >= 0)) {
    const got = `δ ${margin}, L ${smoothness}, κ ${condition}, distance ${distance}`;
    throw new DomainError(`Cannot bound iterations: expected δ >= 0, L > 0, κ >= 1 and a distance, got ${got}`);
  }
  if (2 * smoothness * distance <= margin) return 0;
  return Math.ceil(condition * Math.log(2 * smoothness * distance / margin));
}
