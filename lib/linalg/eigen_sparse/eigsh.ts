/**
 * Some eigenvalues of a large symmetric matrix by Lanczos' process with thick restarts.
 *
 * ```
 * A V_m = V_m T + β v_{m+1} e_mᵀ,   T S = S Θ,   |A (V s) - θ (V s)| = β |s_m|
 * ```
 *
 * All vectors are kept orthogonal to all others, so that eigenvalues do not come twice unless they are double. Around a shift σ
 * the process runs with `(A - σ I)⁻¹`, whose eigenvalues are `1/(λ - σ)`.
 *
 * Source: Wu and Simon, Thick-restart Lanczos method for large symmetric eigenvalue problems (2000); Parlett, The symmetric
 * eigenvalue problem (1998), section 13.
 *
 * @module
 */
import {
  axpy,
  type LinearOperator,
  type Matrix,
  norm2,
  normInf,
  type Rng,
  scale,
  type Vector,
} from "../../core/mod.ts";
import { eigh } from "../eigh.ts";
import { Basis } from "../krylov/basis.ts";
import { checkSquareOperator } from "../krylov/iteration.ts";
import { matrix, row, transpose } from "../matrix.ts";
import { report } from "./report.ts";
import type { EigenOptions, EigenReport } from "./solution.ts";
import { type Process, type Ritz, thickRestart } from "./thick_restart.ts";
import { checkInverse, wanted } from "./wanted.ts";

/** Options of `eigsh`. */
export interface EigshOptions extends EigenOptions {
  /**
   * Which eigenvalues: the largest, the smallest, from both ends by turns, or those of the largest magnitude. Default "largest";
   * with an inverse it is those nearest to the shift.
   */
  readonly which?: "largest" | "smallest" | "both" | "magnitude";
  /** m, the most vectors that are kept. Default `max(2 k + 10, 20)`, or n. */
  readonly subspace?: number;
  /** `(A - σ I)⁻¹`, for the eigenvalues nearest to σ. */
  readonly inverse?: LinearOperator;
  /** σ. Default 0. */
  readonly shift?: number;
}

/** Some eigenpairs of a symmetric matrix. */
export interface SymmetricEigenpairs extends EigenReport {
  /** The eigenvalues, ascending. */
  readonly values: Vector;
  /** In column j an eigenvector of length 1 for `values[j]`; n x k. */
  readonly vectors: Matrix;
}

/**
 * k eigenvalues of a symmetric operator of order n, multiple ones as often as they are, and orthonormal eigenvectors. Symmetry is
 * not checked.
 *
 * @throws {ShapeError} When A is not square, or the inverse has another shape.
 * @throws {DomainError} When k is not within 1 to n, or an option is out of range.
 *
 * @example The lowest frequencies of a membrane
 * ```ts
 * import { eigsh, gridLaplacian } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { values, status } = eigsh(gridLaplacian(20, 20), 3, { which: "smallest" });
 * const part = (j: number): number => 2 - 2 * Math.cos(Math.PI * j / 21);
 * assertEquals(status, "converged");
 * [2 * part(1), part(1) + part(2), part(1) + part(2)].forEach((value, j) => assertAlmostEquals(values[j], value, 1e-12));
 * ```
 */
export function eigsh(A: LinearOperator, k: number, options: EigshOptions = {}): SymmetricEigenpairs {
  const verb = "find eigenvalues",
    n = A.rows,
    { inverse, shift = 0, which = inverse ? "magnitude" : "largest" } = options;
  checkSquareOperator(verb, "an operator", A, n);
  checkInverse(verb, inverse, shift, n);
  const { m, tolerance, maxIterations, random } = wanted(verb, k, n, options);
  const lanczos = new Lanczos(inverse ?? A, m, random, inverse !== undefined);
  // |A v - λ v| <= |A - σ I| |A⁻¹v - θ v| / |θ| for the inverse with the shift
  const { chosen, restarts } = thickRestart(
    lanczos,
    k,
    m,
    n,
    which,
    inverse ? tolerance / 10 : tolerance,
    maxIterations,
  );
  const image = new Float64Array(n);
  let size = inverse ? 0 : lanczos.size;
  const pairs = Array.from(chosen, (i) => {
    const vector = lanczos.vector(i), theta = lanczos.values[i], value = inverse ? shift + 1 / theta : theta;
    A.apply(vector, image);
    size = Math.max(size, norm2(image));
    axpy(-value, vector, image);
    return { value, vector, residual: norm2(image) };
  });
  if (inverse) { // a vector with parts of all eigenvectors
    A.apply(lanczos.start, image);
    size = Math.max(size, norm2(image));
  }
  pairs.sort((p, q) => p.value - q.value);
  const rows = new Float64Array(pairs.length * n), products = lanczos.products + pairs.length + (inverse ? 1 : 0);
  pairs.forEach(({ vector }, j) => rows.set(vector, j * n));
  return {
    values: Float64Array.from(pairs, ({ value }) => value),
    vectors: transpose({ rows: pairs.length, columns: n, data: rows }),
    ...report(k, pairs.map(({ residual }) => residual), tolerance * size, restarts, maxIterations, products),
  };
}

