/**
 * Total variation of a sequence, `w Σ |xᵢ₊₁ - xᵢ|`, and its proximal operator, exact in O(n) operations.
 *
 * ```
 * minimize Σ (uᵢ - xᵢ)²/2 + λ Σ |uᵢ₊₁ - uᵢ|,   λ = t w
 * m₁(u) = (u - x₁)²/2,   mᵢ₊₁(u) = (u - xᵢ₊₁)²/2 + minᵥ (mᵢ(v) + λ |u - v|)
 * ```
 *
 * The minimum over v is mᵢ with its slope cut off at ±λ: outside the points where the slope is -λ and λ, `lowᵢ` and
 * `highᵢ`, v is that point, between them v = u. So the slope of mᵢ is a chain of lines with knots, of which every step
 * of i removes some at both ends and adds two. The last u is where the slope of m_n is zero, and the others follow
 * backwards: uᵢ is uᵢ₊₁, brought between lowᵢ and highᵢ.
 *
 * Source: Johnson, A dynamic programming algorithm for the fused lasso and L0-segmentation (2013), section 2.
 *
 * @module
 */
import { checkPositive, type Proximable, type Vector } from "../core/mod.ts";
import { Scratch } from "./convex_set.ts";

/**
 * `w Σ |xᵢ₊₁ - xᵢ|`.
 *
 * @throws {DomainError} When w is not positive.
 *
 * @example A step keeps its place and loses height
 * ```ts
 * import { totalVariation } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new Float64Array(4);
 * totalVariation(1).proximal(Float64Array.of(0, 0, 8, 8), 1, out);
 * assertEquals(out, Float64Array.of(0.5, 0.5, 7.5, 7.5));
 * ```
 */
export function totalVariation(weight = 1): Proximable {
  checkPositive("weigh a total variation", "a weight", weight);
  const lows = new Scratch(),
    highs = new Scratch(),
    knots = new Scratch(),
    slopes = new Scratch(),
    offsets = new Scratch();
  return {
    value: (x) => {
      let sum = 0;
      for (let i = 1; i < x.length; i++) sum += Math.abs(x[i] - x[i - 1]);
      return weight * sum;
    },
    proximal: (x, step, out) => {
      const n = x.length;
      smooth(x, step * weight, out, lows.of(n), highs.of(n), knots.of(2 * n), slopes.of(2 * n), offsets.of(2 * n));
    },
  };
}

/**
 * The minimizer. Knots are in increasing order: where they are, and by how much slope and offset of the line change
 * there.
 */
function smooth(
  x: Vector,
  lambda: number,
  out: Vector,
  low: Vector,
  high: Vector,
  at: Vector,
  slopes: Vector,
  offsets: Vector,
): void {
  const n = x.length;
  if (n === 0) return;
  let first = n, end = n; // at[first … end)
  for (let i = 0; i < n; i++) {
    // the leftmost and the rightmost line of the slope of mᵢ; mᵢ₋₁ was cut off at ±λ
    const cut = i === 0 ? 0 : lambda;
    let slope = 1, offset = -cut - x[i];
    if (i === n - 1) {
      while (first < end && slope * at[first] + offset <= 0) {
        slope += slopes[first];
        offset += offsets[first++];
      }
      out[i] = -offset / slope;
      break;
    }
    while (first < end && slope * at[first] + offset <= -lambda) {
      slope += slopes[first];
      offset += offsets[first++];
    }
    low[i] = (-lambda - offset) / slope;
    const leftSlope = slope, leftOffset = offset + lambda;
    slope = 1;
    offset = cut - x[i];
    while (first < end && slope * at[end - 1] + offset >= lambda) {
      slope -= slopes[--end];
      offset -= offsets[end];
    }
    high[i] = (lambda - offset) / slope;
    at[--first] = low[i];
    slopes[first] = leftSlope;
    offsets[first] = leftOffset;
    at[end] = high[i];
    slopes[end] = -slope;
    offsets[end++] = lambda - offset;
  }
  for (let i = n - 2; i >= 0; i--) out[i] = Math.min(Math.max(out[i + 1], low[i]), high[i]);
}
