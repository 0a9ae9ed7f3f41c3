/**
 * Determinantal point processes on 0 … n-1, sampled exactly.
 *
 * ```
 * kernel K, symmetric, 0 <= K <= I:   Pr(B ⊆ J) = det K_BB, so Pr(i ∈ J) = Kᵢᵢ
 * L-ensemble:   Pr(J) = det L_JJ / det(L + I),   K = L (L + I)⁻¹
 * of size k:    Pr(J) = det L_JJ / e_k(λ),       e_k the elementary symmetric polynomial of the eigenvalues of L
 * ```
 *
 * A sample: choose eigenvectors, number i with probability `λᵢ/(1 + λᵢ)` (for size k given that k are chosen); then
 * with the chosen ones as the columns of Q draw from the projection QQᵀ: row i with probability proportional to its
 * squared length outside the span of the rows drawn before.
 *
 * Source: Hough, Krishnapur, Peres and Virág, Determinantal processes and independence (2006), algorithm 18; Kulesza
 * and Taskar, Determinantal point processes for machine learning (2012), arXiv 1207.6083, algorithms 1 and 8.
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  drawIndex,
  type Matrix,
  type Rng,
  scale,
  uniform,
  type Vector,
} from "../../core/mod.ts";
import { checkFinite } from "../matrices/checks.ts";
import { eigh } from "../eigen/eigh.ts";
import { checkCount } from "../krylov/iteration.ts";
import { matrix } from "../matrices/matrix.ts";
import { cumulative } from "./categorical.ts";

/** A process of which samples can be drawn. */
export interface DeterminantalProcess {
  /** The eigenvalues of K, ascending: the number of points is a sum of independent coins with these probabilities. */
  readonly probabilities: Vector;
  /** A sample: distinct indices in random order. */
  readonly sample: (random: Rng) => Uint32Array;
  /**
   * A sample of k points, of all samples of that size.
   *
   * @throws {DomainError} When k is no whole number or exceeds the rank of the process.
   */
  readonly sampleOfSize: (k: number, random: Rng) => Uint32Array;
}

/**
 * The process of an L-ensemble, L symmetric positive semidefinite. It costs an eigendecomposition, each sample of k
 * points `2 n k²` operations.
 *
 * @throws {ShapeError} When L is not square.
 * @throws {DomainError} When L is not symmetric, has a negative eigenvalue, or an entry that is not finite.
 *
 * @example Points that are alike do not come together
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { lEnsemble, matrix } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const process = lEnsemble(matrix([[1, 1, 0], [1, 1, 0], [0, 0, 1]])), [i, j] = process.sampleOfSize(2, rng(1));
 * assert(i === 2 || j === 2); // 0 and 1 are the same
 * ```
 */
export function lEnsemble(L: Matrix): DeterminantalProcess {
  return processOf("make an L-ensemble", L, Infinity, (lambda) => lambda);
}

/**
 * The process of a marginal kernel K, symmetric with eigenvalues in [0, 1].
 *
 * @throws {ShapeError} When K is not square.
 * @throws {DomainError} When K is not symmetric, has an eigenvalue outside [0, 1], or an entry that is not finite.
 *
 * @example One of two points that are alike, or none
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { determinantalProcess, matrix } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const process = determinantalProcess(matrix([[0.4, 0.4], [0.4, 0.4]])), random = rng(1);
 * for (let k = 0; k < 50; k++) assert(process.sample(random).length <= 1);
 * ```
 */
export function determinantalProcess(K: Matrix): DeterminantalProcess {
  return processOf("make a determinantal process", K, 1, (p) => p < 1 ? p / (1 - p) : Infinity);
}

function processOf(
  verb: string,
  A: Matrix,
  largest: number,
  oddsOf: (eigenvalue: number) => number,
): DeterminantalProcess {
  const { values, vectors } = eigh(A), n = A.rows;
  const slack = 1e-13 * n * Math.max(Math.abs(values[0] ?? 0), values[n - 1] ?? 0);
  for (const lambda of values) {
    if (lambda >= -slack && lambda <= largest + slack) continue;
    throw new DomainError(`Cannot ${verb}: expected eigenvalues from 0 to ${largest}, got ${lambda}`);
  }
  const odds = values.map((lambda) => lambda <= slack ? 0 : oddsOf(lambda)); // within rounding of 0 is no direction
  const probabilities = odds.map((odds) => heads(odds));
  const sampleFrom = (chosen: number[], random: Rng): Uint32Array =>
    sampleProjection(columnsOf(vectors, chosen), random);
  return {
    probabilities,
    sample: (random) => {
      const chosen: number[] = [];
      for (let i = 0; i < n; i++) if (uniform(random) < probabilities[i]) chosen.push(i);
      return sampleFrom(chosen, random);
    },
    sampleOfSize: (k, random) => sampleFrom(chooseOfSize(odds, k, random), random),
  };
}

