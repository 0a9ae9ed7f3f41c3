/**
 * Regression from batches of which only a minority is genuine: a short list of coefficients, one of them good.
 *
 * B batches of n samples; αB of them, nobody knows which, have `y = w*ᵀx + noise`. A set of weights β over the batches
 * is worked on until the gradients of its batches at its own robust fit spread no more than noise explains:
 *
 * ```
 * w = argmin Σ β_b Σᵢ huber(y_bi - wᵀx_bi; κ),   κ = 2 √(mean residual² / α)
 * g_b = mean of clip(residual, ±κ) x over batch b;   (λ, u) the top eigenpair of their covariance under β
 * λ <= 3 r̄/n, r̄ the mean clipped residual²:  w goes on the list
 * otherwise along u, with s = √(r̄/n):  β is split in two that overlap by 3s, where few batches are in both,
 *                                      or loses batches outside the central 1 - α/4, by the square of how far they are
 * ```
 *
 * Weights of a sum below αB/2 cannot hold the genuine batches and are dropped. That noise explains r̄/n holds for
 * features with E xxᵀ = I; features are brought there first, by Cholesky's factor of their second moments over all
 * samples; foreign ones with far larger features would hide the others.
 *
 * Source: Das, Jain, Kong and Sen, Efficient List-Decodable Regression using Batches (2022), arXiv 2211.12743; its
 * multifilter in a reduced form.
 *
 * @module
 */
import {
  DomainError,
  dot,
  isFiniteVector,
  type Matrix,
  NotPositiveDefiniteError,
  ShapeError,
  type Vector,
} from "../core/mod.ts";
import { cholesky, eigh, matmul, matvec, scale, solveTriangular, transpose } from "../linalg/mod.ts";

/**
 * A split may enlarge the sum of squared weights so much. With 1 the list is provably short, and genuine batches get
 * lost.
 */
const MOST_GROWTH = 1.05;

/** The samples, batch by batch. */
export interface Batches {
  /** Bn x d. */
  readonly X: Matrix;
  /** Bn numbers. */
  readonly y: Vector;
  /** n, samples in a batch. */
  readonly size: number;
}

/** What a list is made from. */
export interface ListDecodableOptions {
  /** The share α of genuine batches, in (0, 1]. */
  readonly alpha: number;
  /** Sets of weights to work on, at most. Default 3000. */
  readonly maxRounds?: number;
}

/** A list of candidates. */
export interface CandidateList {
  /** Coefficients, d each. */
  readonly candidates: readonly Vector[];
  /** Sets of weights worked on. */
  readonly rounds: number;
  /** `round-limit` when sets were left: the list may then miss w*. */
  readonly status: "completed" | "round-limit";
  /** The same in words; also whether batches are smaller than 1/α, for which the theory promises nothing. */
  readonly message: string;
}

/**
 * The list of coefficients that may be w*: some 1/α of them, as far as seen, when the others agree among each other.
 *
 * @throws {ShapeError} When X and y do not hold the same whole number of batches.
 * @throws {DomainError} When α is not in (0, 1], an entry is not finite, or the features of all samples are linearly
 * dependent.
 *
 * @example Two lines that share the samples
 * ```ts
 * import { listDecodableRegression } from "@gradus/gradus/network";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * // five batches of y = x and five of y = -x, four samples each
 * const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i));
 * const y = x.map((xi, i) => (i < 20 ? xi : -xi) + 0.01 * Math.cos(7 * i));
 * const { candidates } = listDecodableRegression({ X: { rows: 40, columns: 1, data: x }, y, size: 4 }, { alpha: 0.5 });
 * assertEquals(candidates.length, 2);
 * for (const [w] of candidates) assertAlmostEquals(Math.abs(w), 1, 0.01);
 * ```
 */
