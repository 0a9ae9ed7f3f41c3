/**
 * Surrogates of losses in the space of their targets, which cost no evaluation of the losses.
 *
 * ```
 * h(x) = mean ℓᵢ(zᵢ(x)),   at xₜ: zₜ, qₜ = ∇ℓ(zₜ)
 * g(x) = mean [ ℓᵢ(zₜ) + qₜ·(z(x) - zₜ) + D(z(x), zₜ)/η ]
 *   euclidean   D = ½ |z - zₜ|²
 *   entropy     D = log Σ exp z - log Σ exp zₜ - softmax(zₜ)·(z - zₜ),  the divergence of the classes' probabilities
 *   metric      D = ½ Σ aₖ (z - zₜ)ₖ²,  a the same for all examples
 * ```
 *
 * g and h have the same value and gradient at xₜ. Where η is at most 1/L, `ℓ` being L-smooth, the euclidean g is
 * nowhere below h; for the cross-entropy of logits the one with entropy and η = 1 is h.
 *
 * Source: Lavington, Vaswani, Babanezhad, Schmidt and Le Roux, Target-based surrogates for stochastic optimization
 * (2023), arXiv 2302.02607, equation (2) and section 5.
 *
 * @module
 */
import type { Smooth, Targets, Vector } from "../core/mod.ts";

/** How far targets are from each other. */
export type TargetGeometry = "euclidean" | "entropy" | "metric";

/** What a surrogate is made of. */
export interface SurrogateData {
  /** The batch. */
  readonly batch: Uint32Array;
  /** `zₜ`. */
  readonly z: Vector;
  /** `qₜ`. */
  readonly q: Vector;
  /** The mean loss at zₜ. */
  readonly value: number;
  /** `η`. */
  readonly eta: number;
  /** D. */
  readonly geometry: TargetGeometry;
  /** `a`, for the metric. */
  readonly metric?: Vector;
}

/**
 * The surrogate `g` as a smooth problem. Its calls count no loss.
 *
 * @param dimension The number of parameters.
 */
export function targetSurrogate(targets: Targets, dimension: number, data: SurrogateData): Smooth {
  const { batch, z, q, value, eta, geometry, metric } = data, K = targets.perExample, count = batch.length;
  const now = new Float64Array(z.length), slopes = new Float64Array(z.length), weights = new Float64Array(K);
  /** `g(x)`; slopes become its derivatives by z. */
  const evaluate = (x: Vector): number => {
    let sum = 0;
    targets.predict(x, batch, now);
    for (let i = 0, at = 0; i < count; i++, at += K) {
      if (geometry === "entropy") sum += entropy(now, z, slopes, at, K, weights) / eta;
      for (let k = at; k < at + K; k++) {
        const d = now[k] - z[k];
        if (geometry !== "entropy") {
          const a = metric ? metric[k - at] : 1;
          sum += a * d * d / (2 * eta);
          slopes[k] = a * d;
        }
        sum += q[k] * d;
        slopes[k] = (q[k] + slopes[k] / eta) / count;
      }
    }
    return value + sum / count;
  };
  return {
    kind: "smooth",
    dimension,
    value: evaluate,
    gradient: (x, out) => {
      const v = evaluate(x);
      targets.pullBack(x, batch, slopes, out);
      return v;
    },
  };
}

/** D and its derivative for an example. */
function entropy(now: Vector, z: Vector, slopes: Vector, at: number, K: number, p: Vector): number {
  const before = softmax(z, at, K, p);
  let divergence = -before;
  for (let k = 0; k < K; k++) {
    slopes[at + k] = -p[k];
    divergence -= p[k] * (now[at + k] - z[at + k]);
  }
  divergence += softmax(now, at, K, p);
  for (let k = 0; k < K; k++) slopes[at + k] += p[k];
  return divergence;
}

/** Writes the probabilities of K logits into p; returns `log Σ exp z`. */
function softmax(z: Vector, at: number, K: number, p: Vector): number {
  let most = -Infinity, sum = 0;
  for (let k = 0; k < K; k++) most = Math.max(most, z[at + k]);
  for (let k = 0; k < K; k++) sum += p[k] = Math.exp(z[at + k] - most);
  for (let k = 0; k < K; k++) p[k] /= sum;
  return most + Math.log(sum);
}
