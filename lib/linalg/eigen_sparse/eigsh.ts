/**
 * Some eigenvalues of a large symmetric matrix by Lanczos' process with thick restarts.
 *
 * ```
 * A V_m = V_m T + β v_{m+1} e_mᵀ,   T S = S Θ,   |A (V s) - θ (V s)| = β |s_m|
 * ```
 *
 * All vectors are kept orthogonal to all others, so that eigenvalues do not come twice unless they are double. Around a
 * shift σ the process runs with `(A - σ I)⁻¹`, whose eigenvalues are `1/(λ - σ)`.
 *
 * Source: Wu and Simon, Thick-restart Lanczos method for large symmetric eigenvalue problems (2000); Parlett, The
 * symmetric eigenvalue problem (1998), section 13.
 *
 * @module
 */
import { axpy, type LinearOperator, type Matrix, norm2, scale, type Vector } from "../../core/mod.ts";
import { eigh } from "../eigen/eigh.ts";
import { checkSquareOperator } from "../krylov/iteration.ts";
import { matrix, row, transpose } from "../matrices/matrix.ts";
import { KrylovSpace } from "./krylov_space.ts";
import { report } from "./report.ts";
import type { EigenOptions, EigenReport } from "./solution.ts";
import { type Process, type Ritz, thickRestart } from "./thick_restart.ts";
import { checkInverse, wanted } from "./wanted.ts";

/** Options of `eigsh`. */
export interface EigshOptions extends EigenOptions {
  /**
   * Which eigenvalues: the largest, the smallest, from both ends by turns, or those of the largest magnitude. Default
   * "largest"; with an inverse it is those nearest to the shift.
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
 * k eigenvalues of a symmetric operator of order n, multiple ones as often as they are, and orthonormal eigenvectors.
 * Symmetry is not checked.
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
  const lanczos = new Lanczos(inverse ?? A, m, random, inverse !== undefined, 2);
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

/** Lanczos' process in a space that may begin with Ritz vectors. */
class Lanczos extends KrylovSpace implements Process {
  /** The Ritz values. */
  values: Vector = new Float64Array(0);
  /** The Ritz vectors in the basis, in rows. */
  #ritz: Matrix = matrix(0, 0);

  ritz(count: number): Ritz {
    const T = this.leading(count);
    for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) T.data[i * count + j] = T.data[j * count + i];
    const { values, vectors } = eigh(T), last = (count - 1) * count;
    this.values = values;
    this.#ritz = transpose(vectors);
    const bounds = values.map((theta, i) => this.bound(Math.abs(vectors.data[last + i]), Math.abs(theta)));
    return { values, bounds, size: this.size };
  }

  restart(kept: Int32Array, fresh: boolean): void {
    const m = this.#ritz.columns, coefficients = new Float64Array(kept.length * m);
    kept.forEach((i, at) => coefficients.set(row(this.#ritz, i), at * m));
    this.shrink(kept.length, coefficients, fresh);
    kept.forEach((i, at) => this.h[at * (m + 1)] = this.values[i]);
  }

  /** Ritz vector i. */
  vector(i: number): Vector {
    const out = new Float64Array(this.start.length);
    this.basis.addCombination(this.#ritz.columns, row(this.#ritz, i), out);
    scale(1 / norm2(out), out);
    return out;
  }
}
