/**
 * Where a polynomial of low degree changes its sign.
 *
 * Between two neighbouring zeros of the derivative a polynomial is monotone. So the sign changes of the derivatives are
 * found one after another, from the linear one up, each in a bracket, by Newton's steps with bisection where these
 * leave it.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** The highest degree. */
export const MOST_DEGREE = 4;

/** Room for `signChanges`: plain data. */
export interface PolynomialWork {
  /** `p_k` in the place k. */
  readonly coefficients: Vector;
  /** The sign changes found, ascending. */
  readonly roots: Vector;
  /** The derivative that is looked at, and the slopes of it. */
  readonly derivative: Vector;
  /** The sign changes of the derivative before. */
  readonly turns: Vector;
}

/** Room for `signChanges`. */
export function polynomialWork(): PolynomialWork {
  const vector = (): Vector => new Float64Array(MOST_DEGREE + 1);
  return { coefficients: vector(), roots: vector(), derivative: vector(), turns: vector() };
}

/**
 * Finds where `Σ p_k t^k`, k up to `degree`, changes its sign within `(lower, upper)`, which may be infinite. Writes
 * the places into `roots` and returns how many there are. A zero without change of sign may be among them or not.
 */
export function signChanges(work: PolynomialWork, degree: number, lower: number, upper: number): number {
  const { coefficients: p, derivative, roots, turns } = work;
  while (degree > 0 && p[degree] === 0) degree--;
  if (degree === 0) return 0;
  // Cauchy's bound holds for the zeros of a polynomial and of all its derivatives
  let bound = 0;
  for (let k = 0; k < degree; k++) bound = Math.max(bound, Math.abs(p[k] / p[degree]));
  const from = Math.max(lower, -1 - bound), to = Math.min(upper, 1 + bound);
  if (!(from < to)) return 0;
  let count = 0;
  for (let d = 1; d <= degree; d++) {
    // the derivative of order degree - d, which has degree d
    for (let k = 0; k <= d; k++) {
      let c = p[k + degree - d];
      for (let m = k + 1; m <= k + degree - d; m++) c *= m;
      derivative[k] = c;
    }
    for (let r = 0; r < count; r++) turns[r] = roots[r];
    const found = count;
    count = 0;
    let left = from, leftValue = valueAt(derivative, d, from);
    for (let r = 0; r <= found; r++) {
      const right = r < found ? turns[r] : to, rightValue = valueAt(derivative, d, right);
      if (leftValue < 0 && rightValue > 0 || leftValue > 0 && rightValue < 0) {
        roots[count++] = bracketed(derivative, d, left, right, leftValue > 0);
      } else if (rightValue === 0 && r < found) roots[count++] = right;
      left = right;
      leftValue = rightValue;
    }
  }
  return count;
}

function valueAt(p: Vector, degree: number, t: number): number {
  let value = p[degree];
  for (let k = degree - 1; k >= 0; k--) value = value * t + p[k];
  return value;
}

/** The sign change between two places; `falls` says from which sign to which. */
function bracketed(p: Vector, degree: number, left: number, right: number, falls: boolean): number {
  let t = left < 0 && right > 0 ? 0 : left + (right - left) / 2;
  for (let trial = 0; trial < 200; trial++) {
    let value = p[degree], slope = 0;
    for (let k = degree - 1; k >= 0; k--) {
      slope = slope * t + value;
      value = value * t + p[k];
    }
    if (value === 0) return t;
    if (value > 0 === falls) left = t;
    else right = t;
    const newton = t - value / slope, inside = newton > left && newton < right;
    const next = inside ? newton : left + (right - left) / 2;
    if (Math.abs(next - t) <= Number.EPSILON * Math.abs(next) || !(next > left && next < right)) return next;
    t = next;
  }
  return t;
}
