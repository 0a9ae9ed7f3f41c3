/**
 * Two-layer networks of rectified linear units: the one behind a solution of the convex program, and the objective that
 * descent methods work on.
 *
 * ```
 * f(x) = Σⱼ αⱼ (xᵀuⱼ)₊
 * vᵢ ≠ 0  gives  u = vᵢ/√|vᵢ|, α = √|vᵢ|;    wᵢ ≠ 0  gives  u = wᵢ/√|wᵢ|, α = -√|wᵢ|
 * ```
 *
 * so that `½ (|u|² + α²) = |vᵢ|`, and the network's objective is the program's where its constraints hold.
 *
 * Source: Pilanci and Ergen, Neural networks are convex regularizers (2020), arXiv 2002.10553, theorem 1 (8).
 *
 * @module
 */
import * as ad from "../../autodiff/mod.ts";
import {
  dot,
  type Layout,
  layout,
  type Matrix,
  norm2,
  ShapeError,
  type Stochastic,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { matmul, matvec, transpose } from "../../linalg/mod.ts";
import { reluLosses } from "./losses.ts";
import type { ReluModel } from "./problem.ts";

/** A network `f(x) = Σⱼ αⱼ (xᵀuⱼ)₊`. */
export interface ReluNetwork {
  /** The number m of units. */
  readonly width: number;
  /** uⱼ in rows, m x d. */
  readonly first: Matrix;
  /** α. */
  readonly second: Vector;
}

/** What an objective of networks is made of. */
export type ReluData = Pick<ReluModel, "X" | "y" | "weightDecay" | "loss">;

/**
 * The network behind variables `(v; w)` of the convex program: a unit for each block that is not zero, vᵢ before wᵢ.
 *
 * @param d The number of features.
 * @throws {ShapeError} When the variables are no pairs of blocks of d entries.
 */
export function recoverNetwork(x: Vector, d: number): ReluNetwork {
  const blocks = x.length / d, units: Vector[] = [], second: number[] = [];
  if (!Number.isSafeInteger(blocks / 2)) {
    throw new ShapeError(`Cannot recover a network: expected pairs of blocks of ${d} entries, got ${x.length} entries`);
  }
  for (let b = 0; b < blocks; b++) {
    const block = x.slice(b * d, (b + 1) * d), root = Math.sqrt(norm2(block));
    if (root === 0) continue;
    units.push(block.map((e) => e / root));
    second.push(b < blocks / 2 ? root : -root);
  }
  const first = { rows: units.length, columns: d, data: new Float64Array(units.length * d) };
  units.forEach((unit, j) => first.data.set(unit, j * d));
  return { width: units.length, first, second: Float64Array.from(second) };
}

/** The outputs `f(x)` for examples in the rows of X, n x d. */
export function networkOutputs({ first, second }: ReluNetwork, X: Matrix): Vector {
  if (second.length === 0) return new Float64Array(X.rows);
  const hidden = matmul(X, transpose(first));
  for (let k = 0; k < hidden.data.length; k++) hidden.data[k] = Math.max(0, hidden.data[k]);
  return matvec(hidden, second);
}

/** The objective `ℓ(f(X), y) + β/2 Σ (|uⱼ|² + αⱼ²)` of a network. */
export function networkValue(network: ReluNetwork, { X, y, weightDecay, loss }: ReluData): number {
  const { first, second } = network, squares = dot(first.data, first.data) + dot(second, second);
  return reluLosses[loss].value(networkOutputs(network, X), y) + weightDecay / 2 * squares;
}

/** The objective of networks of one width, as descent methods take it. */
export interface NetworkObjective {
  /** The whole objective. */
  readonly smooth: TwiceSmooth;
  /** The same as a mean over examples, to be seen in batches. */
  readonly stochastic: Stochastic;
  /** `first`, d x m with uⱼ in columns, then `second`. */
  readonly layout: Layout<"first" | "second">;
}

/**
 * The nonconvex objective of networks of m units, `ℓ(Σⱼ (Xuⱼ)₊ αⱼ, y) + β/2 Σ (|uⱼ|² + αⱼ²)`.
 *
 * @param data Examples, labels, β and the loss, as in a convex program's `relu`.
 * @param width m.
 */
export function networkObjective(data: ReluData, width: number): NetworkObjective {
  const { X, y, weightDecay, loss } = data, d = X.columns, n = X.rows, name = `ReLU network of width ${width}`;
  const shapes = layout({ first: [d, width], second: [width] });
  const losses = ({ first, second }: Blocks, X: ad.Operand, y: ad.Operand): ad.Operand => {
    const outputs = ad.matmul(ad.relu(ad.matmul(X, first)), second);
    if (loss === "squared") return ad.multiply(0.5, ad.square(ad.subtract(outputs, y)));
    return ad.subtract(ad.softplus(ad.multiply(2, outputs)), ad.multiply(2, ad.multiply(y, outputs)));
  };
  const decay = ({ first, second }: Blocks): ad.Operand =>
    ad.multiply(weightDecay / 2, ad.add(ad.sum(ad.square(first)), ad.sum(ad.square(second))));
  return {
    smooth: ad.objective((blocks) => ad.add(ad.sum(losses(blocks, X, y)), decay(blocks)), { layout: shapes, name }),
    stochastic: ad.stochasticObjective(
      (blocks, rows) => ad.add(ad.multiply(n, losses(blocks, rows.X, rows.y)), decay(blocks)),
      { X, y },
      { layout: shapes, name },
    ),
    layout: shapes,
  };
}

type Blocks = ad.Blocks<"first" | "second">;
