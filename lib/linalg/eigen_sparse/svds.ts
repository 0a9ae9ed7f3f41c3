/**
 * Some singular values of a large matrix by Golub and Kahan's process with thick restarts.
 *
 * ```
 * A V_m = U_m B,   Aᵀ U_m = V_m Bᵀ + β v_{m+1} e_mᵀ
 * B = P Σ Rᵀ,   A (V r) = σ (U p),   |Aᵀ(U p) - σ (V r)| = β |p_m|
 * ```
 *
 * Both bases are kept orthogonal. Where A has fewer rows than columns the process runs with its transpose.
 *
 * Source: Golub and Kahan, Calculating the singular values and pseudo-inverse of a matrix (1965); Baglama and Reichel,
 * Augmented implicitly restarted Lanczos bidiagonalization methods (2005).
 *
 * @module
 */
import { axpy, type LinearOperator, type Matrix, norm2, type Rng, type Vector } from "../../core/mod.ts";
import { Basis } from "../krylov/basis.ts";
import { matrix, row, transpose } from "../matrices/matrix.ts";
import { transposedOperator } from "../operators/mod.ts";
import { svd } from "../eigen/svd.ts";
import { report } from "./report.ts";
import type { EigenOptions, EigenReport } from "./solution.ts";
import { type Process, type Ritz, thickRestart } from "./thick_restart.ts";
import { wanted } from "./wanted.ts";

/** Options of `svds`. */
export interface SvdsOptions extends EigenOptions {
  /** Which singular values. The smallest ones converge slowly. Default "largest". */
  readonly which?: "largest" | "smallest";
  /** m, the most vectors that are kept on either side. Default `max(2 k + 10, 20)`, or the smaller side of A. */
  readonly subspace?: number;
}

/** Some singular triplets, `A V = U diag(S)` and `Aᵀ U = V diag(S)`. */
export interface SingularTriplets extends EigenReport {
  /** The left singular vectors, m x k. */
  readonly U: Matrix;
  /** The singular values, descending. */
  readonly S: Vector;
  /** The right singular vectors, n x k. */
  readonly V: Matrix;
}

/**
 * k singular values of an operator, multiple ones as often as they are, and orthonormal singular vectors.
 *
 * @throws {DomainError} When k is not within 1 to min(m, n), or an option is out of range.
 *
 * @example The largest singular value of a rank-one matrix
 * ```ts
 * import { lowRankOperator, matrix, svds } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const A = lowRankOperator(matrix([[3], [4]]), matrix([[1], [2], [2]]));
 * const { S, status } = svds(A, 1);
 * assertEquals(status, "converged");
 * assertAlmostEquals(S[0], 15);
 * ```
 */
export function svds(A: LinearOperator, k: number, options: SvdsOptions = {}): SingularTriplets {
  const verb = "find singular values", small = Math.min(A.rows, A.columns);
  const { which = "largest" } = options, { m, tolerance, maxIterations, random } = wanted(verb, k, small, options);
  const wide = A.rows < A.columns, operator = wide ? transposedOperator(A) : A;
  const process = new Bidiagonalization(operator, m, random);
  const { chosen, restarts } = thickRestart(process, k, m, small, which, tolerance, maxIterations);
  const order = chosen.sort((i, j) => process.values[j] - process.values[i]), found = order.length;
  const left = new Float64Array(found * operator.rows), right = new Float64Array(found * operator.columns);
  const S = new Float64Array(found), residuals = new Float64Array(found);
  const up = new Float64Array(operator.rows), down = new Float64Array(operator.columns);
  let size = process.size;
  order.forEach((i, j) => {
    const u = left.subarray(j * up.length, (j + 1) * up.length),
      v = right.subarray(j * down.length, (j + 1) * down.length);
    S[j] = process.triplet(i, u, v);
    operator.apply(v, up);
    operator.applyTranspose(u, down);
    size = Math.max(size, norm2(up), norm2(down));
    axpy(-S[j], u, up);
    axpy(-S[j], v, down);
    residuals[j] = Math.hypot(norm2(up), norm2(down));
  });
  const columns = (rows: number, data: Vector): Matrix => transpose({ rows: found, columns: rows, data });
  const U = columns(up.length, left), V = columns(down.length, right), products = process.products + 2 * found;
  return {
    U: wide ? V : U,
    S,
    V: wide ? U : V,
    ...report(k, residuals, tolerance * size, restarts, maxIterations, products),
  };
}

