/**
 * Reduction of a square matrix to upper bidiagonal form, `A = Q B Pᵀ`.
 *
 * Reflectors from the left make zeros below the diagonal, from the right beyond the entry next to it. Half of the work,
 * products of the matrix with the vectors of the reflectors, has to be done one by one; the updates `A - v yᵀ - x uᵀ`
 * wait for a panel of columns and rows and are then done at once, as a product of matrices.
 *
 * Source: Dongarra, Sorensen and Hammarling, Block reduction of matrices to condensed forms for eigenvalue computations
 * (1989), section 5.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { reflect } from "../factorizations/householder.ts";
import type { Reflectors } from "../factorizations/reflectors.ts";
import { type Workbench, workbench } from "../matrices/workbench.ts";

/** So many columns and rows are reduced between two updates of the rest. */
const PANEL = 24;

/** `A = Q B Pᵀ`, where Q and P are the products of reflectors in order. */
export interface Bidiagonal {
  /** The order n. */
  readonly size: number;
  /** The diagonal of B. */
  readonly diagonal: Vector;
  /** The n - 1 entries of B above its diagonal, and a 0. */
  readonly offDiagonal: Vector;
  /** The reflectors of Q. */
  readonly left: Reflectors;
  /** The reflectors of P. */
  readonly right: Reflectors;
}

/** Reduces a matrix of order n. */
export function bidiagonalize(n: number, a: Vector): Bidiagonal {
  return new Reduction(n, a);
}

class Reduction implements Bidiagonal {
  readonly diagonal: Vector;
  readonly offDiagonal: Vector;
  readonly left: Reflectors;
  readonly right: Reflectors;
  /** A with all updates is `a - Σ v_j y_jᵀ + x_j u_jᵀ`, over the steps j of the panel that are done. */
  readonly #y: Vector;
  readonly #x: Vector;
  readonly #coefficients: Vector;
  readonly #a: Vector;
  readonly #bench: Workbench;

  constructor(readonly size: number, a: Vector) {
    const n = size;
    this.#bench = workbench(n, [n * n, n * n, n * n, PANEL * n, PANEL * n, PANEL]);
    const [own, v, u, y, x, coefficients] = this.#bench.arrays;
    this.#a = own;
    own.set(a);
    this.#y = y;
    this.#x = x;
    this.#coefficients = coefficients;
    this.diagonal = new Float64Array(n);
    this.offDiagonal = new Float64Array(n);
    this.left = { vectors: v, tau: new Float64Array(n), shift: 0 };
    this.right = { vectors: u, tau: new Float64Array(n), shift: 1 };
    for (let first = 0; first < n; first += PANEL) {
      const end = Math.min(n, first + PANEL);
      this.#y.fill(0); // stays so where a reflector is the identity
      this.#x.fill(0);
      for (let k = first; k < end; k++) {
        this.#reduceColumn(first, k);
        if (k < n - 1) this.#reduceRow(first, k);
      }
      if (end < n) this.#update(first, end);
    }
  }

  /** Makes `H_k` of column k, and `y_k = τ Aᵀ v_k`. */
  #reduceColumn(first: number, k: number): void {
    const n = this.size, a = this.#a, v = this.left.vectors, u = this.right.vectors, x = this.#x, y = this.#y;
    const row = k * n + k, panel = first * n + k, done = k - first, rest = n - k - 1, at = done * n + k + 1;
    for (let i = 0; i <= rest; i++) v[row + i] = a[row + i * n];
    this.#pick(done, y, k);
    this.#take(done, rest + 1, v, panel, v, row);
    this.#pick(done, u, panel);
    this.#take(done, rest + 1, x, k, v, row);
    const tau = this.left.tau[k] = reflect(rest + 1, v, row, 1);
    this.diagonal[k] = v[row];
    v[row] = 1;
    if (tau === 0) return;
    this.#bench.addTransposedProduct(rest + 1, rest, a, row + 1, n, v, row, y, at);
    this.#project(done, rest + 1, v, panel, v, row);
    this.#take(done, rest, y, k + 1, y, at);
    this.#project(done, rest + 1, x, k, v, row);
    this.#take(done, rest, u, panel + 1, y, at);
    for (let i = 0; i < rest; i++) y[at + i] *= tau;
  }

  /** Makes `G_k` of row k, and `x_k = τ A u_k`. */
  #reduceRow(first: number, k: number): void {
    const n = this.size, a = this.#a, v = this.left.vectors, u = this.right.vectors, x = this.#x, y = this.#y;
    const row = k * n + k + 1, panel = first * n + k + 1, done = k - first, rest = n - k - 1, at = done * n + k + 1;
    for (let i = 0; i < rest; i++) u[row + i] = a[row + i];
    this.#pick(done + 1, v, panel - 1);
    this.#take(done + 1, rest, y, k + 1, u, row);
    this.#pick(done, x, k);
    this.#take(done, rest, u, panel, u, row);
    const tau = this.right.tau[k] = reflect(rest, u, row, 1);
    this.offDiagonal[k] = u[row];
    u[row] = 1;
    if (tau === 0) return;
    this.#bench.addProduct(rest, rest, a, row + n, n, u, row, x, at);
    this.#project(done + 1, rest, y, k + 1, u, row);
    this.#take(done + 1, rest, v, panel, x, at);
    this.#project(done, rest, u, panel, u, row);
    this.#take(done, rest, x, k + 1, x, at);
    for (let i = 0; i < rest; i++) x[at + i] *= tau;
  }

  /** Coefficients from a column of a panel. */
  #pick(count: number, p: Vector, at: number): void {
    for (let j = 0; j < count; j++) this.#coefficients[j] = -p[at + j * this.size];
  }

  /** Coefficients from the products of the rows of a panel with a vector. */
  #project(count: number, length: number, p: Vector, at: number, vector: Vector, vectorAt: number): void {
    const c = this.#coefficients.fill(0, 0, count);
    this.#bench.addProduct(count, length, p, at, this.size, vector, vectorAt, c, 0);
    for (let j = 0; j < count; j++) c[j] = -c[j];
  }

  /** Adds the rows of a panel with these coefficients. */
  #take(count: number, length: number, p: Vector, at: number, to: Vector, toAt: number): void {
    this.#bench.addTransposedProduct(count, length, p, at, this.size, this.#coefficients, 0, to, toAt);
  }

  /** The updates of a panel on what is right of and below it. */
  #update(first: number, end: number): void {
    const n = this.size, rest = n - end, panel = first * n + end, corner = end * (n + 1);
    const v = this.left.vectors, u = this.right.vectors, count = end - first;
    this.#bench.gemm(true, false, rest, rest, count, -1, v, panel, n, this.#y, end, n, 1, this.#a, corner, n);
    this.#bench.gemm(true, false, rest, rest, count, -1, this.#x, end, n, u, panel, n, 1, this.#a, corner, n);
  }
}
