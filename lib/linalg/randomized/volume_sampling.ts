/**
 * Volume sampling: k rows of a tall matrix with probability in proportion to the squared volume that they span.
 *
 * ```
 * Pr(J) = det(A_JᵀA_J) / (C(n-d, k-d) det AᵀA),  |J| = k >= d        E A_J⁺ b_J = A⁺ b
 * from all rows, remove row i with probability ∝ 1 - aᵢᵀ Z aᵢ,  Z = (A_SᵀA_S)⁻¹, until k are left
 * Z⁺ = Z + v vᵀ,  v = Z aᵢ/√(1 - aᵢᵀZ aᵢ)
 * ```
 *
 * Least squares on the rows that are left is unbiased, which no independent sampling is.
 *
 * Source: Derezinski and Warmuth, Reverse iterative volume sampling for linear regression (2018), arXiv 1806.01969,
 * algorithms 1 and 2, theorem 8.
 *
 * @module
 */
import {
  DomainError,
  dot,
  drawIndex,
  integer,
  type Matrix,
  type Rng,
  scale,
  ShapeError,
  uniform,
  type Vector,
} from "../../core/mod.ts";
import { checkFinite, shapeOf } from "../matrices/checks.ts";
import { qr } from "../factorizations/qr.ts";
import { addSymmetricProduct } from "../matrices/vector_products.ts";
import { cumulative } from "./categorical.ts";
import { checkCount } from "../krylov/iteration.ts";

/** How to sample. */
export interface VolumeSamplingOptions {
  /**
   * "reverse": all probabilities are kept, `O(n² d)`. "fast": a row drawn at random is removed with its own
   * probability, which is one half or more as long as 2d are left, `O(n d²)`. Both have the same law. Default "fast".
   */
  readonly method?: "fast" | "reverse";
}

/**
 * The indices, ascending, of k rows of A, n x d.
 *
 * @throws {ShapeError} When A has fewer rows than columns.
 * @throws {DomainError} When k is no integer in d … n, A has not full rank, or an entry is not finite.
 *
 * @example Rows that span the plane
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { matrix, volumeSampling } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = volumeSampling(matrix([[1, 0], [2, 0], [0, 1], [5, 0]]), 2, rng(1));
 * assertEquals(rows[0] === 2 || rows[1] === 2, true); // the others are parallel
 * ```
 */
export function volumeSampling(A: Matrix, k: number, random: Rng, options: VolumeSamplingOptions = {}): Uint32Array {
  const verb = "sample rows by volume", { method = "fast" } = options, { rows: n, columns: d } = A;
  checkFinite(verb, A);
  if (n < d) throw new ShapeError(`Cannot ${verb}: expected at least as many rows as columns, got ${shapeOf(A)}`);
  checkCount(verb, "of rows", k, d);
  if (k > n) throw new DomainError(`Cannot ${verb}: expected at most ${n} rows, got ${k}`);
  const factors = qr(A);
  if (factors.reciprocalCondition() < Number.EPSILON) throw new DomainError(`Cannot ${verb}: expected the rank ${d}`);
  const rows = new Uint32Array(n).map((_, i) => i), Q = factors.Q.data; // with orthonormal columns: Z = I at first
  const Z = new Float64Array(d * d), v = new Float64Array(d);
  for (let i = 0; i < d; i++) Z[i * (d + 1)] = 1;
  const vectorOf = (i: number): Vector => Q.subarray(i * d, (i + 1) * d);
  /** Leaves Z aᵢ in v and returns `1 - aᵢᵀZ aᵢ`. */
  const slackOf = (i: number): number => {
    v.fill(0);
    addSymmetricProduct(d, Z, 0, d, Q, i * d, v, 0);
    return Math.max(0, 1 - dot(vectorOf(i), v));
  };
  const remove = (place: number, slack: number, size: number): void => {
    rows[place] = rows[size - 1];
    scale(1 / Math.sqrt(slack), v);
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) Z[i * d + j] += v[i] * v[j];
  };
  let size = n;
  for (const until = method === "fast" ? Math.max(k, 2 * d) : n; size > until; size--) {
    for (;;) {
      const place = integer(random, size), slack = slackOf(rows[place]);
      if (uniform(random) >= slack) continue;
      remove(place, slack, size);
      break;
    }
  }
  const slacks = new Float64Array(size);
  for (let p = 0; p < size; p++) slacks[p] = slackOf(rows[p]);
  for (; size > k; size--) {
    const place = drawIndex(cumulative(verb, slacks.subarray(0, size)), random), slack = slackOf(rows[place]);
    remove(place, slack, size);
    slacks[place] = slacks[size - 1];
    for (let p = 0; p < size - 1; p++) slacks[p] = Math.max(0, slacks[p] - dot(vectorOf(rows[p]), v) ** 2);
  }
  return rows.subarray(0, k).slice().sort();
}
