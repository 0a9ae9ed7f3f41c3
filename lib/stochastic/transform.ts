/**
 * Gradient transformations: what optimizers are chained of.
 *
 * ```
 * u₀ = g,   uᵢ = Tᵢ(uᵢ₋₁),   x ← x + uₖ
 * ```
 *
 * A transformation turns a direction into another one, in place. The sign of the step is in one place,
 * `scaleByLearningRate`, which multiplies by `-η`.
 *
 * Source: the transformations of Optax, DeepMind (2020).
 *
 * @module
 */
import type { Layout, Options, Rng, Vector } from "../core/mod.ts";

/** What a transformation sees of the step besides the direction. */
export interface StepContext {
  /** The iterate. */
  readonly x: Vector;
  /** `t`: 1 in the first step. */
  readonly step: number;
  /** The names and shapes of the parameters; one block where the run was given none. */
  readonly layout: Layout;
  /** The mean loss of the batch at x. */
  readonly value: number;
  /** The gradient of the batch at x. */
  readonly gradient: Vector;
  /** The share of the examples that the batch is. */
  readonly share: number;
  /** The run's generator. */
  readonly rng: Rng;
  /** Writes the gradient of the same batch at another point into `out`; returns the loss there. */
  gradientAt(x: Vector, out: Vector): number;
  /** The loss of the same batch at another point. */
  valueAt(x: Vector): number;
  /** Writes `∇²f(x) v` of the same batch into `out`. */
  hessianVector(v: Vector, out: Vector): void;
}

/** A gradient transformation with a state of plain data. */
export interface Transform<S = unknown> {
  /** As in `scale by Adam`. */
  readonly name: string;
  /** What it was made with. */
  readonly options: Options;
  /** Oracles it calls through the context besides the batch's gradient, as `batchHessianVector`. */
  readonly needs?: readonly string[];
  /** Allocates the state for parameters that start at x. */
  readonly init: (x: Vector, layout: Layout) => S;
  /** Turns the direction u into the next one, in place. */
  apply(u: Vector, state: S, context: StepContext): void;
}

/**
 * One transformation after another.
 *
 * @example Momentum with clipped gradients
 * ```ts
 * import { chain, clipByGlobalNorm, scaleByLearningRate, trace } from "@gradus/gradus/stochastic";
 * import { assertEquals } from "@std/assert";
 *
 * const transform = chain(clipByGlobalNorm(1), trace({ decay: 0.9 }), scaleByLearningRate(0.1));
 * assertEquals(transform.name, "clip by global norm, trace, scale by learning rate");
 * ```
 */
export function chain(...parts: readonly Transform[]): Transform<unknown[]> {
  return {
    name: parts.map((part) => part.name).join(", "),
    options: { parts: parts.map(({ name, options }) => ({ name, ...options })) },
    needs: [...new Set(parts.flatMap((part) => part.needs ?? []))],
    init: (x, layout) => parts.map((part) => part.init(x, layout)),
    apply(u, states, context) {
      for (let i = 0; i < parts.length; i++) parts[i].apply(u, states[i], context);
    },
  };
}

/** The number of 64-bit floats that a state of plain data holds in its arrays. */
export function stateFloats(state: unknown): number {
  if (state instanceof Float64Array) return state.length;
  if (ArrayBuffer.isView(state) || typeof state !== "object" || state === null) return 0;
  return Object.values(state).reduce((sum: number, part) => sum + stateFloats(part), 0);
}
