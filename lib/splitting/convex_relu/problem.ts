/**
 * The convex program whose solutions are the best two-layer networks of rectified linear units.
 *
 * ```
 * network   min over uⱼ, αⱼ of  ℓ(Σⱼ (Xuⱼ)₊ αⱼ, y) + β/2 Σ (|uⱼ|² + αⱼ²)
 * program   min over vᵢ, wᵢ of  ℓ(Σᵢ DᵢX(vᵢ - wᵢ), y) + β Σ (|vᵢ| + |wᵢ|)
 *           subject to          (2Dᵢ - I)X vᵢ >= 0,  (2Dᵢ - I)X wᵢ >= 0
 * ```
 *
 * `Dᵢ = diag(1{Xh >= 0})` runs through the activation patterns. With all of them both have the same minimum, once there
 * are as many units as nonzero v and w, for which n + 1 are enough; with a sample the program's minimum is not less
 * than the network's.
 *
 * As a split problem: x = (v; w) one block after another, f the loss, r the sum of norms, h the indicator of the
 * orthant, K the stacked `(2Dᵢ - I)X`.
 *
 * Source: Pilanci and Ergen, Neural networks are convex regularizers (2020), arXiv 2002.10553, theorem 1; Bai, Gautam
 * and Sojoudi, Efficient global optimization of two-layer ReLU networks (2022), arXiv 2201.01965, equation (4).
 *
 * @module
 */
import {
  DomainError,
  type Matrix,
  type Proximable,
  ShapeError,
  type Split,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { groupNorm, nonnegative } from "../../proximal/mod.ts";
import type { Arrangements } from "./arrangements.ts";
import { type Gates, gates } from "./gates.ts";
import { checkLabels, lossOfOutputs, reluLosses, type ReluLossName } from "./losses.ts";

/** What the program is made of. */
export interface ReluModel {
  /** Examples in rows, n x d; a column of ones is a bias. */
  readonly X: Matrix;
  /** One label for each example. */
  readonly y: Vector;
  /** The activation patterns. */
  readonly arrangements: Arrangements;
  /** β. */
  readonly weightDecay: number;
  /** ℓ. */
  readonly loss: ReluLossName;
  /** The operators of outputs and of signed products. */
  readonly gates: Gates;
}

/** The convex program of a two-layer network. */
export interface ConvexRelu extends Split {
  /** The loss of `Σ DᵢX(vᵢ - wᵢ)`. */
  readonly smooth: TwiceSmooth;
  /** `β Σ (|vᵢ| + |wᵢ|)`. */
  readonly regularizer: Proximable;
  /** What it is made of. */
  readonly relu: ReluModel;
}

/** Options of `convexRelu`. */
export interface ConvexReluOptions {
  /** β > 0: without weight decay, program and network are not equivalent. */
  readonly weightDecay: number;
  /** ℓ. Default `squared`. */
  readonly loss?: ReluLossName;
  /** A name for tables, charts and messages. */
  readonly name?: string;
}

/**
 * The convex program for data and activation patterns, in 2dP variables for P patterns. Start it at zeros.
 *
 * @param X Examples in rows, n x d.
 * @param y A label for each: any numbers for the squared loss, 0 or 1 for the logistic one.
 * @param arrangements The patterns of X, all or some.
 * @throws {ShapeError} When the parts have different numbers of examples.
 * @throws {DomainError} When β is not positive, a label is none, or a pattern occurs twice.
 *
 * @example The best network of any width for the absolute value
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { convexRelu, convexReluAdmm, reluArrangements, reluCertificate } from "@gradus/gradus/splitting";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const X = matrix([[-2, 1], [-1, 1], [0, 1], [1, 1], [2, 1]]), y = Float64Array.of(2, 1, 0, 1, 2);
 * const problem = convexRelu(X, y, reluArrangements(X), { weightDecay: 1e-3 });
 * const { status, x } = solve(problem, convexReluAdmm(), { start: new Float64Array(problem.operator.columns) });
 * assertEquals(status, "converged");
 * const { networkValue, lowerBound } = reluCertificate(problem, x);
 * assert(networkValue - lowerBound < 1e-7); // no network of any width is better by more than that
 * ```
 */
export function convexRelu(X: Matrix, y: Vector, arrangements: Arrangements, options: ConvexReluOptions): ConvexRelu {
  const { weightDecay, loss = "squared", name = "convex ReLU training" } = options, n = X.rows, d = X.columns;
  const verb = "state the convex program";
  if (!(weightDecay > 0 && weightDecay < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected a positive weight decay, got ${weightDecay}`);
  }
  if (y.length !== n) throw new ShapeError(`Cannot ${verb}: expected ${n} labels, got ${y.length}`);
  if (!Object.hasOwn(reluLosses, loss)) throw new DomainError(`Cannot ${verb}: expected a loss it knows, got ${loss}`);
  checkLabels(verb, y, reluLosses[loss].labels);
  const operators = gates(X, arrangements), { outputs, signed } = operators;
  return {
    kind: "split",
    name,
    smooth: lossOfOutputs(outputs, y, loss),
    regularizer: blockNorms(2 * arrangements.count, d, weightDecay),
    operator: signed,
    outer: nonnegative(),
    relu: { X, y, arrangements, weightDecay, loss, gates: operators },
  };
}

/** `weight Σ |x_b|` over `count` blocks of d entries. */
export function blockNorms(count: number, d: number, weight: number): Proximable {
  const groups = Array.from({ length: count }, (_, b) => Array.from({ length: d }, (_, j) => b * d + j));
  return groupNorm(groups, { weight, groupWeights: new Float64Array(count).fill(1) });
}
