/**
 * The weighted 1-norm between bounds, as numbers that methods can read: what coordinate methods need to know of a
 * regularizer is not an operator but where its kinks are.
 *
 * ```
 * r(x) = Σ wᵢ |xᵢ|  on  lᵢ <= xᵢ <= uᵢ,   infinite elsewhere
 * prox(x)ᵢ = min(max(S(xᵢ, t wᵢ), lᵢ), uᵢ),   S soft thresholding
 * ```
 *
 * Source: Beck, First-Order Methods in Optimization (2017), sections 6.4 and 6.6: on a line, the proximal operator of a
 * sum with an interval is the projection of the operator.
 *
 * @module
 */
import { DomainError, type Proximable, ShapeError, type Vector } from "../core/mod.ts";
import { atMost } from "./convex_set.ts";
import { softThreshold } from "./separable.ts";

/** `Σ wᵢ |xᵢ|` on a box. */
export interface BoundedL1 extends Proximable {
  /** `wᵢ >= 0`. */
  readonly weights: Vector;
  /** `lᵢ`, or `-Infinity`. */
  readonly lower: Vector;
  /** `uᵢ`, or `Infinity`. */
  readonly upper: Vector;
}

/** What `boundedL1` is made of; a number stands for all entries. */
export interface BoundedL1Options {
  /** w. Default 0. */
  readonly weights?: number | ArrayLike<number>;
  /** l. Default -Infinity. */
  readonly lower?: number | ArrayLike<number>;
  /** u. Default Infinity. */
  readonly upper?: number | ArrayLike<number>;
}

/**
 * The weighted 1-norm between bounds, of n entries; without options, zero.
 *
 * @throws {ShapeError} When a list has not n entries.
 * @throws {DomainError} On a weight that is negative or not finite, or a lower bound above the upper one.
 *
 * @example The norm where no entry is negative
 * ```ts
 * import { boundedL1 } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const r = boundedL1(3, { weights: 2, lower: 0 }), out = new Float64Array(3);
 * r.proximal(Float64Array.of(-1, 1.5, 4), 1, out);
 * assertEquals(out, Float64Array.of(0, 0, 2));
 * assertEquals(r.value(out), 4);
 * ```
 */
export function boundedL1(n: number, options: BoundedL1Options = {}): BoundedL1 {
  const weights = entries(n, "weights", options.weights ?? 0);
  const lower = entries(n, "lower bounds", options.lower ?? -Infinity);
  const upper = entries(n, "upper bounds", options.upper ?? Infinity);
  for (let i = 0; i < n; i++) {
    const wrong = !(weights[i] >= 0 && weights[i] < Infinity)
      ? `a finite weight >= 0, got ${weights[i]}`
      : !(lower[i] <= upper[i] && lower[i] < Infinity && upper[i] > -Infinity)
      ? `a lower bound up to the upper one, got ${lower[i]} and ${upper[i]}`
      : undefined;
    if (wrong) throw new DomainError(`Cannot bound a 1-norm: expected ${wrong} at ${i}`);
  }
  return {
    weights,
    lower,
    upper,
    value: (x) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const v = x[i];
        if (!(atMost(v, upper[i]) && atMost(-v, -lower[i]))) return Infinity;
        sum += weights[i] * Math.abs(v);
      }
      return sum;
    },
    proximal: (x, step, out) => {
      for (let i = 0; i < n; i++) {
        out[i] = Math.min(Math.max(softThreshold(x[i], step * weights[i]), lower[i]), upper[i]);
      }
    },
  };
}

function entries(n: number, what: string, given: number | ArrayLike<number>): Vector {
  const out = new Float64Array(n);
  if (typeof given === "number") return out.fill(given);
  if (given.length !== n) throw new ShapeError(`Cannot bound a 1-norm: expected ${n} ${what}, got ${given.length}`);
  out.set(given);
  return out;
}