/** `odds/(1 + odds)`, for all odds from 0 to infinity. */
const heads = (odds: number): number => 1 / (1 + 1 / odds);

/**
 * A sample of the projection process with the kernel QQᵀ, for Q with k orthonormal columns, n x k: k distinct indices.
 *
 * @throws {DomainError} When Q has an entry that is not finite, or columns that are not orthonormal up to 1e-8.
 */
export function sampleProjection(Q: Matrix, random: Rng): Uint32Array {
  const verb = "sample a projection", { rows: n, columns: k } = Q;
  checkFinite(verb, Q);
  const left = new Float64Array(n), sample = new Uint32Array(k), basis = matrix(k, k), rest = new Float64Array(k);
  for (let i = 0; i < n; i++) left[i] = squared(Q.data.subarray(i * k, (i + 1) * k));
  const trace = left.reduce((sum, x) => sum + x, 0);
  if (Math.abs(trace - k) > 1e-8 * k) {
    throw new DomainError(`Cannot ${verb}: expected ${k} orthonormal columns, got the squared norm ${trace}`);
  }
  for (let step = 0; step < k; step++) {
    const pick = drawIndex(cumulative(verb, left), random);
    sample[step] = pick;
    rest.set(Q.data.subarray(pick * k, (pick + 1) * k));
    for (let pass = 0; pass < 2; pass++) { // Gram-Schmidt, twice
      for (let p = 0; p < step; p++) {
        const b = basis.data.subarray(p * k, (p + 1) * k);
        axpy(-dot(b, rest), b, rest);
      }
    }
    scale(1 / Math.sqrt(squared(rest)), rest);
    basis.data.set(rest, step * k);
    for (let i = 0; i < n; i++) left[i] = Math.max(0, left[i] - dot(rest, Q.data.subarray(i * k, (i + 1) * k)) ** 2);
    left[pick] = 0;
  }
  return sample;
}

const squared = (x: Vector): number => dot(x, x);

function columnsOf(A: Matrix, chosen: readonly number[]): Matrix {
  const k = chosen.length, part = matrix(A.rows, k);
  chosen.forEach((from, to) => {
    for (let i = 0; i < A.rows; i++) part.data[i * k + to] = A.data[i * A.columns + from];
  });
  return part;
}

/**
 * k of n coins with these odds, given that k show heads. Odds in the same ratios give the same law, so they are first
 * changed to show k heads in the mean. The number of heads among the first i has the law `P(m, i)`, by a recursion
 * without overflow; back from i = n, coin i is one of m with probability `pᵢ P(m-1, i-1) / P(m, i)`.
 */
function chooseOfSize(odds: Vector, k: number, random: Rng): number[] {
  const verb = "sample points", n = odds.length, width = k + 1, p = new Float64Array(n);
  checkCount(verb, "of points", k);
  const most = odds.filter((x) => x > 0).length, least = odds.filter((x) => x === Infinity).length;
  if (k < least || k > most) {
    throw new DomainError(`Cannot ${verb}: expected from ${least} to ${most} points, got ${k}`);
  }
  let low = -700, high = 700; // logarithms of the factor
  while (high - low > 1e-3) {
    const middle = (low + high) / 2, factor = Math.exp(middle);
    let mean = 0;
    for (let i = 0; i < n; i++) mean += p[i] = heads(factor * odds[i]);
    if (mean > k) high = middle;
    else low = middle;
  }
  const law = new Float64Array((n + 1) * width);
  law[0] = 1;
  for (let i = 1; i <= n; i++) {
    for (let m = 0; m <= k; m++) {
      const without = law[(i - 1) * width + m] * (1 - p[i - 1]);
      law[i * width + m] = without + (m > 0 ? law[(i - 1) * width + m - 1] * p[i - 1] : 0);
    }
  }
  const chosen: number[] = [];
  for (let i = n, m = k; m > 0; i--) {
    if (uniform(random) * law[i * width + m] >= p[i - 1] * law[(i - 1) * width + m - 1]) continue;
    chosen.push(i - 1);
    m--;
  }
  return chosen;
}
