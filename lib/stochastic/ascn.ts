/**
 * ASCN, accelerated stochastic cubic Newton: gradients and Hessians of batches, with regularizers that answer their
 * noise.
 *
 * ```
 * αₜ = 3/(t+3),   Aₜ = Πⱼ (1 - αⱼ),  j = 1 … t                              σ₁, σ₂: noise of gradient and Hessian
 * y = (1 - αₜ) x + αₜ v
 * x⁺ = y + argmin gᵀh + ½ hᵀHh + δₜ/2 |h|² + M/6 |h|³                        g, H of one batch each at y
 * s⁺ = s + αₜ/Aₜ g⁺,   g⁺ of another batch at x⁺
 * v⁺ = argmin ⟨s⁺, v⟩ + κ₂/2 |v - x₀|² + κ₃/3 |v - x₀|³
 * δₜ = σ₂ + (σ₁/R)(t+3)^(3/2),   κ₂ = δₜ αₜ²/Aₜ + (σ₁/R)(t+3)^(5/2),   κ₃ = (8M/3) αₜ³/Aₜ
 * ```
 *
 * `E f(x) - f* = O(σ₁ R/√T + σ₂ R²/T² + L R³/T³)`: noise of the Hessian costs less than noise of the gradient. The
 * factors in δₜ and κ₂ are one choice of those that the rate allows.
 *
 * Source: Agafonov, Kamzolov, Gasnikov, Kavis, Antonakopoulos, Cevher and Takáč, Advancing the lower bounds: an
 * accelerated, stochastic, second-order method with optimal adaptation to inexactness (2023), arXiv 2309.01570.
 *
 * @module
 */
import {
  axpy,
  checkPositive,
  copy,
  DomainError,
  norm2,
  type Rng,
  sampleWithoutReplacement,
  type Solver,
  type State,
  type Vector,
} from "../core/mod.ts";
import { leastUnderCubic, spectrumOf, writeHessian } from "../smooth/mod.ts";
import type { TwiceStochastic } from "./optimizer.ts";

/** Options of `ascn`. */
export interface AscnOptions {
  /** Examples for a gradient. Default all. */
  readonly gradientBatch?: number;
  /** Examples for a Hessian. Default all. */
  readonly hessianBatch?: number;
  /** `σ₁`, the noise of gradients. Default 0. */
  readonly gradientNoise?: number;
  /** `σ₂`, the noise of Hessians. Default 0. */
  readonly hessianNoise?: number;
  /** `M`, at least twice the Lipschitz constant of the Hessian. Default 2. */
  readonly regularization?: number;
  /** `R`, a guess of `|x₀ - x*|`; used where σ₁ > 0. Default 1. */
  readonly radius?: number;
}

/** The state. */
export interface AscnState extends State {
  /** `x₀`. */
  readonly origin: Vector;
  /** `v`. */
  readonly v: Vector;
  /** `s`. */
  readonly sum: Vector;
  /** `t`. */
  t: number;
  /** The generator. */
  readonly rng: Rng;
  /** Room for batches. */
  readonly batches: { readonly gradient: Uint32Array; readonly hessian: Uint32Array };
  /** Room for y, a gradient, and h. */
  readonly room: readonly [Vector, Vector, Vector];
}

/**
 * Accelerated stochastic cubic Newton, for convex means. Batches are drawn without replacement, new ones for y and x⁺.
 *
 * @throws {DomainError} When M or R is not positive, or a noise negative; in `init`, when a batch has no examples or
 * more than all.
 *
 * @example A mean of two parabolas
 * ```ts
 * import { iterations, solve } from "@gradus/gradus/core";
 * import { ascn } from "@gradus/gradus/stochastic";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const problem = { // (x ∓ 1)²/2, the mean least at 0
 *   kind: "stochastic" as const,
 *   dimension: 1,
 *   examples: 2,
 *   batchValue: ([x]: Float64Array, batch: Uint32Array) =>
 *     batch.reduce((sum, i) => sum + (x + 2 * i - 1) ** 2 / 2, 0) / batch.length,
 *   batchGradient: ([x]: Float64Array, batch: Uint32Array, out: Float64Array) => {
 *     out[0] = batch.reduce((sum, i) => sum + x + 2 * i - 1, 0) / batch.length;
 *     return batch.reduce((sum, i) => sum + (x + 2 * i - 1) ** 2 / 2, 0) / batch.length;
 *   },
 *   batchHessianVector: (_: Float64Array, __: Uint32Array, v: Float64Array, out: Float64Array) => out.set(v),
 * };
 * assertAlmostEquals(solve(problem, ascn(), { start: [3], stop: iterations(40) }).x[0], 0, 0.05);
 * ```
 */
