/**
 * Losses of the worst case over a box of changes, with their proximal operators, and projection on the epigraph of the
 * ℓ1 norm.
 *
 * ```
 * φ(q),   q = p(c) + ε |b|₁     hinge     φ(q) = (1 + q)₊            p(c) = -yc
 *                               logistic  φ(q) = log(1 + exp 2q)     p(c) = -(2y - 1)c
 *                               squared   φ(q) = ½ q²                p(c) = |c - y|
 * prox of step t: c moves by θ against p, b' = S(b, θε), where θ = t φ'(q(θ)) >= 0; q(θ) falls, is convex and piecewise linear
 * epigraph |x|₁ <= τ: x' = S(x, θ), τ' = τ + θ, where θ >= 0 and |S(x, θ)|₁ = τ + θ, or θ = 0
 * ```
 *
 * Both equations are solved by Newton's method, in finitely many steps from the left where they are piecewise linear;
 * for the logistic loss with bisection where a step leaves the bracket, or is more than half as long as the one before.
 *
 * By the optimality conditions; for the epigraph after Beck, First-Order Methods in Optimization (2017), example 6.38.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { softThreshold } from "../../proximal/mod.ts";
import { softplus } from "./losses.ts";

/** The losses of a worst case, by name. */
export type RobustLossName = "hinge" | "logistic" | "squared";

/** A loss of the worst case. */
export interface WorstCase {
  /** Its name. */
  readonly loss: RobustLossName;
  /** ε. */
  readonly radius: number;
}

/** φ(q). */
export function robustLoss(loss: RobustLossName, q: number): number {
  if (loss === "hinge") return Math.max(0, 1 + q);
  return loss === "squared" ? q * q / 2 : softplus(q);
}

/** `q = p(c) + ε |b|₁`, b the d entries of an array from an index on. */
export function excess({ loss, radius }: WorstCase, y: number, c: number, b: Vector, from: number, d: number): number {
  let size = 0;
  for (let j = from; j < from + d; j++) size += Math.abs(b[j]);
  return against(loss, y, c) + radius * size;
}

/** `p(c)`. */
function against(loss: RobustLossName, y: number, c: number): number {
  if (loss === "squared") return Math.abs(c - y);
  return loss === "hinge" ? -y * c : (1 - 2 * y) * c;
}

/** q and its derivative at the last θ. */
const at = { q: 0, slope: 0 };

function move({ loss, radius }: WorstCase, p: number, b: Vector, from: number, d: number, theta: number): void {
  const bound = radius * theta;
  let size = 0, moving = 0;
  for (let j = from; j < from + d; j++) {
    const e = Math.abs(b[j]) - bound;
    if (e > 0) {
      size += e;
      moving++;
    }
  }
  const stays = loss === "squared" && p <= theta;
  at.q = (stays ? 0 : p - theta) + radius * size;
  at.slope = (stays ? 0 : -1) - radius * radius * moving;
}

/** θ for `p = p(c)`. */
function multiplier(worst: WorstCase, p: number, b: Vector, from: number, d: number, step: number): number {
  const { loss } = worst;
  let theta = 0, low = 0, high = loss === "logistic" ? 2 * step : Infinity, last = Infinity;
  for (let k = 0; k < 100; k++) {
    move(worst, p, b, from, d, theta);
    let residual: number, slope: number; // of t φ'(q(θ)) - θ; for the hinge of 1 + q(θ)
    if (loss === "hinge") {
      residual = 1 + at.q;
      slope = at.slope;
    } else if (loss === "squared") {
      residual = step * at.q - theta;
      slope = step * at.slope - 1;
    } else {
      const probability = 1 / (1 + Math.exp(-2 * at.q));
      residual = 2 * step * probability - theta;
      slope = 4 * step * probability * (1 - probability) * at.slope - 1;
    }
    if (residual > 0) low = theta;
    else high = theta;
    let next = theta - residual / slope;
    if (loss === "logistic") {
      if (!(next >= low && next <= high && Math.abs(next - theta) < last / 2)) next = (low + high) / 2;
      last = Math.abs(next - theta);
    }
    if (loss === "hinge") next = Math.min(next, step);
    if (!(next > theta) && loss !== "logistic" || Math.abs(next - theta) <= Number.EPSILON * theta) break;
    theta = next;
  }
  return theta;
}

/**
 * Replaces (c, b) by the proximal point of `φ(p(c) + ε|b|₁)`; b is the d entries from an index on, and c is returned.
 */
export function proximalWorstCase(
  worst: WorstCase,
  step: number,
  y: number,
  c: number,
  b: Vector,
  from: number,
  d: number,
): number {
  const theta = multiplier(worst, against(worst.loss, y, c), b, from, d, step);
  for (let j = from; j < from + d; j++) b[j] = softThreshold(b[j], theta * worst.radius);
  if (worst.loss === "squared") return y + softThreshold(c - y, theta);
  return c + (worst.loss === "hinge" ? y : 2 * y - 1) * theta;
}

/** Replaces `(τ, x)`, 1 + d entries of an array from an index on, by its projection on `|x|₁ <= τ`. */
export function projectOnEpigraph(out: Vector, from: number, d: number): void {
  const tau = out[from];
  let theta = 0;
  for (let k = 0; k <= d + 1; k++) {
    let size = 0, moving = 0;
    for (let j = from + 1; j <= from + d; j++) {
      const e = Math.abs(out[j]) - theta;
      if (e > 0) {
        size += e;
        moving++;
      }
    }
    const next = theta + (size - tau - theta) / (moving + 1);
    if (!(next > theta)) break;
    theta = next;
  }
  out[from] = tau + theta;
  for (let j = from + 1; j <= from + d; j++) out[j] = softThreshold(out[j], theta);
}
