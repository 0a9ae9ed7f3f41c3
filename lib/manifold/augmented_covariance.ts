/**
 * Augmented covariance: that of a signal beside delayed copies of itself, which sees time as well as space.
 *
 * ```
 * z_t = (x_t, x_{t+τ}, …, x_{t+(p-1)τ}),   C = Σ_t z_t z_tᵀ / (T - (p-1)τ)
 * ```
 *
 * By Takens' theorem the copies hold what a deterministic system does. Too few samples give a singular matrix: then
 * 1e-6 of the trace is added to the diagonal.
 *
 * Source: Carrara and Papadopoulo, Classification of BCI-EEG based on augmented covariance matrix (2023), arXiv
 * 2302.04508.
 *
 * @module
 */
import { DomainError, isFiniteVector, type Matrix } from "../core/mod.ts";
import { matmul, matrix, trace, transpose } from "../linalg/mod.ts";

/** Options of `augmentedCovariance`. */
export interface AugmentOptions {
  /** The number p of copies. Default 1: the ordinary covariance of a signal of mean 0. */
  readonly order?: number;
  /** The lag τ between copies, in samples. Default 1. */
  readonly lag?: number;
}

/**
 * The augmented covariance of a signal, p c x p c for c channels.
 *
 * @param X The signal, T x c: a row for each time.
 * @throws {DomainError} When an option is no positive integer, the signal shorter than the copies need, not finite or
 * zero.
 *
 * @example Two copies of a signal that alternates
 * ```ts
 * import { augmentedCovariance } from "@gradus/gradus/manifold";
 * import { matrix, toArray } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const C = augmentedCovariance(matrix([[1], [-1], [1], [-1], [1]]), { order: 2, lag: 1 });
 * assertEquals(toArray(C), [[1, -1], [-1, 1]]);
 * ```
 */
export function augmentedCovariance(X: Matrix, options: AugmentOptions = {}): Matrix {
  const { order = 1, lag = 1 } = options,
    { rows: T, columns: c, data } = X,
    count = T - (order - 1) * lag,
    n = order * c;
  if (![order, lag].every((k) => Number.isSafeInteger(k) && k >= 1) || count < 1) {
    throw new DomainError(
      `Cannot take a covariance: expected copies that fit into ${T} samples, got ${order} with lag ${lag}`,
    );
  }
  if (!isFiniteVector(data)) throw new DomainError("Cannot take a covariance: expected finite samples");
  const Z = matrix(count, n);
  for (let t = 0; t < count; t++) {
    for (let k = 0; k < order; k++) Z.data.set(data.subarray((t + k * lag) * c, (t + k * lag + 1) * c), t * n + k * c);
  }
  const C = matmul(transpose(Z), Z), size = trace(C) / count;
  if (!(size > 0)) throw new DomainError("Cannot take a covariance: expected a signal other than 0");
  for (let at = 0; at < C.data.length; at++) C.data[at] /= count;
  for (let i = 0; i < n && count < n; i++) C.data[i * (n + 1)] += 1e-6 * size;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) C.data[j * n + i] = C.data[i * n + j];
  return C;
}
