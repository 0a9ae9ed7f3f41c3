/**
 * Training of the network that proposes directions, without solutions: a good direction is one along which the best
 * step leaves little of the residual.
 *
 * ```
 * minimize the mean of |r - α A f(r)|,   α = rᵀA f(r) / |A f(r)|²,   over domains and residuals of length 1
 * r = Σ cᵢ vᵢ / |Σ cᵢ vᵢ|,   vᵢ eigenvectors of A,   cᵢ normal, nine times as large on the lower half of the spectrum
 * ```
 *
 * The loss does not see the scale of f. Residuals of smooth errors are rare in what a solver meets first, and are what
 * is hard: hence the nine.
 *
 * Source: Kaneda, Akar, Chen, Kala, Hyde and Teran, A Deep Conjugate Direction Method for Iteratively Solving Linear
 * Systems (2022), arXiv 2205.10763, the sections on data and training, with Ritz vectors in place of eigenvectors.
 *
 * @module
 */
import {
  type Blocks,
  divide,
  multiply,
  norm,
  square,
  type StochasticObjective,
  stochasticObjective,
  subtract,
  sum,
} from "../../autodiff/mod.ts";
import {
  DomainError,
  fillNormal,
  iterations,
  type Matrix,
  norm2,
  type Result,
  type Rng,
  rng,
  ShapeError,
  solve,
  type Vector,
} from "../../core/mod.ts";
import { eigh, matvec, toDense } from "../../linalg/mod.ts";
import { adam, cosineDecay } from "../../stochastic/mod.ts";
import { directionLayout, poissonProduct, proposeDirections, vCycleWeights } from "./direction_network.ts";
import { gridPoisson } from "./grid_domain.ts";

/** How much larger coefficients are on the lower half of the spectrum. */
const EMPHASIS = 9;

/**
 * The loss of directions over residuals of domains of equal size, as a stochastic problem in the weights.
 *
 * @param domains Ones on free cells.
 * @param residuals How many for each domain.
 * @param random Draws the residuals.
 * @throws {ShapeError} When domains differ in size.
 * @throws {DomainError} When there is no domain, or one is no matrix of 0 and 1 with a free cell.
 */
export function directionLoss(domains: readonly Matrix[], residuals: number, random: Rng): StochasticObjective {
  if (domains.length === 0) throw new DomainError("Cannot train directions: expected a domain, got none");
  const { rows, columns } = domains[0], size = rows * columns, shape = [domains.length * residuals, 1, rows, columns];
  const r = { shape, data: new Float64Array(shape[0] * size) }, free = { shape, data: new Float64Array(r.data.length) };
  for (const [d, domain] of domains.entries()) {
    if (domain.rows !== rows || domain.columns !== columns) {
      throw new ShapeError(
        `Cannot train directions: expected domains of ${rows} x ${columns}, got ${domain.rows} x ${domain.columns}`,
      );
    }
    const { A, cells } = gridPoisson(domain), { vectors } = eigh(toDense(A)), n = cells.length;
    for (let s = d * residuals; s < (d + 1) * residuals; s++) {
      const c = fillNormal(random, new Float64Array(n));
      for (let i = 0; i < n / 2; i++) c[i] *= EMPHASIS;
      const x = matvec(vectors, c), length = norm2(x);
      for (let k = 0; k < n; k++) r.data[s * size + cells[k]] = x[k] / length;
      free.data.set(domain.data, s * size);
    }
  }
  return stochasticObjective(
    (weights: Blocks<string>, { r, free }) => {
      const image = poissonProduct(proposeDirections(weights, r, free), free);
      const pixels = { axes: [1, 2, 3], keepAxes: true };
      const alpha = divide(sum(multiply(r, image), pixels), sum(square(image), pixels));
      return norm(subtract(r, multiply(alpha, image)), { axes: [1, 2, 3] });
    },
    { r, free },
    { layout: directionLayout, name: "directions" },
  );
}

/** How long to train. */
export interface DirectionTraining {
  /** Steps of Adam, with batches of 16 residuals. Default 400. */
  readonly steps?: number;
  /** The learning rate at first; it falls to 0 as a cosine. Default 0.01. */
  readonly learningRate?: number;
  /** Residuals for each domain. Default 40. */
  readonly residuals?: number;
  /** Of residuals and batches. Default 1. */
  readonly seed?: number;
  /** The first weights. Default a V-cycle. */
  readonly start?: Vector;
}

/**
 * Trains the network on domains of equal size, 32 x 32 for instance; the weights then serve any size. The result's `x`
 * are the weights.
 *
 * @throws {ShapeError} When domains differ in size.
 * @throws {DomainError} When there is no domain, or one is no matrix of 0 and 1 with a free cell.
 *
 * @example A few steps are better than none
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { deepConjugateDirection } from "@gradus/gradus/linalg";
 * import { gridDirection, gridPoisson, randomDomain, trainDirection, vCycleWeights } from "@gradus/gradus/network";
 * import { assert } from "@std/assert";
 *
 * const { x } = trainDirection([randomDomain(16, "boxes", rng(1))], { steps: 60 });
 * const unseen = randomDomain(32, "ellipses", rng(2)), { A, cells } = gridPoisson(unseen);
 * const [before, after] = [vCycleWeights(), x].map((weights) =>
 *   deepConjugateDirection(A, new Float64Array(cells.length).fill(1), { direction: gridDirection(weights, unseen) })
 * );
 * assert(after.iterations < before.iterations);
 * ```
 */
export function trainDirection(domains: readonly Matrix[], options: DirectionTraining = {}): Result {
  const { steps = 400, learningRate = 0.01, residuals = 40, seed = 1, start = vCycleWeights() } = options;
  const problem = directionLoss(domains, residuals, rng(seed));
  const solver = adam({ learningRate: cosineDecay(learningRate, steps), batchSize: 16 });
  return solve(problem, solver, { start, seed, layout: directionLayout, stop: iterations(steps), measureEvery: 100 });
}
