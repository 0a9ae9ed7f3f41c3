/**
 * The best weights of a graph whose edges lead forward in a given order: each column regressed on those before it.
 *
 * ```
 * squared   Q(W) = |X - X W|²/(2n) + λ Σ |Wᵢⱼ| = ½ tr (I - W)ᵀ S (I - W) + λ Σ |Wᵢⱼ|,   S = XᵀX/n
 * logistic  Q(W) = 1/n Σ (log(1 + exp Zᵣⱼ) - Xᵣⱼ Zᵣⱼ) + λ Σ |Wᵢⱼ|,   Z = X W,  X of zeros and ones
 * ```
 *
 * Source: Deng, Bello, Aragam and Ravikumar, Optimizing NOTEARS objectives via topological swaps (2023), arXiv
 * 2305.17277, the inner problem of section 3.
 *
 * @module
 */
import { checkChoice, DomainError, type Matrix } from "../../core/mod.ts";
import { matmul, transpose } from "../../linalg/mod.ts";
import { graphData } from "./graph_data.ts";
import { checkOrder } from "./graphs.ts";
import type { InnerFit } from "./inner_fit.ts";
import { lassoColumn } from "./lasso_column.ts";
import { leastSquaresColumns } from "./least_squares_columns.ts";
import { logisticColumn } from "./logistic_column.ts";
import { penalizedColumns } from "./penalized_columns.ts";

/** Options of `topologicalInner`. */
export interface TopologicalInnerOptions {
  /** λ. Default 0; positive for the logistic loss, which may have no minimum without. */
  readonly penalty?: number;
  /** The loss. Default `squared`. */
  readonly loss?: "squared" | "logistic";
}

/** A fit that can be changed, and what the data needed. */
export interface GraphModel extends Pick<TopologicalFit, "ridge" | "dependent"> {
  /** The fit. */
  readonly fit: InnerFit;
}

/** The fit of data in an order. */
export function graphModel(
  verb: string,
  X: Matrix,
  order: ArrayLike<number>,
  { penalty = 0, loss = "squared" }: TopologicalInnerOptions,
): GraphModel {
  checkChoice(verb, "a loss", loss, ["squared", "logistic"]);
  const { S, ...rest } = graphData(verb, X, penalty), checked = checkOrder(verb, order, X.columns);
  if (loss === "logistic") return { fit: penalizedColumns(checked, logistic(verb, X, penalty)), ...rest };
  const fit = penalty > 0 ? penalizedColumns(checked, lassoColumn(S, penalty)) : leastSquaresColumns(S, checked);
  return { fit, ...rest };
}

/** Fits of columns with the logistic loss, of checked data. */
function logistic(verb: string, X: Matrix, penalty: number): ReturnType<typeof logisticColumn> {
  const wrong = X.data.findIndex((x) => x !== 0 && x !== 1);
  if (wrong >= 0) {
    throw new DomainError(`Cannot ${verb}: expected zeros and ones for the logistic loss, got ${X.data[wrong]}`);
  }
  if (!(penalty > 0)) {
    throw new DomainError(`Cannot ${verb}: expected a penalty > 0 for the logistic loss, got ${penalty}`);
  }
  const products = matmul(transpose(X), X);
  return logisticColumn(X, { ...products, data: products.data.map((s) => s / X.rows) }, penalty);
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
 * The weighted graph that explains data best among those whose edges lead forward in an order. Columns are centred
 * for the squared loss; the logistic one takes them as they are, without a constant term.
 *
 * @param X Observations in rows, n x d.
 * @param order The columns of X, first causes first.
 * @throws {DomainError} When the data are not finite, have more columns than rows without a penalty, or are not of
 * zeros and ones for the logistic loss; when the order is none, or the penalty is out of range.
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
  options: TopologicalInnerOptions = {},
): TopologicalFit {
  const { fit, ridge, dependent } = graphModel("fit weights in an order", X, order, options);
  return { W: fit.weights(), value: fit.value(), ridge, dependent };
}
