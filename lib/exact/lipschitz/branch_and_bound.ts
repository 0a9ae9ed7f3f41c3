/**
 * Exact local Lipschitz constants of networks by branch and bound.
 *
 * A part of the neighbourhood is a box, with some units decided to be on or off. Bounds of units and of the Jacobian
 * are computed anew for each part. The part with the largest bound is divided: by halving the box, or, when no more
 * units can be both than there are dimensions, by one of these. Where all units are decided the box is halved until a
 * point is found where they are so, or bounds tell that there is none. What a point attains is a lower bound.
 *
 * Source: Shi, Wang, Zhang, Kolter and Hsieh, Efficiently computing local Lipschitz constants of neural networks via
 * bound propagation (2022), arXiv:2210.07394. Points are found by relaxation, Motzkin and Schoenberg (1954).
 *
 * @module
 */
import { DomainError, norm1, type Vector } from "../../core/mod.ts";
import { byLines, linearBound } from "./jacobian_bounds.ts";
import { boundsOver, type Decisions, type PreactivationBounds } from "./preactivation_bounds.ts";
import { checkedBall, jacobianOf, type Neighbourhood, patternAt, type ReluNetwork } from "./relu_network.ts";

/** Options of `lipschitzBab`. */
export interface LipschitzSearchOptions {
  /** Converged when the bounds differ by at most this, relative to the larger. Default: 1e-9. */
  readonly tolerance?: number;
  /** Parts that are looked at. Default: 10 000. */
  readonly maxParts?: number;
}

/** Bounds of a local Lipschitz constant. */
export interface LipschitzSearch {
  /** Whether the bounds agree; otherwise they are bounds all the same. */
  readonly status: "converged" | "part-limit";
  /** Attained at `point`. */
  readonly lower: number;
  /** Surpassed nowhere in the neighbourhood. */
  readonly upper: number;
  /** Where the lower bound is attained. */
  readonly point: Vector;
  /** How many parts were looked at. */
  readonly parts: number;
}

interface Part {
  readonly where: Neighbourhood;
  readonly decisions: Decisions;
  readonly units: PreactivationBounds;
  readonly bound: number;
}

/**
 * The units that can be both, the one whose choice matters most first: what its relaxation lets through times what is
 * behind it.
 */
function openUnits(network: ReluNetwork, { units }: Part): (readonly [layer: number, unit: number])[] {
  const ranges = byLines(network, units), found: { at: readonly [number, number]; score: number }[] = [];
  units.lower.forEach((lower, k) =>
    lower.forEach((l, i) => {
      const u = units.upper[k][i], v = ranges[k + 1];
      if (!(l < 0 && u > 0)) return;
      const score = -l * u / (u - l) * Math.max(Math.abs(v.lower[i]), Math.abs(v.upper[i]));
      found.push({ at: [k, i], score });
    })
  );
  return found.sort((a, b) => b.score - a.score).map(({ at }) => at);
}

/** Units as they are everywhere in a part where none can be both. */
function patternOf({ units }: Part): Int8Array[] {
  return units.lower.map((layer) => Int8Array.from(layer, (l) => l >= 0 ? 1 : -1));
}

/** For each unit the row g and the number h with which it receives `g·x + h`, where units are on as in the pattern. */
function affinePieces(
  { layers }: ReluNetwork,
  pattern: readonly Int8Array[],
  n: number,
): { g: Vector; h: number; on: number }[] {
  let slopes = Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, i) => i === j ? 1 : 0));
  let offsets = new Float64Array(n);
  return pattern.flatMap((units, k) => {
    const { weights: { columns, data }, bias } = layers[k];
    const pieces = Array.from(units, (on, i) => {
      const g = new Float64Array(n);
      let h = bias[i];
      for (let j = 0; j < columns; j++) {
        const w = data[i * columns + j];
        h += w * offsets[j];
        for (let p = 0; p < n; p++) g[p] += w * slopes[j][p];
      }
      return { g, h, on };
    });
    slopes = pieces.map(({ g, on }) => on > 0 ? g : new Float64Array(n));
    offsets = Float64Array.from(pieces, ({ h, on }) => on > 0 ? h : 0);
    return pieces;
  });
}

