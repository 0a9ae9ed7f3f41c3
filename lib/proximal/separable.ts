/**
 * Proximal operators of sums of functions of one entry each.
 *
 * ```
 * prox(x) = argminᵤ r(u) + |u - x|²/(2t)
 * ```
 *
 * Source: Beck, First-Order Methods in Optimization (2017), chapter 6; Parikh and Boyd, Proximal Algorithms (2014),
 * section 6.
 *
 * @module
 */
import { checkPositive, DomainError, dot, norm1, type Proximable, ShapeError, type Vector } from "../core/mod.ts";

/** The entry nearest to x with `|u - x| <= t` towards zero: `sign x max(|x| - t, 0)`. */
export function softThreshold(x: number, t: number): number {
  return x > t ? x - t : x < -t ? x + t : 0;
}

/**
 * `w |x|₁`; its proximal operator is soft thresholding.
 *
 * @throws {DomainError} When w is not positive.
 *
 * @example Soft thresholding
 * ```ts
 * import { l1Norm } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new Float64Array(3);
 * l1Norm(2).proximal(Float64Array.of(3, -0.5, -4), 0.5, out);
 * assertEquals(out, Float64Array.of(2, 0, -3));
 * ```
 */
export function l1Norm(weight = 1): Proximable {
  checkPositive("weigh a norm", "a weight", weight);
  return {
    value: (x) => weight * norm1(x),
    proximal: (x, step, out) => {
      const t = step * weight;
      for (let i = 0; i < x.length; i++) out[i] = softThreshold(x[i], t);
    },
  };
}

/**
 * `w |x|²/2`.
 *
 * @throws {DomainError} When w is not positive.
 */
export function squaredNorm(weight = 1): Proximable {
  checkPositive("weigh a norm", "a weight", weight);
  return {
    value: (x) => weight / 2 * dot(x, x),
    proximal: (x, step, out) => {
      const factor = 1 + step * weight;
      for (let i = 0; i < x.length; i++) out[i] = x[i] / factor;
    },
  };
}

/**
 * `a |x|₁ + b |x|²/2`, the elastic net.
 *
 * @throws {DomainError} When a or b is not positive.
 */
export function elasticNet(a: number, b: number): Proximable {
  checkPositive("weigh an elastic net", "a weight", a);
  checkPositive("weigh an elastic net", "a weight", b);
  return {
    value: (x) => a * norm1(x) + b / 2 * dot(x, x),
    proximal: (x, step, out) => {
      const t = step * a, factor = 1 + step * b;
      for (let i = 0; i < x.length; i++) out[i] = softThreshold(x[i], t) / factor;
    },
  };
}

/**
 * Huber's function `w Σ h(xᵢ)`, `h(x) = x²/2` for `|x| <= δ`, else `δ|x| - δ²/2`.
 *
 * @throws {DomainError} When δ or w is not positive.
 */
export function huberLoss(delta = 1, weight = 1): Proximable {
  checkPositive("make Huber's function", "δ", delta);
  checkPositive("make Huber's function", "a weight", weight);
  return {
    value: (x) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        const size = Math.abs(x[i]);
        sum += size <= delta ? size * size / 2 : delta * (size - delta / 2);
      }
      return weight * sum;
    },
    proximal: (x, step, out) => {
      const t = step * weight, linear = delta * (1 + t);
      for (let i = 0; i < x.length; i++) {
        const v = x[i];
        out[i] = v > linear ? v - t * delta : v < -linear ? v + t * delta : v / (1 + t);
      }
    },
  };
}

/**
 * `w Σ max(0, 1 - yᵢ xᵢ)` for labels yᵢ = ±1, copied.
 *
 * @throws {DomainError} When w is not positive or a label is not ±1.
 */
export function hingeLoss(labels: ArrayLike<number>, weight = 1): Proximable {
  return marginLoss(
    "make a hinge loss",
    labels,
    weight,
    (margin) => Math.max(0, 1 - margin),
    (margin, t) => margin >= 1 ? margin : Math.min(1, margin + t),
  );
}

/**
 * `w Σ log(1 + e^{-yᵢ xᵢ})` for labels yᵢ = ±1, copied; its proximal operator by Newton's method between bounds, to the
 * last bits.
 *
 * @throws {DomainError} When w is not positive or a label is not ±1.
 */
export function logisticLoss(labels: ArrayLike<number>, weight = 1): Proximable {
  return marginLoss(
    "make a logistic loss",
    labels,
    weight,
    (margin) => Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin),
    logisticMargin,
  );
}

/** `w Σ φ(yᵢ xᵢ)` for labels yᵢ = ±1, from φ and its proximal operator of step t. */
function marginLoss(
  verb: string,
  labels: ArrayLike<number>,
  weight: number,
  phi: (margin: number) => number,
  proximal: (margin: number, t: number) => number,
): Proximable {
  const y = signs(labels);
  checkPositive(verb, "a weight", weight);
  return {
    value: (x) => {
      checkLength(y, x);
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += phi(y[i] * x[i]);
      return weight * sum;
    },
    proximal: (x, step, out) => {
      checkLength(y, x);
      const t = step * weight;
      for (let i = 0; i < x.length; i++) out[i] = y[i] * proximal(y[i] * x[i], t);
    },
  };
}

/** The root z of `z - m = t/(1 + e^z)`, which lies between m and m + t. */
function logisticMargin(m: number, t: number): number {
  let low = m, high = m + t, z = m + t / (1 + Math.exp(m));
  for (let iteration = 0; iteration < 100; iteration++) {
    const share = 1 / (1 + Math.exp(z)), value = z - m - t * share;
    if (value > 0) high = z;
    else low = z;
    let next = z - value / (1 + t * share * (1 - share));
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    if (Math.abs(next - z) <= Number.EPSILON * (Math.abs(m) + t * share)) return next;
    z = next;
  }
  return z;
}

function signs(labels: ArrayLike<number>): Vector {
  const y = Float64Array.from(labels), wrong = y.findIndex((label) => label !== 1 && label !== -1);
  if (wrong >= 0) throw new DomainError(`Cannot use labels: expected 1 or -1, got ${labels[wrong]} at index ${wrong}`);
  return y;
}

function checkLength(y: Vector, x: Vector): void {
  if (x.length !== y.length) {
    throw new ShapeError(`Cannot evaluate a loss: expected ${y.length} entries, one for each label, got ${x.length}`);
  }
}