/** Lanczos' process in a basis that may begin with Ritz vectors. */
class Lanczos implements Process {
  /** Products made. */
  products = 0;
  /** The largest magnitude of a Ritz value so far: a lower bound of `|A|₂`. */
  size = 0;
  /** The Ritz values. */
  values: Vector = new Float64Array(0);
  /** The random vector of length 1 that it began with. */
  readonly start: Vector;
  readonly #basis: Basis;
  readonly #A: LinearOperator;
  readonly #m: number;
  readonly #random: Rng;
  /** Whether residuals count relative to their eigenvalues. */
  readonly #relative: boolean;
  /** T, m x m, and behind it room for the components of a product. */
  readonly #t: Vector;
  readonly #w: Vector;
  /** β: 0 when the basis spans an invariant subspace. */
  #next = 0;
  /** The Ritz vectors in the basis, in rows. */
  #ritz: Matrix = { rows: 0, columns: 0, data: new Float64Array(0) };

  constructor(A: LinearOperator, m: number, random: Rng, relative: boolean) {
    this.#relative = relative;
    this.#A = A;
    this.#m = m;
    this.#random = random;
    this.#basis = new Basis(A.rows, m + 1);
    this.#t = new Float64Array(m * m);
    this.#w = new Float64Array(A.rows);
    this.#basis.putRandom(0, random, this.#w);
    this.start = this.#basis.row(0).slice();
  }

  extend(from: number): number {
    const m = this.#m, t = this.#t, w = this.#w, h = new Float64Array(m);
    for (let j = from; j < m; j++) {
      this.#A.apply(this.#basis.row(j), w);
      this.products++;
      this.#next = this.#basis.orthogonalize(j + 1, w, h, 0, j > from ? 2 : 0);
      if (!(this.#next < Infinity)) return j;
      for (let i = 0; i <= j; i++) t[i * m + j] = t[j * m + i] = h[i];
      if (this.#next > 0) this.#basis.put(j + 1, w, this.#next);
      else if (!this.#basis.putRandom(j + 1, this.#random, w)) return j + 1;
    }
    return m;
  }

  ritz(count: number): Ritz {
    const m = this.#m, T = matrix(count, count);
    for (let i = 0; i < count; i++) T.data.set(this.#t.subarray(i * m, i * m + count), i * count);
    const { values, vectors } = eigh(T);
    this.values = values;
    this.#ritz = transpose(vectors);
    this.size = Math.max(this.size, normInf(values));
    const bounds = values.map((theta, i) =>
      this.#next * Math.abs(vectors.data[(count - 1) * count + i]) * (this.#relative ? this.size / Math.abs(theta) : 1)
    );
    return { values, bounds, size: this.size };
  }

  restart(kept: Int32Array, fresh: boolean): void {
    const m = this.#m, t = this.#t, l = kept.length, coefficients = new Float64Array(l * m);
    kept.forEach((i, at) => coefficients.set(row(this.#ritz, i), at * m));
    this.#basis.combine(m, l, coefficients);
    if (!fresh || !this.#basis.putRandom(l, this.#random, this.#w)) this.#basis.row(l).set(this.#basis.row(m));
    t.fill(0);
    kept.forEach((i, at) => t[at * (m + 1)] = this.values[i]);
  }

  /** Ritz vector i. */
  vector(i: number): Vector {
    const out = new Float64Array(this.#w.length);
    this.#basis.addCombination(this.#ritz.columns, row(this.#ritz, i), out);
    scale(1 / norm2(out), out);
    return out;
  }
}
