/**
 * Reduction of a symmetric matrix to tridiagonal form, `A = Q T Qᵀ`.
 *
 * From the last row up: the reflector `H_k` makes row k zero left of its entry (k, k-1). Half of the work, the products
 * `A v`, has to be done vector by vector; the updates `A - v wᵀ - w vᵀ` wait for a panel of rows and are then done at
 * once, as a product of matrices.
 *
 * Source: Dongarra, Sorensen and Hammarling, Block reduction of matrices to condensed forms for eigenvalue computations
 * (1989), section 4.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

import { reflect } from "../factorizations/householder.ts";
import { backend } from "../kernels/mod.ts";
import { exchange } from "../matrices/permutation.ts";
import { type Workbench, workbench } from "../matrices/workbench.ts";

/** So many rows are reduced between two updates of the rest. */
const PANEL = 24;

/** `A = Q T Qᵀ` with `Q = H_{n-1} … H₂ H₁`. */
export interface Tridiagonal {
  /** The order n. */
  readonly size: number;
  /** The diagonal of T. */
  readonly diagonal: Vector;
  /** The n - 1 entries of T beside its diagonal, and a 0. */
  readonly offDiagonal: Vector;
  /** In row k, left of the diagonal, the vector of `H_k`; its unit entry is the last one, at (k, k-1). */
  readonly reflectors: Vector;
  /** The factor of `H_k` at k. */
  readonly tau: Vector;
}

/** Reduces a symmetric matrix of order n; its lower triangle is read. */
export function tridiagonalize(n: number, a: Vector): Tridiagonal {
  return new Reduction(n, a);
}

class Reduction implements Tridiagonal {
  readonly diagonal: Vector;
  readonly offDiagonal: Vector;
  readonly tau: Vector;
  readonly reflectors: Vector;
  /** For the rows of a panel that are reduced the w of `H A H = A - v wᵀ - w vᵀ`, in the same order. */
  readonly #w: Vector;
  readonly #c: Vector;
  readonly #bench: Workbench;

  constructor(readonly size: number, a: Vector) {
    const n = size, bench = this.#bench = workbench(n, [n * n, PANEL * n, PANEL]);
    [this.reflectors, this.#w, this.#c] = bench.arrays;
    this.reflectors.set(a);
    this.diagonal = new Float64Array(n);
    this.offDiagonal = new Float64Array(n);
    this.tau = new Float64Array(n);
    for (let end = n; end > 0; end -= PANEL) {
      const first = Math.max(0, end - PANEL);
      for (let k = end - 1; k >= first; k--) this.#reduceRow(first, k, end);
      if (first === 0) break;
      const v = first * n, rows = this.reflectors, w = this.#w;
      bench.gemmLower(true, false, first, end - first, -1, rows, v, n, w, 0, n, 1, rows, 0, n);
      bench.gemmLower(true, false, first, end - first, -1, w, 0, n, rows, v, n, 1, rows, 0, n);
    }
  }

  /** Row k of the panel from `first` to `end`, of which the rows after k are done. */
  #reduceRow(first: number, k: number, end: number): void {
    const n = this.size, a = this.reflectors, w = this.#w, c = this.#c, bench = this.#bench;
    const row = k * n, done = end - k - 1, vs = row + n, ws = (k + 1 - first) * n, to = (k - first) * n;
    for (let j = 0; j < done; j++) c[j] = -w[ws + j * n + k];
    bench.addTransposedProduct(done, k + 1, a, vs, n, c, 0, a, row);
    for (let j = 0; j < done; j++) c[j] = -a[vs + j * n + k];
    bench.addTransposedProduct(done, k + 1, w, ws, n, c, 0, a, row);
    this.diagonal[k] = a[row + k];
    if (k === 0) return;
    const tau = this.tau[k] = reflect(k, a, row + k - 1, -1);
    this.offDiagonal[k - 1] = a[row + k - 1];
    a[row + k - 1] = 1;
    w.fill(0, to, to + k);
    if (tau === 0) return;

    // p = A v, for the A with the updates of this panel
    bench.addSymmetricProduct(k, a, 0, n, a, row, w, to);
    this.#subtractProjection(done, k, a, vs, w, ws, row, to);
    this.#subtractProjection(done, k, w, ws, a, vs, row, to);

    // w = τ p - (τ² pᵀv / 2) v
    let sum = 0;
    for (let i = 0; i < k; i++) sum += w[to + i] * a[row + i];
    const half = tau * tau * sum / 2;
    for (let i = 0; i < k; i++) w[to + i] = tau * w[to + i] - half * a[row + i];
  }

  /** `p ← p - Σ yⱼ (xⱼ · v)` over rows xⱼ and yⱼ of the panel. */
  #subtractProjection(
    count: number,
    k: number,
    x: Vector,
    xs: number,
    y: Vector,
    ys: number,
    v: number,
    p: number,
  ): void {
    const n = this.size, c = this.#c.fill(0, 0, count);
    this.#bench.addProduct(count, k, x, xs, n, this.reflectors, v, c, 0);
    for (let j = 0; j < count; j++) c[j] = -c[j];
    this.#bench.addTransposedProduct(count, k, y, ys, n, c, 0, this.#w, p);
  }
}

/**
 * `Z = Q Sᵀ`, n x count, for the `count` rows of S: from eigenvectors of T, row by row, to those of A, column by
 * column.
 */
export function transformBack({ size: n, reflectors, tau }: Tridiagonal, count: number, s: Vector): Vector {
  // Upside down the reflectors start where they end here, and form Q in the order in which backends apply them.
  const flipped = new Float64Array(n * n),
    factors = new Float64Array(Math.max(0, n - 1)),
    z = new Float64Array(n * count);
  for (let k = 1; k < n; k++) {
    const column = n - 1 - k, row = k * n;
    factors[column] = tau[k];
    for (let i = 0; i < k; i++) flipped[(n - 1 - i) * n + column] = reflectors[row + i];
  }
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < n; i++) z[(n - 1 - i) * count + j] = s[j * n + i];
  }
  backend().applyQ(true, false, n - 1, count, n - 1, flipped, n, n, factors, z, count, count);
  for (let i = 0, j = n - 1; i < j; i++, j--) exchange(z, i * count, j * count, count);
  return z;
}
