/**
 * Two-metric projection in the block, for bounds: coordinates at a bound that the slope pushes against take a scaled
 * gradient step, the others Newton's, along the projection arc.
 *
 * ```
 * A = { i ∈ b : xᵢ at a bound, slope outward },  F = b \ A,  slope = ∇f + w at x >= 0
 * p_A = -slopeᵢ/Hᵢᵢ,   p_F = -H_FF⁻¹ slope_F,   x(a) = P(x + a p)
 * F(x(a)) <= F(x) + c (a slope_Fᵀp_F + slope_Aᵀ(x(a) - x)_A)
 * ```
 *
 * Source: Bertsekas, Projected Newton methods for optimization problems with simple constraints (1982), equations 32 to
 * 37; Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 7.2.
 *
 * @module
 */
import { type BlockSmooth, DomainError, type Vector } from "../../core/mod.ts";
import { factor } from "../block_curvature.ts";
import { type BlockState, type BlockUpdate, moveBlock, objectiveOf } from "../block_state.ts";

/** What the update remembers, over a block. */
export interface TwoMetricMemory {
  /** x before the step. */
  readonly origin: Vector;
  /** The slopes of F. */
  readonly slopes: Vector;
  /** p. */
  readonly direction: Vector;
  /** The places of F, in increasing order. */
  readonly free: Uint32Array;
}

const SUFFICIENT = 1e-4, MOST = 40;

/**
 * A step by two-metric projection. It knows bounds but no kinks.
 *
 * @throws {DomainError} In a run, where a weighted coordinate may have either sign.
 */
export function twoMetricStep(): BlockUpdate<BlockSmooth, TwoMetricMemory> {
  return {
    name: "two-metric step",
    options: {},
    needs: ["blocks.value", "blocks.hessian"],
    init: (_, { x, weights, lower, upper }) => {
      const kink = weights.findIndex((w, i) => w > 0 && lower[i] < 0 && upper[i] > 0);
      if (kink >= 0) {
        throw new DomainError(
          `Cannot use two-metric projection: expected bounds on one side of 0 where there is a weight, got ` +
            `[${lower[kink]}, ${upper[kink]}] at ${kink}`,
        );
      }
      const n = x.length, vector = (): Vector => new Float64Array(n);
      return { origin: vector(), slopes: vector(), direction: vector(), free: new Uint32Array(n) };
    },
    apply(problem, state, block, memory) {
      const { x, lower, upper, change } = state, { origin, slopes, direction, free } = memory, size = block.length;
      const H = new Float64Array(size * size), value0 = objectiveOf(problem, state);
      problem.blocks.hessian!(x, block, state.memory, H);
      const count = newtonSlope(state, block, H, memory);
      for (let trial = 0, a = 1; trial < MOST; trial++, a /= 2) {
        let promised = 0;
        for (let b = 0, k = 0; b < size; b++) {
          const i = block[b], target = Math.min(Math.max(origin[b] + a * direction[b], lower[i]), upper[i]);
          const isFree = k < count && free[k] === b;
          if (isFree) k++;
          change[b] = target - x[i];
          promised += slopes[b] * (isFree ? a * direction[b] : target - origin[b]);
        }
        moveBlock(problem, state, block, change);
        const rounding = 4 * Number.EPSILON * Math.abs(value0);
        if (objectiveOf(problem, state) <= value0 + SUFFICIENT * promised + rounding) return;
      }
      for (let b = 0; b < size; b++) change[b] = origin[b] - x[block[b]];
      moveBlock(problem, state, block, change);
    },
  };
}

/** Writes origin, slopes, direction and the free places; returns how many these are. */
function newtonSlope(state: BlockState, block: Uint32Array, H: Vector, memory: TwoMetricMemory): number {
  const { x, local, weights, lower, upper } = state, { origin, slopes, direction, free } = memory, size = block.length;
  let count = 0;
  for (let b = 0; b < size; b++) {
    const i = block[b];
    origin[b] = x[i];
    slopes[b] = local[b] + (upper[i] > 0 ? weights[i] : -weights[i]);
    direction[b] = -slopes[b] / H[b * (size + 1)];
    const outward = x[i] <= lower[i] && slopes[b] > 0 || x[i] >= upper[i] && slopes[b] < 0;
    if (!outward) free[count++] = b;
  }
  if (count === 0) return 0;
  const part = new Float64Array(count * count), p = new Float64Array(count);
  for (let a = 0; a < count; a++) {
    p[a] = -slopes[free[a]];
    for (let b = 0; b < count; b++) part[a * count + b] = H[free[a] * size + free[b]];
  }
  factor(count, part).solve(p, p);
  for (let a = 0; a < count; a++) direction[free[a]] = p[a];
  return count;
}