/** Golub and Kahan's process in bases that may begin with singular vectors. */
class Bidiagonalization implements Process {
  /** Products made. */
  products = 0;
  /** The largest singular value of B so far: a lower bound of `|A|₂`. */
  size = 0;
  /** The singular values of B. */
  values: Vector = new Float64Array(0);
  readonly #A: LinearOperator;
  readonly #m: number;
  readonly #random: Rng;
  readonly #left: Basis;
  readonly #right: Basis;
  /** B, m x m. */
  readonly #b: Vector;
  readonly #up: Vector;
  readonly #down: Vector;
  /** β: 0 when the bases span invariant subspaces. */
  #next = 0;
  /** The singular vectors of B, in rows. */
  #p: Matrix = matrix(0, 0);
  #r: Matrix = matrix(0, 0);

  constructor(A: LinearOperator, m: number, random: Rng) {
    this.#A = A;
    this.#m = m;
    this.#random = random;
    this.#left = new Basis(A.rows, m);
    this.#right = new Basis(A.columns, m + 1);
    this.#b = new Float64Array(m * m);
    this.#up = new Float64Array(A.rows);
    this.#down = new Float64Array(A.columns);
    this.#right.putRandom(0, random, this.#down);
  }

  extend(from: number): number {
    const m = this.#m, b = this.#b, up = this.#up, down = this.#down, h = new Float64Array(m);
    for (let j = from; j < m; j++) {
      this.#A.apply(this.#right.row(j), up);
      const alpha = this.#left.orthogonalize(j, up, h, 0, 1);
      if (alpha > 0) this.#left.put(j, up, alpha);
      else this.#left.putRandom(j, this.#random, up);
      for (let i = 0; i < j; i++) b[i * m + j] = h[i];
      b[j * (m + 1)] = alpha;
      this.#A.applyTranspose(this.#left.row(j), down);
      this.products += 2;
      this.#next = this.#right.orthogonalize(j + 1, down, h, 0, 1);
      if (!(alpha < Infinity && this.#next < Infinity)) {
        this.#next = NaN;
        return j;
      }
      if (this.#next > 0) this.#right.put(j + 1, down, this.#next);
      else if (!this.#right.putRandom(j + 1, this.#random, down)) return j + 1;
    }
    return m;
  }

  ritz(count: number): Ritz {
    const m = this.#m, B = matrix(count, count);
    for (let i = 0; i < count; i++) B.data.set(this.#b.subarray(i * m, i * m + count), i * count);
    const { U, S, V } = svd(B);
    this.values = S;
    this.#p = transpose(U);
    this.#r = transpose(V);
    this.size = Math.max(this.size, count > 0 ? S[0] : 0);
    return {
      values: S,
      bounds: S.map((_, i) => this.#next * Math.abs(U.data[(count - 1) * count + i])),
      size: this.size,
    };
  }

  restart(kept: Int32Array, fresh: boolean): void {
    const m = this.#m, l = kept.length, left = new Float64Array(l * m), right = new Float64Array(l * m);
    kept.forEach((i, at) => {
      left.set(row(this.#p, i), at * m);
      right.set(row(this.#r, i), at * m);
    });
    this.#left.combine(m, l, left);
    this.#right.combine(m, l, right);
    if (!fresh || !this.#right.putRandom(l, this.#random, this.#down)) this.#right.row(l).set(this.#right.row(m));
    this.#b.fill(0);
    kept.forEach((i, at) => this.#b[at * (m + 1)] = this.values[i]);
  }

  /** Writes the i-th singular vectors; returns the singular value. */
  triplet(i: number, u: Vector, v: Vector): number {
    this.#left.addCombination(this.#p.columns, row(this.#p, i), u);
    this.#right.addCombination(this.#r.columns, row(this.#r, i), v);
    return this.values[i];
  }
}
