/**
 * The best weights of a graph whose edges lead forward in a given order: each column regressed on those before it.
 *
 * ```
 * Q(W) = |X - X W|²/(2n) + λ Σ |Wᵢⱼ| = ½ tr (I - W)ᵀ S (I - W) + λ Σ |Wᵢⱼ|,   S = XᵀX/n
 * ```
 *
 * Source: Deng, Bello, Aragam and Ravikumar, Optimizing NOTEARS objectives via topological swaps (2023), arXiv 2305.17277, the inner
 * problem of section 3.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";
import { graphData } from "./graph_data.ts";
import { checkOrder } from "./graphs.ts";
import type { InnerFit } from "./inner_fit.ts";
import { lassoColumns } from "./lasso_columns.ts";
import { leastSquaresColumns } from "./least_squares_columns.ts";

/** The fit for covariances and a penalty. */
export function innerFit(S: Matrix, order: Uint32Array, penalty: number): InnerFit {
  return penalty > 0 ? lassoColumns(S, order, penalty) : leastSquaresColumns(S, order);
}

/** Options of `topologicalInner`. */
export interface TopologicalInnerOptions {
  /** λ. Default 0. */
  readonly penalty?: number;
}

/** The best weights for an order. */
export interface TopologicalFit {
  /** Entry (i, j) is the weight of the edge from i to j. */
  readonly W: Matrix;
  /** `Q(W)`, with the penalty and, where there is a ridge ρ, `ρ/2 (|W|² + d)`. */
  readonly value: number;
  /** ρ, which was added to the variances as columns depend on each other; 0 where none does, or there is a penalty. */
  readonly ridge: number;
  /** Columns that are constant or depend on the others. */
  readonly dependent: readonly number[];
}

/**
 * The weighted graph that explains data best among those whose edges lead forward in an order. Columns are centred.
 *
 * @param X Observations in rows, n x d.
 * @param order The columns of X, first causes first.
 * @throws {DomainError} When the data are not finite or have more columns than rows without a penalty, the order is none, or the penalty
 * is negative.
 *
 * @example The second column is twice the first
 * ```ts
 * import { topologicalInner } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const X = matrix([[-1, -2.1], [0, 0.2], [1, 1.9]]);
 * const { W, value } = topologicalInner(X, [0, 1]);
 * assertAlmostEquals(W.data[1], 2);
 * assertEquals(W.data[2], 0);
 * assertAlmostEquals(value, (2 + 0.06) / 6); // residuals -0.1, 0.2, -0.1
 * ```
 */
export function topologicalInner(
  X: Matrix,
  order: ArrayLike<number>,
  { penalty = 0 }: TopologicalInnerOptions = {},
): TopologicalFit {
  const verb = "fit weights in an order";
  const { S, ridge, dependent } = graphData(verb, X, penalty);
  const fit = innerFit(S, checkOrder(verb, order, X.columns), penalty);
  return { W: fit.weights(), value: fit.value(), ridge, dependent };
}
