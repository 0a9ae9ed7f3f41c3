/**
 * What is certain of a point of the convex program of rectified linear units, from its multipliers.
 *
 * ```
 * dual     max over z, μ >= 0 of -ℓ*(z)  subject to  |XᵀDᵢz - Xᵀ(2Dᵢ-I)μᵢ| <= β,  |-XᵀDᵢz - Xᵀ(2Dᵢ-I)μ'ᵢ| <= β
 * bound    z = ∇ℓ at the point's outputs and its μ, both times the best factor that meets the constraints
 * ```
 *
 * The bound holds for the program with the patterns it was made of; if these are all, for networks of any width, too.
 *
 * Source: Pilanci and Ergen, Neural networks are convex regularizers (2020), arXiv 2002.10553, equation (6), by Lagrange duality.
 *
 * @module
 */
import { norm2, type Point } from "../../core/mod.ts";
import { reluLosses } from "./losses.ts";
import { networkValue, recoverNetwork } from "./network.ts";
import type { ConvexRelu } from "./problem.ts";

/** What is certain of a point. */
export interface ReluCertificate {
  /** The program's objective, without a look at the constraints. */
  readonly programValue: number;
  /** The most that a constraint `(2Dᵢ - I)Xvᵢ >= 0` is violated by. */
  readonly violation: number;
  /** The objective of the network behind the point: reached, whatever the violation. */
  readonly networkValue: number;
  /** No network whose patterns are among the program's has an objective below. */
  readonly lowerBound: number;
  /** `networkValue - lowerBound`. */
  readonly gap: number;
}

/** Checks a point with its multipliers against the dual, at the cost of a step. A point without multipliers has zeros. */
export function reluCertificate(problem: ConvexRelu, { x, multipliers }: Point): ReluCertificate {
  const { smooth, regularizer, operator, relu } = problem, { y, weightDecay, loss, gates: { outputs } } = relu;
  const z = new Float64Array(outputs.rows),
    reduced = new Float64Array(x.length),
    image = new Float64Array(operator.rows);
  const pulled = new Float64Array(x.length), d = relu.X.columns, { gradient, conjugate, bestFactor } = reluLosses[loss];
  operator.apply(x, image);
  outputs.apply(x, z);
  gradient(z, y, z);
  outputs.applyTranspose(z, reduced);
  operator.applyTranspose(multipliers?.map((m) => Math.min(m, 0)) ?? new Float64Array(operator.rows), pulled);
  let largest = 0;
  for (let b = 0; b < x.length; b += d) {
    for (let j = b; j < b + d; j++) reduced[j] += pulled[j];
    largest = Math.max(largest, norm2(reduced.subarray(b, b + d)));
  }
  const factor = Math.min(bestFactor(z, y), largest > 0 ? weightDecay / largest : Infinity);
  const reached = networkValue(recoverNetwork(x, d), relu), lowerBound = -conjugate(z, y, factor);
  return {
    programValue: smooth.value(x) + regularizer.value(x),
    violation: -Math.min(0, image.reduce((least, e) => Math.min(least, e), 0)),
    networkValue: reached,
    lowerBound,
    gap: reached - lowerBound,
  };
}
