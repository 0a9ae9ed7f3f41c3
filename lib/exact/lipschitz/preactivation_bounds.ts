/**
 * Bounds of what units receive, `z = W a + b`, over a neighbourhood of the input: linear bounds of every unit,
 * back-substituted to the input.
 *
 * A unit with `l < 0 < u` has `a = max(z, 0)` between `α z` and `u (z - l) / (u - l)`, α = 1 if `u > -l`, else 0.
 *
 * Source: Zhang, Weng, Chen, Hsieh and Daniel, Efficient neural network robustness certification with general
 * activation functions (2018), theorem 3.2; as used by Shi, Wang, Zhang, Kolter and Hsieh (2022), arXiv:2210.07394.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { matmul } from "../../linalg/mod.ts";
import { checkedBall, type Neighbourhood, type ReluNetwork } from "./relu_network.ts";

/** Bounds of what the units of each layer but the last receive. */
export interface PreactivationBounds {
  /** Lower bounds, by layer. */
  readonly lower: readonly Vector[];
  /** Upper bounds, by layer. */
  readonly upper: readonly Vector[];
}

/** Units that are known to be on (1) or off (-1), or neither (0), for each layer but the last. */
export type Decisions = readonly Int8Array[];

/** A line `slope z + offset` on one side of a unit. */
interface Line {
  readonly slope: number;
  readonly offset: number;
}

const zero: Line = { slope: 0, offset: 0 }, identity: Line = { slope: 1, offset: 0 };

function lines(l: number, u: number): [below: Line, above: Line] {
  if (l >= 0) return [identity, identity];
  if (u <= 0) return [zero, zero];
  const slope = u / (u - l);
  return [u > -l ? identity : zero, { slope, offset: -slope * l }];
}

/** Bounds of `A a + c` for what layer `depth` gives, on the side of the sign. */
function sideBounds(
  { layers }: ReluNetwork,
  { lower, upper }: PreactivationBounds,
  { center, radius }: Neighbourhood,
  depth: number,
  sign: number,
): Vector {
  let A: Matrix = layers[depth].weights;
  const c = Float64Array.from(layers[depth].bias);
  for (let k = depth - 1; k >= 0; k--) {
    const data = A.data.slice(), { weights, bias } = layers[k], n = A.columns;
    for (let i = 0; i < n; i++) {
      const [below, above] = lines(lower[k][i], upper[k][i]);
      for (let r = 0; r < A.rows; r++) {
        const entry = data[r * n + i], { slope, offset } = entry * sign > 0 ? above : below;
        data[r * n + i] = entry * slope;
        c[r] += entry * offset + entry * slope * bias[i];
      }
    }
    A = matmul({ rows: A.rows, columns: n, data }, weights);
  }
  for (let r = 0; r < A.rows; r++) {
    for (let j = 0; j < A.columns; j++) {
      const entry = A.data[r * A.columns + j];
      c[r] += entry * center[j] + sign * Math.abs(entry) * radius[j];
    }
  }
  return c;
}

/**
 * Bounds over a neighbourhood, where some units are decided; undefined when no point of it satisfies the decisions, as
 * far as the bounds tell.
 */
export function boundsOver(
  network: ReluNetwork,
  where: Neighbourhood,
  decisions?: Decisions,
): PreactivationBounds | undefined {
  const lower: Vector[] = [], upper: Vector[] = [], bounds = { lower, upper };
  for (let k = 0; k < network.layers.length - 1; k++) {
    const l = sideBounds(network, bounds, where, k, -1), u = sideBounds(network, bounds, where, k, 1);
    for (let i = 0; i < l.length; i++) {
      const decision = decisions?.[k][i] ?? 0;
      if (decision > 0) l[i] = Math.max(l[i], 0);
      if (decision < 0) u[i] = Math.min(u[i], 0);
      if (l[i] > u[i]) return undefined;
    }
    lower.push(l);
    upper.push(u);
  }
  return bounds;
}

/**
 * Bounds of what each unit receives, for all inputs at most `radius` from a point in the largest norm.
 *
 * @throws {ShapeError} When the layers do not fit together.
 * @throws {DomainError} When the radius is negative, or the activation is not relu.
 */
export function preactivationBounds(network: ReluNetwork, center: Vector, radius: number): PreactivationBounds {
  return boundsOver(network, checkedBall(network, center, radius))!;
}
