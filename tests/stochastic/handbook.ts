// The table of convergence theorems for (stochastic) gradient methods: for each, the steps it is for and its bound.
// Source: Garrigos and Gower, Handbook of convergence theorems for (stochastic) gradient methods (2023), arXiv 2301.11235.
import { DomainError } from "../../lib/core/mod.ts";

/** What the theorems speak of. */
export interface Known {
  /** `D² = |x₀ - x*|²`. */
  readonly distance: number;
  /** `f(x₀) - f*`; for a composite `F(x₀) - F*`. */
  readonly gap: number;
  /** `L` of the mean. */
  readonly smoothness: number;
  /** The largest `Lᵢ`. */
  readonly largest: number;
  /** `μ`, of strong convexity or of Polyak and Łojasiewicz. */
  readonly mu: number;
  /** `σ = mean |∇fᵢ(x*)|²`; for a composite, the mean of `|∇fᵢ(x*) - ∇f(x*)|²`. */
  readonly sigma: number;
  /** `Δ = f* - mean inf fᵢ`. */
  readonly delta: number;
  /** A bound of subgradients. */
  readonly slope: number;
}

/** A theorem: the largest step (`excluded` when it is not one of them), and the bound after T steps of length g. */
interface Theorem {
  readonly limit: (k: Known) => number;
  readonly excluded?: boolean;
  readonly bound: (k: Known, g: number, T: number) => number;
}

const theorems = {
  /** `min |∇f(x_t)|²` */
  "gradient, smooth": { limit: (k) => 1 / k.smoothness, bound: (k, g, T) => 2 * k.gap / (g * T) },
  /** `f(x_T) - f*` */
  "gradient, convex": { limit: (k) => 1 / k.smoothness, bound: (k, g, T) => k.distance / (2 * g * T) },
  /** `|x_T - x*|²` */
  "gradient, strongly convex": { limit: (k) => 1 / k.smoothness, bound: (k, g, T) => (1 - g * k.mu) ** T * k.distance },
  /** `f(x_T) - f*` */
  "gradient, PL": { limit: (k) => 1 / k.smoothness, bound: (k, g, T) => (1 - g * k.mu) ** T * k.gap },
  /** `E f(x̄) - f*` */
  "SGD, convex": {
    limit: (k) => 1 / (2 * k.largest),
    excluded: true,
    bound: (k, g, T) => (k.distance / (2 * g * T) + g * k.sigma) / (1 - 2 * g * k.largest),
  },
  /** `E |x_T - x*|²` */
  "SGD, strongly convex": {
    limit: (k) => 1 / (2 * k.largest),
    bound: (k, g, T) => (1 - g * k.mu) ** T * k.distance + 2 * g * k.sigma / k.mu,
  },
  /** `E f(x_T) - f*` */
  "SGD, PL": {
    limit: (k) => k.mu / (k.smoothness * k.largest),
    bound: (k, g, T) => (1 - g * k.mu) ** T * k.gap + g * k.smoothness * k.largest * k.delta / k.mu,
  },
  /** `E f(x_T) - f*`; the step is η */
  "momentum, convex": {
    limit: (k) => 1 / (4 * k.largest),
    bound: (k, eta, T) => k.distance / (eta * (T + 1)) + 2 * eta * k.sigma,
  },
  /** `E f(x̄) - f*` */
  "subgradient": { limit: () => Infinity, bound: (k, g, T) => k.distance / (2 * g * T) + g * k.slope ** 2 / 2 },
  /** `E f(x̄) - f*`, x̄ weighted by t; steps `2/(μ(t+1))` */
  "projected subgradient": { limit: () => Infinity, bound: (k, _, T) => 2 * k.slope ** 2 / (k.mu * (T + 1)) },
  /** `F(x_T) - F*` */
  "proximal gradient, convex": { limit: (k) => 1 / k.smoothness, bound: (k, g, T) => k.distance / (2 * g * T) },
  /** `|x_T - x*|²` */
  "proximal gradient, strongly convex": {
    limit: (k) => 1 / k.smoothness,
    bound: (k, g, T) => (1 - g * k.mu) ** T * k.distance,
  },
  /** `E F(x̄) - F*` */
  "proximal SGD, convex": {
    limit: (k) => 1 / (4 * k.largest),
    excluded: true,
    bound: (k, g, T) => ((k.distance + 2 * g * k.gap) / (2 * g * T) + 2 * g * k.sigma) / (1 - 4 * g * k.largest),
  },
} satisfies Record<string, Theorem>;

/** The bound of a theorem. */
export function bound(name: keyof typeof theorems, known: Known, step: number, T: number): number {
  const { limit, excluded = false, bound }: Theorem = theorems[name], most = limit(known);
  if (!(step > 0 && (excluded ? step < most : step <= most * (1 + 1e-15)))) {
    throw new DomainError(`Cannot bound ${name}: expected a step ${excluded ? "below" : "up to"} ${most}, got ${step}`);
  }
  return bound(known, step, T);
}

/** The same constants for batches of b of n examples, drawn without replacement. */
export function minibatch(known: Known, n: number, b: number): Known {
  const largest = (n * (b - 1) * known.smoothness + (n - b) * known.largest) / (b * (n - 1));
  return { ...known, largest, sigma: (n - b) * known.sigma / (b * (n - 1)) };
}
