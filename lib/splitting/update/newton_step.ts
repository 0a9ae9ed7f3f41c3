/**
 * Newton's step in the block, with the Hessian at x, shortened until the objective falls:
 *
 * ```
 * d = argmin ∇_b fᵀd + ½ dᵀ∇²_bb f d + r_b(x_b + d)
 * F(x + a d) <= F(x) + c a Δ,   Δ = ∇_b fᵀd + r_b(x_b + d) - r_b(x_b),   a from 1 by interpolation
 * ```
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 5.4; with a
 * regularizer Tseng and Yun, A coordinate gradient descent method for nonsmooth separable minimization (2009), equation
 * (7).
 *
 * @module
 */
import { type BlockSmooth, DomainError, type Vector } from "../../core/mod.ts";
import { interpolatedStep } from "../../smooth/mod.ts";
import { type BlockState, type BlockUpdate, moveBlock, objectiveOf } from "../block_state.ts";
import { type BlockModel, blockModel, modelMinimizer } from "../block_model.ts";
import { changeOfMagnitude } from "../coordinate.ts";

/** What the updates with Newton's method remember. */
export interface NewtonMemory {
  /** Work space for the model. */
  readonly model: BlockModel;
  /** The direction. */
  readonly direction: Vector;
}

/** Trials of a line search. */
const MOST = 40;

/** One step of Newton's method. `sufficientDecrease` is c, 1e-10 by default. */
export function blockNewtonStep(
  options: { readonly sufficientDecrease?: number } = {},
): BlockUpdate<BlockSmooth, NewtonMemory> {
  const { sufficientDecrease: c = 1e-10 } = options;
  if (!(c > 0 && c < 1)) {
    throw new DomainError(`Cannot take Newton steps: expected sufficientDecrease in (0, 1), got ${c}`);
  }
  return {
    name: "Newton step",
    options: { sufficientDecrease: c },
    needs: ["blocks.value", "blocks.hessian"],
    init: newtonMemory,
    apply(problem, state, block, memory) {
      newtonOnce(problem, state, block, memory, c);
    },
  };
}

/**
 * Newton steps until the block is minimized, up to rounding: at most `maxIterations`, 20 by default.
 *
 * @throws {DomainError} When `maxIterations` is no positive integer.
 */
export function exactStep(options: { readonly maxIterations?: number } = {}): BlockUpdate<BlockSmooth, NewtonMemory> {
  const { maxIterations = 20 } = options;
  if (!Number.isSafeInteger(maxIterations) || maxIterations < 1) {
    throw new DomainError(`Cannot minimize over blocks: expected maxIterations of at least 1, got ${maxIterations}`);
  }
  return {
    name: "exact step",
    options: { maxIterations },
    needs: ["blocks.value", "blocks.hessian"],
    init: newtonMemory,
    apply(problem, state, block, memory) {
      for (let k = 0; k < maxIterations; k++) {
        if (!newtonOnce(problem, state, block, memory, 1e-4)) return;
        problem.blocks.gradient(state.x, block, state.memory, state.local);
      }
    },
  };
}

function newtonMemory(_: BlockSmooth, { x }: BlockState): NewtonMemory {
  return { model: blockModel(x.length), direction: new Float64Array(x.length) };
}

/** Returns whether x changed, and the model promised more than rounding. */
function newtonOnce(
  problem: BlockSmooth,
  state: BlockState,
  block: Uint32Array,
  { model, direction }: NewtonMemory,
  c: number,
): boolean {
  const { x, memory, local, change, weights } = state, { hessian } = problem.blocks, size = block.length;
  const H = new Float64Array(size * size);
  hessian!(x, block, memory, H);
  modelMinimizer(state, block, H, undefined, model, direction);
  const value0 = objectiveOf(problem, state);
  let slope0 = 0;
  for (let b = 0; b < size; b++) {
    slope0 += local[b] * direction[b] + weights[block[b]] * changeOfMagnitude(x[block[b]], direction[b]);
  }
  if (!(slope0 < 0)) return false;
  const rounding = 4 * Number.EPSILON * Math.abs(value0);
  let a = 1, made = 0, previous = 0, previousValue = NaN;
  for (let trial = 0; trial < MOST; trial++) {
    for (let b = 0; b < size; b++) change[b] = (a - made) * direction[b];
    moveBlock(problem, state, block, change);
    made = a;
    const value = objectiveOf(problem, state);
    if (value <= value0 + c * a * slope0 + rounding) return -slope0 > rounding;
    const next = value < Infinity ? interpolatedStep({ value, value0, slope0 }, a, previous, previousValue) : 0.1 * a;
    previous = value < Infinity ? a : 0;
    previousValue = value;
    a = Math.min(0.5 * a, next > 0.1 * a ? next : 0.1 * a);
  }
  for (let b = 0; b < size; b++) change[b] = -made * direction[b];
  moveBlock(problem, state, block, change);
  return false;
}