export function listDecodableRegression(
  { X, y, size }: Batches,
  { alpha, maxRounds = 3000 }: ListDecodableOptions,
): CandidateList {
  const count = check({ X, y, size }, alpha), L = factorOfMoments(X), candidates: Vector[] = [];
  const whitened = { X: transpose(solveTriangular(L, transpose(X), { lower: true })), y, size };
  const stack: Vector[] = [new Float64Array(count).fill(1)];
  let rounds = 0;
  for (; stack.length > 0 && rounds < maxRounds; rounds++) {
    const beta = stack.pop()!;
    if (sum(beta) < alpha * count / 2) continue;
    const fit = fitHuber(whitened, beta, alpha), spread = spreadOfGradients(whitened, beta, fit);
    if (spread.largest > 3 * spread.noise ** 2) stack.push(...narrowed(beta, spread, alpha));
    else candidates.push(solveTriangular(L, fit.w, { lower: true, transpose: true }));
  }
  const small = size < 1 / alpha ? `; batches of ${size} are smaller than 1/α = ${(1 / alpha).toPrecision(3)}` : "";
  return {
    candidates,
    rounds,
    status: stack.length > 0 ? "round-limit" : "completed",
    message: `${candidates.length} candidates from ${rounds} sets of weights, ${stack.length} left${small}`,
  };
}

/** L with `L Lᵀ` the second moments of all samples. */
function factorOfMoments(X: Matrix): Matrix {
  try {
    return cholesky(scale(matmul(transpose(X), X), 1 / X.rows)).L;
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    throw new DomainError("Cannot decode a regression: expected linearly independent features, got dependent ones");
  }
}

/** A robust fit: coefficients, residuals, and where these are clipped. */
interface Fit {
  readonly w: Vector;
  readonly residuals: Vector;
  readonly kappa: number;
}

/**
 * Huber's estimate under weights by iteratively reweighted least squares; its scale follows the residuals, which are
 * those of batches that count.
 */
function fitHuber({ X, y, size }: Batches, beta: Vector, alpha: number): Fit {
  const d = X.columns, total = sum(beta) * size, residuals = y.slice();
  let w: Vector = new Float64Array(d), kappa = Infinity;
  for (let iteration = 0; iteration < 30; iteration++) {
    const H = new Float64Array(d * d), right = new Float64Array(d);
    for (let b = 0; b < beta.length; b++) {
      if (beta[b] === 0) continue;
      for (let i = b * size; i < (b + 1) * size; i++) {
        const length = Math.abs(residuals[i]), weight = beta[b] * (length <= kappa ? 1 : kappa / length), x = i * d;
        for (let j = 0; j < d; j++) {
          const weighted = weight * X.data[x + j];
          right[j] += weighted * y[i];
          for (let k = 0; k <= j; k++) H[j * d + k] += weighted * X.data[x + k];
        }
      }
    }
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < j; k++) H[k * d + j] = H[j * d + k];
      H[j * (d + 1)] += 1e-12 * total; // features have unit moments; a set of few batches may miss a direction
    }
    const next = cholesky({ rows: d, columns: d, data: H }).solve(right);
    let change = 0, squares = 0;
    for (let j = 0; j < d; j++) change += (next[j] - w[j]) ** 2;
    w = next;
    for (let b = 0; b < beta.length; b++) {
      if (beta[b] === 0) continue;
      for (let i = b * size; i < (b + 1) * size; i++) {
        residuals[i] = y[i] - dot(X.data.subarray(i * d, (i + 1) * d), w);
        squares += beta[b] * residuals[i] ** 2;
      }
    }
    kappa = 2 * Math.sqrt(squares / total / alpha);
    if (change <= 1e-12 * dot(w, w)) break;
  }
  return { w, residuals, kappa };
}

/** How the gradients of the batches spread along the direction in which they do so most. */
interface Spread {
  /** The top eigenvalue of their covariance. */
  readonly largest: number;
  /** Their coordinates along its eigenvector. */
  readonly along: Vector;
  /** The standard deviation that noise explains, `√(r̄/n)`. */
  readonly noise: number;
}