export function ascn(options: AscnOptions = {}): Solver<TwiceStochastic, AscnState> {
  const { gradientBatch, hessianBatch, gradientNoise = 0, hessianNoise = 0, regularization: M = 2, radius = 1 } =
    options;
  checkPositive("run ASCN", "M", M);
  checkPositive("run ASCN", "R", radius);
  for (const noise of [gradientNoise, hessianNoise]) {
    if (!(noise >= 0 && noise < Infinity)) throw new DomainError(`Cannot run ASCN: expected noise >= 0, got ${noise}`);
  }
  return {
    name: "ASCN",
    options: { ...options, regularization: M },
    reference: {
      title:
        "Advancing the lower bounds: an accelerated, stochastic, second-order method with optimal adaptation to inexactness",
      authors: "Agafonov, Kamzolov, Gasnikov, Kavis, Antonakopoulos, Cevher, Takáč",
      year: 2023,
      identifier: "arXiv:2309.01570",
    },
    needs: ["batchGradient", "batchHessianVector"],
    init: (problem, start, { rng }) => {
      const x = start.x.slice(), n = x.length;
      return {
        x,
        value: NaN,
        origin: x.slice(),
        v: x.slice(),
        sum: new Float64Array(n),
        t: 1,
        rng,
        batches: { gradient: room(gradientBatch, problem.examples), hessian: room(hessianBatch, problem.examples) },
        room: [new Float64Array(n), new Float64Array(n), new Float64Array(n)],
      };
    },
    step(problem, state) {
      const { x, v, sum, origin, t, rng, batches, room: [y, g, h] } = state, { examples } = problem, n = x.length;
      const alpha = 3 / (t + 3), A = 6 / ((t + 1) * (t + 2) * (t + 3)), noise = gradientNoise / radius;
      const delta = hessianNoise + noise * (t + 3) ** 1.5;
      const kappa2 = delta * alpha ** 2 / A + noise * (t + 3) ** 2.5, kappa3 = 8 * M / 3 * alpha ** 3 / A;
      for (let i = 0; i < n; i++) y[i] = (1 - alpha) * x[i] + alpha * v[i];
      problem.batchGradient(y, draw(rng, examples, batches.gradient), g);
      const batch = draw(rng, examples, batches.hessian), H = { rows: n, columns: n, data: new Float64Array(n * n) };
      writeHessian({ hessianVector: (at, w, out) => problem.batchHessianVector(at, batch, w, out) }, y, H);
      for (let i = 0; i < n; i++) H.data[i * n + i] += delta;
      leastUnderCubic(spectrumOf(H, g), M / 2, h);
      copy(y, x);
      axpy(1, h, x);
      problem.batchGradient(x, draw(rng, examples, batches.gradient), g);
      axpy(alpha / A, g, sum);
      // |v - x₀| = r with κ₃ r² + κ₂ r = |s|
      const length = norm2(sum), r = 2 * length / (kappa2 + Math.sqrt(kappa2 * kappa2 + 4 * kappa3 * length));
      copy(origin, v);
      if (length > 0) axpy(-r / length, sum, v);
      state.t++;
    },
    point: (_, { x }) => ({ x }),
  };
}

function room(batch: number | undefined, examples: number): Uint32Array {
  const size = batch ?? examples;
  if (!(Number.isSafeInteger(size) && size >= 1 && size <= examples)) {
    throw new DomainError(`Cannot run ASCN: expected batches of 1 to ${examples} examples, got ${size}`);
  }
  return Uint32Array.from({ length: size }, (_, i) => i);
}

/** Another batch; all examples stay as they are. */
function draw(rng: Rng, examples: number, batch: Uint32Array): Uint32Array {
  return batch.length === examples ? batch : sampleWithoutReplacement(rng, examples, batch);
}
