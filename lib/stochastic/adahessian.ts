/**
 * AdaHessian: Adam with the diagonal of the Hessian in place of the squares of gradients.
 *
 * ```
 * z random signs,   D = z ∘ ∇²f_B(x) z          an estimate of the diagonal, every T_h steps, on the batch of the gradient
 * Dˢ = the mean of |D| over groups of coordinates, each row of a matrix a group
 * m = β₁m + (1-β₁)g,   v = β₂v + (1-β₂) Dˢ ∘ Dˢ,   m̂ = m/(1-β₁ᵗ),   v̂ = v/(1-β₂ᵗ)
 * x ← x - η (m̂ / (v̂^(k/2) + ε) + λx)
 * ```
 *
 * A step costs a gradient and a Hessian-vector product, about three gradients; every T_h-th step alone where T_h > 1.
 *
 * Source: Yao, Gholami, Shen, Mustafa, Keutzer and Mahoney, AdaHessian: an adaptive second order optimizer for machine
 * learning (2020), arXiv 2006.00719, algorithm 1 and equations (7) to (10). As in the authors' release |D| is averaged
 * and rows are groups; the paper averages D.
 *
 * @module
 */
import { checkPositive, DomainError, type Layout, type Reference, type Solver, type Vector } from "../core/mod.ts";
import { diagonalProbe } from "../linalg/mod.ts";
import { batchOptions } from "./batches.ts";
import { checkRange } from "./checks.ts";
import type { LearningOptions } from "./classical.ts";
import { optimizer, type OptimizerState, type TwiceStochastic } from "./optimizer.ts";
import { addDecayedWeights, type Moments, scaleByLearningRate } from "./scaling.ts";
import { chain, type Transform } from "./transform.ts";

/** Options of `scaleByAdaHessian`. */
export interface AdaHessianScaling {
  /** β₁ in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** β₂ in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** `ε > 0`; where the loss has kinks its curvature is 0, and the step g/ε. Default 1e-4. */
  readonly epsilon?: number;
  /** The power k in [0, 1] of the root mean square of the curvature. Default 1. */
  readonly hessianPower?: number;
  /** Groups of coordinates: `rows` of matrices, none (1), or so many neighbours of a block. Default `rows`. */
  readonly groups?: "rows" | number;
  /** What is averaged over a group, `|D|` or D. Default `abs`. */
  readonly average?: "abs" | "signed";
  /** `T_h`, the steps for which an estimate of the diagonal is used. Default 1. */
  readonly hessianEvery?: number;
  /** Hessian-vector products that an estimate is the mean of. Default 1. */
  readonly probes?: number;
}

/** Moments, and the estimate of the diagonal where it serves several steps. */
export interface AdaHessianState extends Moments {
  /** Dˢ of the last estimate. */
  readonly curvature?: Vector;
}

/**
 * Divides the mean gradient by the root mean square of the averaged diagonal of the Hessian. State: 2n floats, 3n where
 * an estimate serves several steps.
 *
 * @throws {DomainError} When an option is out of range, or groups do not divide a block.
 */
export function scaleByAdaHessian(options: AdaHessianScaling = {}): Transform<AdaHessianState> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-4, hessianPower = 1, groups = "rows" } = options;
  const { average = "abs", hessianEvery = 1, probes = 1 } = options, verb = "scale by AdaHessian";
  checkRange(verb, "β₁", beta1, 0, 1);
  checkRange(verb, "β₂", beta2, 0, 1);
  checkPositive(verb, "ε", epsilon);
  if (!(hessianPower >= 0 && hessianPower <= 1)) {
    throw new DomainError(`Cannot ${verb}: expected a Hessian power in [0, 1], got ${hessianPower}`);
  }
  for (const [what, count] of Object.entries({ hessianEvery, probes, groups: groups === "rows" ? 1 : groups })) {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new DomainError(`Cannot ${verb}: expected a positive whole number ${what}, got ${count}`);
    }
  }
  let z = new Float64Array(0), probe = z, curvature = z; // room, used within a step alone
  return {
    name: "scale by AdaHessian",
    options: { beta1, beta2, epsilon, hessianPower, groups, average, hessianEvery, probes },
    needs: ["batchHessianVector"],
    init: ({ length: n }, layout) => {
      if (groups !== "rows") checkGroups(layout, groups);
      const moments = { m: new Float64Array(n), v: new Float64Array(n) };
      return hessianEvery > 1 ? { ...moments, curvature: new Float64Array(n) } : moments;
    },
    apply(u, state, context) {
      const { m, v } = state, { step } = context, n = u.length;
      if (z.length !== n) [z, probe, curvature] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
      const D = state.curvature ?? curvature;
      if ((step - 1) % hessianEvery === 0) {
        D.fill(0);
        for (let k = 0; k < probes; k++) {
          diagonalProbe((w, out) => context.hessianVector(w, out), context.rng, z, probe);
          for (let i = 0; i < n; i++) D[i] += probe[i] / probes;
        }
        if (average === "abs") { for (let i = 0; i < n; i++) D[i] = Math.abs(D[i]); }
        averageGroups(D, context.layout, groups);
      }
      const first = 1 - beta1 ** step, second = 1 - beta2 ** step;
      for (let i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * u[i];
        v[i] = beta2 * v[i] + (1 - beta2) * D[i] * D[i];
        const root = Math.sqrt(v[i] / second);
        u[i] = (m[i] / first) / ((hessianPower === 1 ? root : root ** hessianPower) + epsilon);
      }
    },
  };
}

