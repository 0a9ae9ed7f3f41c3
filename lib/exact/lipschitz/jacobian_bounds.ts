/**
 * Local Lipschitz constants of networks: bounds of all Jacobians in a neighbourhood.
 *
 * The Jacobian `J = W₁ᵀ D₁ W₂ᵀ D₂ … Wₗᵀ` has in D a 1 for units that are on, 0 for those that are off, and anything in
 * [0, 1] for those that can be both (Clarke's Jacobian). Hence it is a network itself, that runs backwards: `v` at the
 * output of a unit becomes `s v`, s in [0, 1]. With v in [a, b], a < 0 < b,
 *
 * ```
 * a (b - v) / (b - a) <= s v <= b (v - a) / (b - a)        0 <= s v <= v if a >= 0        v <= s v <= 0 if b <= 0
 * ```
 *
 * Lines are back-substituted to the constant Wₗ; interval arithmetic, which takes `s v` to be in [min(a, 0), max(b,
 * 0)], is faster and never closer.
 *
 * Source: Shi, Wang, Zhang, Kolter and Hsieh, Efficiently computing local Lipschitz constants of neural networks via
 * bound propagation (2022), arXiv:2210.07394.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { matmul, transpose } from "../../linalg/mod.ts";
import { boundsOver, type PreactivationBounds } from "./preactivation_bounds.ts";
import { checkedBall, type ReluNetwork } from "./relu_network.ts";

/** Bounds of the Jacobian, and of the Lipschitz constant in the largest norm that follows. */
export interface LipschitzBound {
  /** `max Σ |Jᵢ|` is at most this. */
  readonly constant: number;
  /** `Jᵢ` is at least this. Where it is positive, f grows with xᵢ throughout the neighbourhood. */
  readonly lower: Vector;
  /** `Jᵢ` is at most this. */
  readonly upper: Vector;
}

/** Intervals. */
interface Range {
  readonly lower: Vector;
  readonly upper: Vector;
}

/** 1 and -1 for units that are on and off everywhere, else 0. */
function state({ lower, upper }: PreactivationBounds, k: number, i: number): number {
  return lower[k][i] >= 0 ? 1 : upper[k][i] <= 0 ? -1 : 0;
}

function constantOf({ lower, upper }: Range): LipschitzBound {
  let constant = 0;
  for (let i = 0; i < lower.length; i++) constant += Math.max(Math.abs(lower[i]), Math.abs(upper[i]));
  return { constant, lower, upper };
}

/** The ranges of v at the outputs of all layers, from that of the input on, by intervals. */
function byIntervals({ layers }: ReluNetwork, bounds: PreactivationBounds): Range[] {
  const row = layers[layers.length - 1].weights.data, ranges: Range[] = [{ lower: row.slice(), upper: row.slice() }];
  for (let k = layers.length - 2; k >= 0; k--) {
    const { rows, columns, data } = layers[k].weights, [v] = ranges;
    const lower = new Float64Array(columns), upper = new Float64Array(columns);
    for (let i = 0; i < rows; i++) {
      const on = state(bounds, k, i);
      if (on < 0) continue;
      const a = on > 0 ? v.lower[i] : Math.min(v.lower[i], 0), b = on > 0 ? v.upper[i] : Math.max(v.upper[i], 0);
      for (let j = 0; j < columns; j++) {
        const w = data[i * columns + j];
        lower[j] += w >= 0 ? w * a : w * b;
        upper[j] += w >= 0 ? w * b : w * a;
      }
    }
    ranges.unshift({ lower, upper });
  }
  return ranges;
}

/** Slope and offset of the line below or above `s v`. */
function line(on: number, a: number, b: number, above: boolean): readonly [slope: number, offset: number] {
  if (on !== 0) return [on > 0 ? 1 : 0, 0];
  if (a >= 0) return [above ? 1 : 0, 0];
  if (b <= 0) return [above ? 0 : 1, 0];
  return above ? [b / (b - a), -a * b / (b - a)] : [-a / (b - a), a * b / (b - a)];
}

