/**
 * Symmetric positive definite matrices with the affine-invariant metric.
 *
 * ```
 * d(A, B) = |log(A^{-1/2} B A^{-1/2})|_F = √(Σ log² λᵢ),  B v = λ A v;    d(XAXᵀ, XBXᵀ) = d(A, B)
 * mean: S = Σ wᵢ log(M^{-1/2} Cᵢ M^{-1/2}),   M ← M^{1/2} exp(t S) M^{1/2}   until |S|_F is small
 * tangent vector of C at M: log(M^{-1/2} C M^{-1/2}), its upper triangle row by row, off the diagonal times √2
 * ```
 *
 * The mean minimizes `½ Σ wᵢ d²(M, Cᵢ)`, whose second derivative lies between 1 and `β = Σ wᵢ (ℓᵢ/2) coth(ℓᵢ/2)`, ℓᵢ
 * the logarithm of the condition number of `M^{-1/2} Cᵢ M^{-1/2}`. Hence the step `t = 2/(1 + β)`; where `|S|` grows it
 * is halved. With condition numbers κ rounding leaves `|S|` at about 2⁻⁵² κ.
 *
 * Source: Moakher, A differential geometric approach to the geometric mean of symmetric positive-definite matrices
 * (2005); Bini and Iannazzo, Computing the Karcher mean of symmetric positive definite matrices (2013), for the step;
 * Pennec, Fillard and Ayache, A Riemannian framework for tensor computing (2006); for the log-Euclidean mean Arsigny,
 * Fillard, Pennec and Ayache (2007).
 *
 * @module
 */
import {
  DomainError,
  isFiniteVector,
  type Matrix,
  NotPositiveDefiniteError,
  ShapeError,
  type Vector,
} from "../core/mod.ts";
import { add, eigvalsh, matmul, matrix, norm, scale, symmetricFunction, transpose } from "../linalg/mod.ts";

function refuseIndefinite(verb: string, eigenvalue: number): never {
  throw new DomainError(
    `Cannot ${verb}: expected a positive definite matrix, got one with the eigenvalue ${eigenvalue}`,
  );
}

function checkFinite(verb: string, A: Matrix): void {
  if (!isFiniteVector(A.data)) throw new DomainError(`Cannot ${verb}: expected a matrix of finite entries`);
}

/** `f(A)` for a matrix that must be positive definite. */
function spectral(verb: string, A: Matrix, f: (eigenvalue: number) => number): Matrix {
  checkFinite(verb, A);
  return symmetricFunction(A, (value) => value > 0 ? f(value) : refuseIndefinite(verb, value));
}

const rootsOf = (verb: string, M: Matrix): { root: Matrix; inverse: Matrix } => ({
  root: spectral(verb, M, Math.sqrt),
  inverse: spectral(verb, M, (value) => 1 / Math.sqrt(value)),
});

/** `X C Xᵀ`, exactly symmetric. */
function congruence(X: Matrix, C: Matrix): Matrix {
  const product = matmul(matmul(X, C), transpose(X));
  return scale(add(product, transpose(product)), 0.5);
}

/**
 * The affine-invariant distance of two symmetric positive definite matrices.
 *
 * @throws {ShapeError} When a matrix is not square, or they differ in order.
 * @throws {DomainError} When a matrix is not symmetric, not finite or not positive definite.
 *
 * @example Scaling moves as far in every direction
 * ```ts
 * import { airm } from "@gradus/gradus/manifold";
 * import { diagonal } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(airm(diagonal([1, 1]), diagonal([Math.E, Math.E])), Math.SQRT2);
 * ```
 */
export function airm(A: Matrix, B: Matrix): number {
  const verb = "measure a distance";
  checkFinite(verb, A);
  checkFinite(verb, B);
  try {
    let sum = 0;
    for (const value of eigvalsh(B, A)) sum += value > 0 ? Math.log(value) ** 2 : refuseIndefinite(verb, value);
    return Math.sqrt(sum);
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    throw new DomainError(
      `Cannot ${verb}: expected a positive definite matrix, got one whose minor ${error.minor} is not`,
    );
  }
}

/** Options of `karcherMean`. */
export interface KarcherOptions {
  /** Weights, positive; by default all the same. They are divided by their sum. */
  readonly weights?: ArrayLike<number>;
  /** `|S|_F` at which the mean is found. Default 1e-10. */
  readonly tolerance?: number;
  /** The most steps. Default 200. */
  readonly maxIterations?: number;
}

/** A mean of matrices. */
export interface KarcherMean {
  /** The mean. */
  readonly mean: Matrix;
  /** `converged` when `|S|_F` is within the tolerance, else `iteration-limit`. */
  readonly status: "converged" | "iteration-limit";
  /** `|S|_F` at the mean: half the size of the gradient. */
  readonly gradientNorm: number;
  /** The number of steps. */
  readonly iterations: number;
}

/**
 * The Riemannian (Karcher, geometric) mean of symmetric positive definite matrices.
 *
 * @throws {ShapeError} When there are no matrices, they differ in order, or not every one has a weight.
 * @throws {DomainError} When a matrix is not symmetric, not finite or not positive definite, or an option out of range.
 *
 * @example The mean of two numbers is their geometric mean
 * ```ts
 * import { karcherMean } from "@gradus/gradus/manifold";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(karcherMean([matrix([[2]]), matrix([[8]])]).mean.data[0], 4);
 * ```
 */
