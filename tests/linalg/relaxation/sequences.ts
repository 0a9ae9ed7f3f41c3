// Sequences of linear systems: Laplacians with random shifts, and the steps of a heat equation.
import { fillNormal, norm2, type Rng, rng, type SparseMatrix, uniform, type Vector } from "../../../lib/core/mod.ts";
import { addSparse, fromTriplets, gridLaplacian, type LinearSystem, sparseIdentity } from "../../../lib/linalg/mod.ts";

/** A number from the beta distribution (Jöhnk's method). */
function beta(random: Rng, a: number, b: number): number {
  for (;;) {
    const x = uniform(random) ** (1 / a), y = uniform(random) ** (1 / b);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

/** Shifts c = -0.15 + 0.6 Beta: `high` variance, many systems that are nearly singular, or `low`. */
export const shifts = { high: [0.5, 1.5], low: [2, 6] } as const, contexts = { lower: -0.15, upper: 0.45 };

/** `(Laplacian + c I) x = b` on 10 x 10 points, b normal of length at most √n, c the context. */
export function* shiftedLaplacians(count: number, kind: keyof typeof shifts, seed: number): Generator<LinearSystem> {
  const L = gridLaplacian(10, 10), I = sparseIdentity(100), random = rng(seed), [p, q] = shifts[kind];
  for (let t = 0; t < count; t++) {
    const context = -0.15 + 0.6 * beta(random, p, q), b = new Float64Array(100);
    do fillNormal(random, b); while (norm2(b) > 10);
    yield { A: addSparse(1, L, context, I), b, context };
  }
}

/**
 * The heat equation `uₜ = κ(t) Δu + f` on the unit square, m x m points inside, by the rule of Crank and Nicolson:
 * `(I + κ(tₖ₊½) h/2 L) uₖ₊₁ = (I - κ(tₖ₊½) h/2 L) uₖ + h f`. The diffusion κ varies over three orders of magnitude; its logarithm
 * is the context, from 0 to 1.
 */
export function* heatEquation(m: number, steps: number): Generator<LinearSystem, void, Vector> {
  const n = m * m, L = gridLaplacian(m, m), I = sparseIdentity(n), h = 1 / steps;
  let u: Vector = new Float64Array(n);
  for (let k = 0; k < steps; k++) {
    const context = (1 + Math.sin(10 * Math.PI * (k + 0.5) * h)) / 2, kappa = 10 ** (-1.5 + 3 * context);
    const s = kappa * h / 2 * (m + 1) ** 2, b = new Float64Array(n);
    L.apply(u, b);
    for (let i = 0; i < n; i++) b[i] = u[i] - s * b[i] + h * source(i, m, k * h);
    u = yield { A: addSparse(1, I, s, L), b, context };
  }
}

/** A source that moves around the middle. */
function source(i: number, m: number, t: number): number {
  const x = (i % m + 1) / (m + 1), y = (Math.floor(i / m) + 1) / (m + 1);
  const dx = x - 0.5 - Math.cos(2 * Math.PI * t) / 4, dy = y - 0.5 - Math.sin(2 * Math.PI * t) / 4;
  return 10 * Math.exp(-32 * (dx * dx + dy * dy));
}

/** A symmetric matrix that is not positive definite. */
export const indefinite: SparseMatrix = fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 2, 1]);