function spreadOfGradients({ X, size }: Batches, beta: Vector, { residuals, kappa }: Fit): Spread {
  const d = X.columns, count = beta.length, total = sum(beta);
  const gradients = new Float64Array(count * d), mean = new Float64Array(d), covariance = new Float64Array(d * d);
  let squares = 0;
  for (let b = 0; b < count; b++) {
    if (beta[b] === 0) continue;
    for (let i = b * size; i < (b + 1) * size; i++) {
      const clipped = Math.max(-kappa, Math.min(kappa, residuals[i]));
      squares += beta[b] * clipped ** 2 / (size * total);
      for (let j = 0; j < d; j++) gradients[b * d + j] += clipped * X.data[i * d + j] / size;
    }
    for (let j = 0; j < d; j++) mean[j] += beta[b] * gradients[b * d + j] / total;
  }
  for (let b = 0; b < count; b++) {
    if (beta[b] === 0) continue;
    for (let j = 0; j < d; j++) {
      const weighted = beta[b] / total * (gradients[b * d + j] - mean[j]);
      for (let k = 0; k <= j; k++) covariance[j * d + k] += weighted * (gradients[b * d + k] - mean[k]);
    }
  }
  for (let j = 0; j < d; j++) for (let k = 0; k < j; k++) covariance[k * d + j] = covariance[j * d + k];
  const { values, vectors } = eigh({ rows: d, columns: d, data: covariance });
  const top = Float64Array.from({ length: d }, (_, j) => vectors.data[j * d + d - 1]);
  return {
    largest: values[d - 1],
    along: matvec({ rows: count, columns: d, data: gradients }, top),
    noise: Math.sqrt(squares / size),
  };
}

/** The weights that go on in place of β: split in two, or filtered. */
function narrowed(beta: Vector, { along, noise }: Spread, alpha: number): Vector[] {
  const quantile = quantiles(along, beta), low = quantile(alpha / 8), high = quantile(1 - alpha / 8);
  const total = sum(beta);
  let least = MOST_GROWTH, at: number | undefined;
  for (let k = 0; k <= 20; k++) {
    const t = low + (high - low) * k / 20;
    const left = mass(beta, along, (p) => p <= t + 1.5 * noise) / total;
    const right = mass(beta, along, (p) => p >= t - 1.5 * noise) / total;
    if (Math.max(left, right) < 1 && left ** 2 + right ** 2 < least) [least, at] = [left ** 2 + right ** 2, t];
  }
  if (at !== undefined) {
    const left = at + 1.5 * noise, right = at - 1.5 * noise;
    return [
      beta.map((weight, b) => along[b] <= left ? weight : 0),
      beta.map((weight, b) => along[b] >= right ? weight : 0),
    ];
  }
  // α/8 of the weights are on either side of [low, high]; few genuine batches are further out than noise explains
  const outside = filtered(beta, along.map((p) => Math.max(low - noise - p, p - high - noise, 0) ** 2));
  const median = quantile(0.5);
  return [outside ?? filtered(beta, along.map((p) => (p - median) ** 2)) ?? new Float64Array(beta.length)];
}

/**
 * `β (1 - τ/max τ)`, the largest τ over batches that count: each filter removes one at least. Nothing where all τ are
 * zero.
 */
function filtered(beta: Vector, tau: Vector): Vector | undefined {
  const most = tau.reduce((m, value, b) => beta[b] > 0 ? Math.max(m, value) : m, 0);
  return most > 0 ? beta.map((weight, b) => weight * Math.max(0, 1 - tau[b] / most)) : undefined;
}

/** The quantiles of values under weights. */
function quantiles(values: Vector, weights: Vector): (q: number) => number {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]), total = sum(weights);
  return (q) => {
    let passed = 0;
    for (const b of order) if ((passed += weights[b]) >= q * total) return values[b];
    return values[order[order.length - 1]];
  };
}

function mass(beta: Vector, along: Vector, counts: (p: number) => boolean): number {
  let total = 0;
  for (let b = 0; b < beta.length; b++) if (counts(along[b])) total += beta[b];
  return total;
}

function sum(x: Vector): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i];
  return total;
}

/** Checks the input; returns B. */
function check({ X, y, size }: Batches, alpha: number): number {
  const verb = "decode a regression";
  if (!(alpha > 0 && alpha <= 1)) throw new DomainError(`Cannot ${verb}: expected α in (0, 1], got ${alpha}`);
  const count = X.rows / size;
  if (y.length !== X.rows || !Number.isInteger(count) || count < 1 || X.columns < 1) {
    throw new ShapeError(
      `Cannot ${verb}: expected a whole number of batches of ${size} samples, got ${X.rows} x ${X.columns} features and ` +
        `${y.length} responses`,
    );
  }
  if (!(isFiniteVector(X.data) && isFiniteVector(y))) {
    throw new DomainError(`Cannot ${verb}: expected finite entries`);
  }
  return count;
}
