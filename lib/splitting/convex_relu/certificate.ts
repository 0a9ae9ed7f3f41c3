/**
 * What is certain of a point of the convex program of rectified linear units.
 *
 * ```
 * dual     max over z of -ℓ*(z)  subject to  |zᵀDᵢXv| <= β for all i and all unit vectors v with (2Dᵢ - I)Xv >= 0
 * bound    z = t ∇ℓ at the outputs of the network behind the point, t as large as the constraints allow, or better
 * ```
 *
 * What a pattern can gain, the largest `|zᵀDᵢXv|`, is bounded from above by a nonnegative least-squares problem, whose
 * every feasible point is a bound. So the certificate needs no multipliers, and holds for any patterns: those of the
 * program, or all.
 *
 * Source: Pilanci and Ergen, Neural networks are convex regularizers (2020), arXiv 2002.10553, equation (6).
 *
 * @module
 */
import { ShapeError, type Vector } from "../../core/mod.ts";
import type { Arrangements } from "./arrangements.ts";
import { reluLosses } from "./losses.ts";
import { networkOutputs, networkValue, recoverNetwork } from "./network.ts";
import { patternGain } from "./pattern_cone.ts";
import type { ConvexRelu } from "./problem.ts";

/** What is certain of a point. */
export interface ReluCertificate {
  /** The program's objective, without a look at the constraints. */
  readonly programValue: number;
  /** The most that a constraint `(2Dᵢ - I)Xvᵢ >= 0` is violated by. */
  readonly violation: number;
  /** The objective of the network behind the point: it is reached, whatever the violation. */
  readonly networkValue: number;
  /** No network of units with these patterns, however wide, has an objective below. */
  readonly lowerBound: number;
  /** `networkValue - lowerBound`. */
  readonly gap: number;
}

/**
 * Checks a point of the convex program against its dual.
 *
 * @param problem The program.
 * @param x A point, as of a run.
 * @param arrangements The patterns for which the bound shall hold; with `reluArrangements(X)` it holds for all
 * networks. Default: those of the program.
 * @throws {ShapeError} When the patterns are of another number of examples.
 */
export function reluCertificate(
  problem: ConvexRelu,
  x: Vector,
  arrangements: Arrangements = problem.relu.arrangements,
): ReluCertificate {
  const { smooth, regularizer, operator, relu } = problem,
    { X, y, weightDecay, loss } = relu,
    n = X.rows,
    d = X.columns;
  if (arrangements.examples !== n) {
    throw new ShapeError(`Cannot certify a point: expected patterns of ${n} examples, got ${arrangements.examples}`);
  }
  const { gradient, conjugate, bestFactor } = reluLosses[loss],
    gain = patternGain(X),
    image = new Float64Array(operator.rows);
  const network = recoverNetwork(x, d), z = networkOutputs(network, X), g = new Float64Array(d);
  gradient(z, y, z);
  let most = 0;
  for (let i = 0; i < arrangements.count; i++) {
    const pattern = arrangements.patterns.subarray(i * n, (i + 1) * n);
    g.fill(0);
    for (let k = 0; k < n; k++) if (pattern[k]) { for (let j = 0; j < d; j++) g[j] += z[k] * X.data[k * d + j]; }
    most = Math.max(most, gain(g, pattern, most));
    for (let j = 0; j < d; j++) g[j] = -g[j];
    most = Math.max(most, gain(g, pattern, most));
  }
  const factor = Math.min(bestFactor(z, y), most > 0 ? weightDecay / most : Infinity);
  const reached = networkValue(network, relu), lowerBound = -conjugate(z, y, factor);
  operator.apply(x, image);
  return {
    programValue: smooth.value(x) + regularizer.value(x),
    violation: -image.reduce((least, e) => Math.min(least, e), 0),
    networkValue: reached,
    lowerBound,
    gap: reached - lowerBound,
  };
}