function checkGroups({ blocks }: Layout, length: number): void {
  for (const { name, shape } of blocks) {
    const size = shape[0] * (shape[1] ?? 1);
    if (size % length !== 0) {
      throw new DomainError(
        `Cannot scale by AdaHessian: expected groups of ${length} to divide each block, "${name}" has ${size} entries`,
      );
    }
  }
}

/** Each entry becomes the mean of its group: in place. */
function averageGroups(D: Vector, { blocks }: Layout, groups: "rows" | number): void {
  if (groups === 1) return;
  for (const { offset, shape } of blocks) {
    const length = groups === "rows" ? shape[1] ?? 1 : groups, end = offset + shape[0] * (shape[1] ?? 1);
    if (length === 1) continue;
    for (let from = offset; from < end; from += length) {
      let sum = 0;
      for (let i = from; i < from + length; i++) sum += D[i];
      D.fill(sum / length, from, from + length);
    }
  }
}

/** Options of `adaHessian`. */
export interface AdaHessianOptions extends LearningOptions, AdaHessianScaling {
  /** `λ`, decoupled weight decay. Default 0. */
  readonly weightDecay?: number;
}

/**
 * AdaHessian. The learning rate is 0.15 by default.
 *
 * @example A quadratic with scales from 1 to 100 in one step
 * ```ts
 * import { iterations, solve, type Vector } from "@gradus/gradus/core";
 * import { adaHessian, type TwiceStochastic } from "@gradus/gradus/stochastic";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const scales = [1, 10, 100], batchValue = (x: Vector) => x.reduce((s, v, i) => s + scales[i] * v * v / 2, 0);
 * const quadratic: TwiceStochastic = {
 *   kind: "stochastic",
 *   dimension: 3,
 *   examples: 1,
 *   batchValue,
 *   batchGradient: (x, _, out) => {
 *     for (let i = 0; i < 3; i++) out[i] = scales[i] * x[i];
 *     return batchValue(x);
 *   },
 *   batchHessianVector: (_, __, v, out) => {
 *     for (let i = 0; i < 3; i++) out[i] = scales[i] * v[i];
 *   },
 * };
 * const { x } = solve(quadratic, adaHessian({ learningRate: 1 }), { start: [1, 1, 1], stop: iterations(1) });
 * x.forEach((v) => assertAlmostEquals(v, 0, 1e-3));
 * ```
 */
export function adaHessian(options: AdaHessianOptions = {}): Solver<TwiceStochastic, OptimizerState> {
  const { learningRate = 0.15, weightDecay = 0 } = options;
  const reference: Reference = {
    title: "AdaHessian: an adaptive second order optimizer for machine learning",
    authors: "Yao, Gholami, Shen, Mustafa, Keutzer, Mahoney",
    year: 2020,
    identifier: "arXiv:2006.00719",
  };
  const decay = weightDecay === 0 ? [] : [addDecayedWeights(weightDecay)];
  return optimizer({
    name: "AdaHessian",
    reference,
    transform: chain(scaleByAdaHessian(options), ...decay, scaleByLearningRate(learningRate)),
    ...batchOptions(options),
  });
}