/** One side of `Wₖᵀ s v` by lines, for v at the outputs of layer k and of those behind. */
function side(
  network: ReluNetwork,
  bounds: PreactivationBounds,
  ranges: readonly Range[],
  k: number,
  sign: number,
): Vector {
  const { layers } = network;
  let A: Matrix = transpose(layers[k].weights);
  const c = new Float64Array(A.rows);
  for (let depth = k;; depth++) {
    const data = A.data.slice(), n = A.columns, { lower, upper } = ranges[depth - k];
    for (let i = 0; i < n; i++) {
      const on = state(bounds, depth, i), below = line(on, lower[i], upper[i], false);
      const above = line(on, lower[i], upper[i], true);
      for (let r = 0; r < A.rows; r++) {
        const entry = data[r * n + i], [slope, offset] = entry * sign > 0 ? above : below;
        data[r * n + i] = entry * slope;
        c[r] += entry * offset;
      }
    }
    A = { rows: A.rows, columns: n, data };
    if (depth === layers.length - 2) break;
    A = matmul(A, transpose(layers[depth + 1].weights));
  }
  const row = layers[layers.length - 1].weights.data;
  for (let r = 0; r < A.rows; r++) for (let i = 0; i < A.columns; i++) c[r] += A.data[r * A.columns + i] * row[i];
  return c;
}

/** The ranges of v at the outputs of all layers, from that of the input on, by lines. */
export function byLines(network: ReluNetwork, bounds: PreactivationBounds): Range[] {
  const { layers } = network, row = layers[layers.length - 1].weights.data;
  const ranges: Range[] = [{ lower: row.slice(), upper: row.slice() }];
  for (let k = layers.length - 2; k >= 0; k--) {
    ranges.unshift({ lower: side(network, bounds, ranges, k, -1), upper: side(network, bounds, ranges, k, 1) });
  }
  return ranges;
}

/** The bound of the Jacobian for given bounds of units. */
export function linearBound(network: ReluNetwork, bounds: PreactivationBounds): LipschitzBound {
  return constantOf(byLines(network, bounds)[0]);
}

/**
 * A bound of the local Lipschitz constant `max Σ |Jᵢ(x)|` over `max |xᵢ - cᵢ| <= radius`, by interval arithmetic.
 *
 * @throws {ShapeError} When the layers do not fit together.
 * @throws {DomainError} When the radius is negative, or the activation is not relu.
 */
export function lipschitzInterval(network: ReluNetwork, center: Vector, radius: number): LipschitzBound {
  const bounds = boundsOver(network, checkedBall(network, center, radius))!;
  return constantOf(byIntervals(network, bounds)[0]);
}

/**
 * A bound of the local Lipschitz constant `max Σ |Jᵢ(x)|` over `max |xᵢ - cᵢ| <= radius`, by back-substituted lines: at
 * most that of interval arithmetic.
 *
 * @throws {ShapeError} When the layers do not fit together.
 * @throws {DomainError} When the radius is negative, or the activation is not relu.
 *
 * @example A unit that may be on or off
 * ```ts
 * import { lipschitzLinear } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const layers = [
 *   { weights: { rows: 2, columns: 1, data: Float64Array.of(1, -1) }, bias: Float64Array.of(0, 5) },
 *   { weights: { rows: 1, columns: 2, data: Float64Array.of(2, 1) }, bias: Float64Array.of(0) },
 * ];
 * const { constant, lower, upper } = lipschitzLinear({ layers }, Float64Array.of(0), 1);
 * assertEquals([constant, lower[0], upper[0]], [1, -1, 1]); // J = 2 s - 1, s in [0, 1]
 * ```
 */
export function lipschitzLinear(network: ReluNetwork, center: Vector, radius: number): LipschitzBound {
  return linearBound(network, boundsOver(network, checkedBall(network, center, radius))!);
}