/** A point of the box where the units are as in the pattern, if relaxation finds one. */
function pointWith(
  network: ReluNetwork,
  pattern: readonly Int8Array[],
  { center, radius }: Neighbourhood,
): Vector | undefined {
  const x = center.slice(), pieces = affinePieces(network, pattern, x.length);
  for (let step = 0; step < 200; step++) {
    let worst = Infinity, at = -1;
    pieces.forEach(({ g, h, on }, k) => { // the distance to the side on which the unit is as it should be
      const margin = on * g.reduce((sum, entry, j) => sum + entry * x[j], h), length = Math.hypot(...g);
      const distance = length > 0 ? margin / length : margin > 0 || on < 0 && margin === 0 ? Infinity : -Infinity;
      if (distance < worst) [worst, at] = [distance, k];
    });
    if (worst > 0) return x;
    if (worst === -Infinity) return undefined;
    const { g, on } = pieces[at], length = Math.hypot(...g), move = 1.5 * -worst + 1e-12 * (1 + Math.hypot(...x));
    for (let j = 0; j < x.length; j++) {
      const next = x[j] + on * move * g[j] / length;
      x[j] = Math.min(Math.max(next, center[j] - radius[j]), center[j] + radius[j]);
    }
  }
  return undefined;
}

function halves({ center, radius }: Neighbourhood): Neighbourhood[] {
  let axis = 0;
  for (let j = 1; j < radius.length; j++) if (radius[j] > radius[axis]) axis = j;
  return [-1, 1].map((sign) => ({
    center: center.map((c, j) => j === axis ? c + sign * radius[axis] / 2 : c),
    radius: radius.map((r, j) => j === axis ? r / 2 : r),
  }));
}

/**
 * The local Lipschitz constant `max Σ |Jᵢ(x)|` over `max |xᵢ - cᵢ| <= radius`, between bounds that meet if there is
 * time: the upper one never rises with more parts.
 *
 * @throws {ShapeError} When the layers do not fit together.
 * @throws {DomainError} When the radius is negative, the activation is not relu, or there is no part.
 *
 * @example A kink in the neighbourhood
 * ```ts
 * import { lipschitzBab } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const layers = [
 *   { weights: { rows: 2, columns: 1, data: Float64Array.of(1, -1) }, bias: Float64Array.of(0, -0.5) },
 *   { weights: { rows: 1, columns: 2, data: Float64Array.of(2, 1) }, bias: Float64Array.of(0) },
 * ];
 * const { status, lower, upper } = lipschitzBab({ layers }, Float64Array.of(0), 1);
 * assertEquals([status, lower, upper], ["converged", 2, 2]);
 * ```
 */
export function lipschitzBab(
  network: ReluNetwork,
  center: Vector,
  radius: number,
  { tolerance = 1e-9, maxParts = 10_000 }: LipschitzSearchOptions = {},
): LipschitzSearch {
  const ball = checkedBall(network, center, radius), open: Part[] = [];
  if (!(maxParts >= 1)) throw new DomainError(`Cannot search a Lipschitz constant: expected parts, got ${maxParts}`);
  let point = ball.center, lower = norm1(jacobianOf(network, patternAt(network, point))), parts = 0;
  const attain = (x: Vector): void => {
    const value = norm1(jacobianOf(network, patternAt(network, x)));
    if (value > lower) [lower, point] = [value, x];
  };
  const looked = (where: Neighbourhood, decisions: Decisions, above: number): Part[] => {
    parts++;
    const units = boundsOver(network, where, decisions);
    if (units === undefined) return [];
    attain(where.center);
    const bound = Math.min(above, linearBound(network, units).constant);
    return [{ where, decisions, units, bound }];
  };
  const byBox = ({ where, decisions, bound }: Part): Part[] =>
    halves(where).flatMap((half) => looked(half, decisions, bound));
  const byUnit = ({ where, decisions, bound }: Part, [layer, unit]: readonly [number, number]): Part[] =>
    [-1, 1].flatMap((decision) => {
      const decided = decisions.map((units) => units.slice());
      decided[layer][unit] = decision;
      return looked(where, decided, bound);
    });
  open.push(...looked(ball, network.layers.slice(0, -1).map(({ bias }) => new Int8Array(bias.length)), Infinity));
  while (true) {
    let worst = 0;
    for (let k = 1; k < open.length; k++) if (open[k].bound > open[worst].bound) worst = k;
    const part = open[worst], upper = Math.max(lower, part?.bound ?? lower);
    if (upper - lower <= tolerance * upper) return { status: "converged", lower, upper, point, parts };
    if (parts >= maxParts) return { status: "part-limit", lower, upper, point, parts };
    open[worst] = open[open.length - 1];
    open.pop();
    const choices = openUnits(network, part);
    if (choices.length === 0) {
      const found = pointWith(network, patternOf(part), part.where);
      if (found !== undefined) attain(found); // the bound of a part without choices is attained
      if (part.bound <= lower * (1 + tolerance)) continue;
    }
    // at most as many kinks as dimensions meet in a point, unless by chance: smaller boxes have no more
    const few = choices.length > 0 && choices.length <= center.length;
    open.push(...(few ? byUnit(part, choices[0]) : byBox(part)).filter(({ bound }) => bound > lower));
  }
}
