/**
 * One coordinate of `f(x) + w|x|` on `l <= x <= u`: how far from a minimum it is, by three measures that are the same
 * for `r = 0` up to factors.
 *
 * ```
 * subgradient  min { |g + v| : v ∈ ∂r(x) }
 * step         d = prox(x - g/L) - x
 * decrease     max over d of -(g d + L d²/2 + r(x + d) - r(x)),   at the d of the step
 * ```
 *
 * They score coordinates in the rules GS-s, GS-r and GS-q of Nutini, Laradji and Schmidt (2022).
 *
 * @module
 */
import { softThreshold } from "../proximal/mod.ts";

/** The least subgradient of `f + r`: the steepest descent goes the other way. */
export function leastSubgradient(x: number, g: number, w: number, l: number, u: number): number {
  let low = g + (x > 0 ? w : -w), high = g + (x < 0 ? -w : w);
  if (x <= l) low = -Infinity;
  if (x >= u) high = Infinity;
  return low > 0 ? low : high < 0 ? high : 0;
}

/** The proximal step with 1/L. */
export function proximalStep(x: number, g: number, L: number, w: number, l: number, u: number): number {
  return Math.min(Math.max(softThreshold(x - g / L, w / L), l), u) - x;
}

/** What the model of curvature L falls by. */
export function modelDecrease(x: number, g: number, L: number, w: number, l: number, u: number): number {
  const d = proximalStep(x, g, L, w, l, u);
  return -(d * (g + L / 2 * d) + w * changeOfMagnitude(x, d));
}

/** `|x + d| - |x|`, without cancellation where the sign stays: decreases far below the rounding of x still count. */
export function changeOfMagnitude(x: number, d: number): number {
  const y = x + d;
  return x > 0 && y > 0 ? d : x < 0 && y < 0 ? -d : Math.abs(y) - Math.abs(x);
}
