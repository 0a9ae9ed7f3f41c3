/**
 * The Krylov spaces that Lanczos' and Arnoldi's methods restart: `A V_m = V_m H + β v_{m+1} e_mᵀ`.
 *
 * @module
 */
import { type LinearOperator, type Matrix, norm2, type Rng, type Vector } from "../../core/mod.ts";
import { Basis } from "../krylov/basis.ts";
import { matrix } from "../matrices/matrix.ts";

/** An orthonormal basis that grows, shrinks to combinations of its vectors, and grows again. */
export class KrylovSpace {
  /** Products made. */
  products = 0;
  /** The largest `|A v|` over the vectors of the basis: a lower bound of `|A|₂`. */
  size = 0;
  /** β: 0 when the basis spans an invariant subspace. */
  next = 0;
  /** The random vector of length 1 that it began with. */
  readonly start: Vector;
  /** V, and one vector more. */
  readonly basis: Basis;
  /** H, m x m. */
  readonly h: Vector;
  readonly #A: LinearOperator;
  readonly #m: number;
  readonly #random: Rng;
  readonly #relative: boolean;
  readonly #near: number;
  readonly #w: Vector;

  /**
   * A space of one random vector.
   *
   * @param A The operator.
   * @param m How many vectors it may have.
   * @param random The generator.
   * @param relative Whether residuals count relative to their eigenvalues.
   * @param near Along how many of the last vectors a product mainly lies: 2 for symmetric operators.
   */
  constructor(A: LinearOperator, m: number, random: Rng, relative: boolean, near = 0) {
    this.#A = A;
    this.#m = m;
    this.#random = random;
    this.#relative = relative;
    this.#near = near;
    this.basis = new Basis(A.rows, m + 1);
    this.h = new Float64Array(m * m);
    this.#w = new Float64Array(A.rows);
    this.basis.putRandom(0, random, this.#w);
    this.start = this.basis.row(0).slice();
  }

  /** Grows the basis from so many vectors to m; returns how many there are, fewer when they span the whole space. */
  extend(from: number): number {
    const m = this.#m, h = this.h, w = this.#w, column = new Float64Array(m);
    for (let j = from; j < m; j++) {
      this.#A.apply(this.basis.row(j), w);
      this.products++;
      const length = norm2(w);
      this.next = this.basis.orthogonalize(j + 1, w, column, 0, j > from ? this.#near : 0);
      if (!(this.next < Infinity)) return j;
      this.size = Math.max(this.size, length);
      for (let i = 0; i <= j; i++) h[i * m + j] = column[i];
      if (j + 1 < m) h[(j + 1) * m + j] = this.next;
      if (this.next > 0) this.basis.put(j + 1, w, this.next);
      else if (!this.basis.putRandom(j + 1, this.#random, w)) return j + 1;
    }
    return m;
  }

  /**
   * Keeps the combinations with these coefficients, count x m, and goes on with the next vector, or with a random one.
   */
  shrink(count: number, coefficients: Vector, fresh = false): void {
    this.basis.combine(this.#m, count, coefficients);
    const random = fresh && this.basis.putRandom(count, this.#random, this.#w);
    if (!random) this.basis.row(count).set(this.basis.row(this.#m));
    this.h.fill(0);
  }

  /** The bound of the residual of a Ritz vector with this last component, whose value has this magnitude. */
  bound(last: number, magnitude: number): number {
    return this.next * last * (this.#relative ? this.size / magnitude : 1);
  }

  /** The first rows and columns of H. */
  leading(count: number): Matrix {
    const H = matrix(count, count), m = this.#m;
    for (let i = 0; i < count; i++) H.data.set(this.h.subarray(i * m, i * m + count), i * count);
    return H;
  }
}