export function karcherMean(matrices: readonly Matrix[], options: KarcherOptions = {}): KarcherMean {
  const verb = "take a mean", { tolerance = 1e-10, maxIterations = 200 } = options;
  const weights = weightsOf(verb, matrices, options.weights);
  if (!(tolerance > 0 && Number.isSafeInteger(maxIterations) && maxIterations >= 0)) {
    throw new DomainError(
      `Cannot ${verb}: expected a positive tolerance and a number of steps, got ${tolerance} and ${maxIterations}`,
    );
  }
  let M = logEuclidean(matrices, options), share = 1, at = tangentMean(verb, M, matrices, weights), iterations = 0;
  while (at.size > tolerance && iterations < maxIterations) {
    const { root, mean, step } = at;
    const moved = congruence(root, symmetricFunction(mean, (value) => Math.exp(share * step * value)));
    const next = tangentMean(verb, moved, matrices, weights), better = next.size < at.size;
    iterations++;
    if (better || share < 1e-3) [M, at] = [moved, next];
    share = better ? Math.min(1, 2 * share) : Math.max(share / 2, 1e-4);
  }
  const status = at.size <= tolerance ? "converged" : "iteration-limit";
  return { mean: M, status, gradientNorm: at.size, iterations };
}

/** The weighted mean of the tangent vectors at M, as a matrix, and the step along it. */
interface Tangent {
  readonly root: Matrix;
  readonly mean: Matrix;
  readonly size: number;
  readonly step: number;
}

function tangentMean(verb: string, M: Matrix, matrices: readonly Matrix[], weights: Vector): Tangent {
  const { root, inverse } = rootsOf(verb, M), mean = matrix(M.rows, M.rows);
  let curvature = 0; // β
  matrices.forEach((C, k) => {
    let first = NaN, last = NaN; // logarithms of the smallest and the largest eigenvalue
    const logarithm = spectral(verb, congruence(inverse, C), (value) => {
      last = Math.log(value);
      if (Number.isNaN(first)) first = last;
      return last;
    });
    const half = (last - first) / 2;
    curvature += weights[k] * (half < 1e-8 ? 1 : half / Math.tanh(half));
    add(mean, scale(logarithm, weights[k]), mean);
  });
  return { root, mean, size: norm(mean), step: 2 / (1 + curvature) };
}

function weightsOf(verb: string, matrices: readonly Matrix[], given?: ArrayLike<number>): Vector {
  const n = matrices.length, weights = Float64Array.from(given ?? Array(n).fill(1));
  if (n === 0 || weights.length !== n || matrices.some((C) => C.rows !== matrices[0].rows)) {
    throw new ShapeError(
      `Cannot ${verb}: expected matrices of one order and a weight for each, got ${n} of orders ` +
        `${[...new Set(matrices.map((C) => C.rows))].join(", ")} and ${weights.length} weights`,
    );
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!(weights.every((w) => w > 0) && total < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected positive weights, got ${weights.join(", ")}`);
  }
  return weights.map((w) => w / total);
}

/**
 * The log-Euclidean mean `exp(Σ wᵢ log Cᵢ)`: cheaper, and the same when the matrices commute.
 *
 * @throws {ShapeError} When there are no matrices, they differ in order, or not every one has a weight.
 * @throws {DomainError} When a matrix is not symmetric, not finite or not positive definite, or a weight not positive.
 */
export function logEuclidean(matrices: readonly Matrix[], options: Pick<KarcherOptions, "weights"> = {}): Matrix {
  const verb = "take a mean", weights = weightsOf(verb, matrices, options.weights), n = matrices[0].rows;
  const sum = matrix(n, n);
  matrices.forEach((C, k) => add(sum, scale(spectral(verb, C, Math.log), weights[k]), sum));
  return symmetricFunction(sum, Math.exp);
}

/**
 * The tangent vector that leads from M to C, as n (n + 1)/2 numbers whose Euclidean norm is the distance of M and C: so
 * that methods for ordinary vectors can be used.
 *
 * @throws {ShapeError} When a matrix is not square, or they differ in order.
 * @throws {DomainError} When a matrix is not symmetric, not finite or not positive definite.
 */
export function tangentSpace(M: Matrix, C: Matrix): Vector {
  const verb = "go to a tangent space", n = M.rows;
  if (C.rows !== n) throw new ShapeError(`Cannot ${verb}: expected matrices of one order, got ${n} and ${C.rows}`);
  checkFinite(verb, C);
  eigvalsh(C).forEach((value) => value > 0 || refuseIndefinite(verb, value)); // also that it is symmetric
  const S = spectral(verb, congruence(rootsOf(verb, M).inverse, C), Math.log), v = new Float64Array(n * (n + 1) / 2);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i; j < n; j++) v[at++] = i === j ? S.data[i * n + j] : Math.SQRT2 * S.data[i * n + j];
  }
  return v;
}
