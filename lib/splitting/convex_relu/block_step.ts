/**
 * Steps of ADMM for the convex program of rectified linear units by randomized block descent, for any smooth loss.
 *
 * ```
 * L(u) = ℓ(Σ DᵢX(uᵢ - u'ᵢ)) + ρ/2 (|u - a|² + |Gu - b|²)
 *
 * i at random,  g = XᵀDᵢ∇ℓ + ρ (uᵢ - aᵢ + Xᵀ(Xuᵢ - (2Dᵢ-I)bᵢ)),  g' with -∇ℓ and the other half
 * (uᵢ, u'ᵢ) ← (uᵢ, u'ᵢ) - α(g, g'),  α ← α/2.5 until L falls by at least α/1000 |(g, g')|²
 * the first α of a block grows by 1.05 where it was accepted, else it falls by 1.5
 * until the mean decrease over the last ⌈8 √P⌉ blocks is below a threshold, which falls by 0.96 from one step of ADMM to the next
 * ```
 *
 * The outputs are kept up to date, so that a block costs O(nd).
 *
 * Source: Bai, Gautam and Sojoudi, Efficient global optimization of two-layer ReLU networks (2022), arXiv 2201.01965,
 * section 3.2 and algorithm 2; with the decrease measured by |(g, g')|² as Armijo does, without which steps near the
 * minimum are refused.
 *
 * @module
 */
import { DomainError, integer, type Rng, type Vector } from "../../core/mod.ts";
import type { InnerStep, Pull } from "../inner_step.ts";
import { reluLosses } from "./losses.ts";
import type { ConvexRelu, ReluModel } from "./problem.ts";

/** Options of `blockStep`. */
export interface BlockStepOptions {
  /** The first α. Default 2e-4. */
  readonly step?: number;
  /** The first threshold. Default 1.3e-3. */
  readonly threshold?: number;
  /** What the threshold is multiplied by from step to step of ADMM. Default 0.96. */
  readonly thresholdDecay?: number;
}

const ENOUGH = 1e-3, SHRINK = 2.5, GROW = 1.05, CALM = 1.5, LEAST = 1e-8, MOST_SWEEPS = 100;

/** What randomized block descent remembers, and its memory. */
interface BlockMemory {
  readonly rng: Rng;
  /** α of the next block. */
  alpha: number;
  threshold: number;
  /** The outputs `Fu`, those of a trial, and `∂ℓ/∂ŷ`. */
  readonly outputs: Vector;
  readonly trial: Vector;
  readonly slope: Vector;
  /** `Xg` and `Xg'`. */
  readonly images: Vector;
  /** `Xuᵢ` and `Xu'ᵢ`, then less what is wanted of them. */
  readonly excess: Vector;
  /** `(g, g')`. */
  readonly gradient: Vector;
}

/** A step by randomized block descent on pairs (vᵢ, wᵢ). */
export function blockStep(options: BlockStepOptions = {}): InnerStep<ConvexRelu> {
  const { step = 2e-4, threshold = 1.3e-3, thresholdDecay = 0.96 } = options;
  if (!(step > 0 && threshold > 0 && thresholdDecay > 0 && thresholdDecay <= 1)) {
    throw new DomainError(
      `Cannot make block steps: expected a positive step and threshold and a decay of at most 1, got ${step}, ${threshold}, ` +
        `${thresholdDecay}`,
    );
  }
  return {
    name: "blocks",
    options: { step, threshold, thresholdDecay },
    init: ({ relu: { X } }, rng): BlockMemory => {
      const n = X.rows;
      return {
        rng,
        alpha: step,
        threshold,
        outputs: new Float64Array(n),
        trial: new Float64Array(n),
        slope: new Float64Array(n),
        images: new Float64Array(2 * n),
        excess: new Float64Array(2 * n),
        gradient: new Float64Array(2 * X.columns),
      };
    },
    minimize: (problem, held, pull, u) => {
      const memory = held as BlockMemory, count = problem.relu.arrangements.count;
      const window = Math.ceil(8 * Math.sqrt(count));
      problem.relu.gates.outputs.apply(u, memory.outputs);
      let decrease = 0;
      for (let k = 1; k <= MOST_SWEEPS * count; k++) {
        decrease += descend(problem.relu, memory, pull, u, integer(memory.rng, count));
        if (k % window > 0) continue;
        if (decrease / window < memory.threshold) break;
        decrease = 0;
      }
      memory.threshold *= thresholdDecay;
    },
  };
}

/** One block: returns by how much L fell. */
function descend(
  { X, y, loss, arrangements }: ReluModel,
  memory: BlockMemory,
  pull: Pull,
  u: Vector,
  i: number,
): number {
  const { outputs, trial, slope, images, gradient: g } = memory, n = X.rows, d = X.columns, { rho, a, b } = pull;
  const { patterns, count } = arrangements, at = [i * d, (count + i) * d], rows = [i * n, (count + i) * n];
  const { value, gradient } = reluLosses[loss], before = gradient(outputs, y, slope);
  // g = ρ(u - a) + Xᵀ(±Dᵢ∇ℓ + ρ(Xu - (2Dᵢ-I)b)), and of |Gu - b|² what is linear along it
  for (let h = 0; h < 2; h++) {
    for (let j = 0; j < d; j++) g[h * d + j] = rho * (u[at[h] + j] - a[at[h] + j]);
    for (let k = 0; k < n; k++) {
      const gate = patterns[i * n + k];
      let e = (1 - 2 * gate) * b[rows[h] + k];
      for (let j = 0; j < d; j++) e += X.data[k * d + j] * u[at[h] + j];
      memory.excess[h * n + k] = e;
      e = rho * e + (h === 0 ? gate : -gate) * slope[k];
      for (let j = 0; j < d; j++) g[h * d + j] += e * X.data[k * d + j];
    }
  }
  // along -αg the quadratic part falls by α linear - α²/2 curvature
  let squares = 0, linear = 0, curvature = 0;
  for (let h = 0; h < 2; h++) {
    for (let j = 0; j < d; j++) {
      const e = g[h * d + j];
      squares += e * e;
      linear += rho * e * (u[at[h] + j] - a[at[h] + j]);
    }
    for (let k = 0; k < n; k++) {
      let image = 0;
      for (let j = 0; j < d; j++) image += X.data[k * d + j] * g[h * d + j];
      images[h * n + k] = image;
      linear += rho * image * memory.excess[h * n + k];
      curvature += rho * image * image;
    }
  }
  curvature += rho * squares;
  for (let alpha = memory.alpha, first = true; alpha >= LEAST && squares > 0; alpha /= SHRINK, first = false) {
    for (let k = 0; k < n; k++) trial[k] = outputs[k] - alpha * patterns[i * n + k] * (images[k] - images[n + k]);
    const fall = before - value(trial, y) + alpha * linear - alpha * alpha / 2 * curvature;
    if (!(fall >= ENOUGH * alpha * squares)) continue;
    for (let h = 0; h < 2; h++) for (let j = 0; j < d; j++) u[at[h] + j] -= alpha * g[h * d + j];
    outputs.set(trial);
    memory.alpha = first ? memory.alpha * GROW : memory.alpha / CALM;
    return fall;
  }
  memory.alpha = Math.max(memory.alpha / CALM, LEAST);
  return 0;
}
