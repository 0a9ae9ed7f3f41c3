/**
 * Newton's direction, as far as a search along it says.
 *
 * ```
 * n = ∇²f(x)⁻¹ ∇f(x),   x⁺ = x - α n
 * greedy   α = argmin f(x - α n)
 * GRLS     α = argmin over (0, 1] of (f(x - α n) - f(x)) / |∇f(x - α n)|ₓ*²
 * ```
 *
 * GRLS minimizes the upper bound by which the rates of UN are proved, so it is at least as fast as that for every q.
 *
 * Source: Hanzely, Abdukhakimov and Takáč, Damped Newton method with near-optimal global O(k⁻³) convergence rate
 * (2024), arXiv 2405.18926.
 *
 * @module
 */
import type { Solver, TwiceSmooth } from "../../core/mod.ts";
import { noTrial } from "../failure.ts";
import { dampedNewton, type DampedNewtonState, type Ray } from "./damped.ts";
import { reference } from "./root_newton.ts";

/** Newton's direction with exact line search: α to 1e-6, by the slope. Also for steps longer than 1. */
export function greedyNewton(): Solver<TwiceSmooth, DampedNewtonState> {
  return dampedNewton("greedy Newton", {}, reference, (ray, state) => {
    let low = 0, high = 1, lowSlope = ray.decrement ** 2;
    ray.evaluate(1);
    let slope = ray.slope();
    while (slope > 0 && high < 1e10 && Number.isFinite(state.trial.value)) { // still downhill
      low = high;
      lowSlope = slope;
      high *= 2;
      ray.evaluate(high);
      slope = ray.slope();
    }
    let alpha = high, highSlope = slope, last = 0;
    const enough = 1e-6 * ray.decrement ** 2;
    for (let k = 0; k < 60 && !(Math.abs(slope) <= enough) && high - low > 1e-6 * high; k++) {
      // Illinois: the end that stays twice counts half
      const secant = low + (high - low) * lowSlope / (lowSlope - highSlope);
      alpha = secant > low && secant < high && k % 8 < 7 ? secant : (low + high) / 2;
      ray.evaluate(alpha);
      slope = ray.slope();
      if (slope > 0) {
        low = alpha;
        lowSlope = slope;
        if (last > 0) highSlope /= 2;
        last = 1;
      } else {
        high = alpha;
        highSlope = slope;
        if (last < 0) lowSlope /= 2;
        last = -1;
      }
    }
    return ray.moves() ? alpha : noTrial(state, state.trial.value);
  });
}

/** Gradient-regulated line search, GRLS: α to 1e-3, by the golden section. Where values are rounding, α = 1. */
export function gradientRegulatedNewton(): Solver<TwiceSmooth, DampedNewtonState> {
  return dampedNewton("gradient-regulated Newton (GRLS)", {}, reference, (ray, state) => {
    const whole = ratio(ray, 1);
    if (Math.abs(state.trial.value - ray.value) > ray.rounding) {
      const golden = (Math.sqrt(5) - 1) / 2;
      let low = 0, high = 1, left = 1 - golden, right = golden, atLeft = ratio(ray, left), atRight = ratio(ray, right);
      while (high - low > 1e-3) {
        if (atLeft < atRight) {
          high = right;
          right = left;
          atRight = atLeft;
          left = high - golden * (high - low);
          atLeft = ratio(ray, left);
        } else {
          low = left;
          left = right;
          atLeft = atRight;
          right = low + golden * (high - low);
          atRight = ratio(ray, right);
        }
      }
      const best = atLeft < atRight ? left : right;
      if (Math.min(atLeft, atRight) < whole) {
        ray.evaluate(best);
        return best;
      }
    }
    ray.evaluate(1);
    return ray.moves() ? 1 : noTrial(state, state.trial.value);
  });
}

/** `(f(x - α n) - f(x)) / |∇f(x - α n)|ₓ*²`; infinite where f is not finite. */
function ratio(ray: Ray, alpha: number): number {
  const value = ray.evaluate(alpha), square = ray.dualSquare();
  return Number.isFinite(value) && square > 0 ? (value - ray.value) / square : Infinity;
}
