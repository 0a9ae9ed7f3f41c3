/**
 * Reduction of a square matrix to Hessenberg form, `A = Q H Qᵀ`, H zero below the entries next to the diagonal.
 *
 * The reflector `H_k = I - τ v vᵀ` makes column k zero below its entry (k+1, k). For a panel of columns
 * `Q = I - V T Vᵀ` and `A Q = A - Y Vᵀ` with `Y = A V T` are gathered; then the rest of the matrix is updated at once,
 * by products of matrices.
 *
 * Source: Quintana-Ortí and van de Geijn, Improving the performance of reduction to Hessenberg form (2006), after
 * Dongarra, Sorensen and Hammarling, Block reduction of matrices to condensed forms for eigenvalue computations (1989).
 *
 * @module
 */
import { type Matrix, normInf, scale, type Vector } from "../../core/mod.ts";
import { checkSquare } from "../matrices/checks.ts";
import { reflect } from "../factorizations/householder.ts";
import { formReflectors, type Reflectors } from "../factorizations/reflectors.ts";
import { safeFactor, scaled } from "../matrices/scaling.ts";
import { type Workbench, workbench } from "../matrices/workbench.ts";

/** So many columns are reduced between two updates of the rest. */
const PANEL = 24;

/** The factors of `A = Q H Qᵀ`. */
export interface Hessenberg {
  /** Zero below the entries next to the diagonal. */
  readonly H: Matrix;
  /** Orthogonal. */
  readonly Q: Matrix;
}

/**
 * The Hessenberg form of a square matrix, `A = Q H Qᵀ` with Q orthogonal: the first step to eigenvalues, and what makes
 * many solves with `A + s I` cheap.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example Similar, with zeros below
 * ```ts
 * import { hessenberg, matmul, matrix, norm, subtract, transpose } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), { H, Q } = hessenberg(A);
 * assertEquals(H.data[6], 0);
 * assert(norm(subtract(A, matmul(Q, matmul(H, transpose(Q))))) < 1e-14);
 * ```
 */
export function hessenberg(A: Matrix): Hessenberg {
  checkSquare("reduce a matrix to Hessenberg form", A);
  const n = A.rows, factor = safeFactor(normInf(A.data)), h = scaled(A.data, factor);
  const Q = { rows: n, columns: n, data: formReflectors(reduceToHessenberg(n, h)) };
  scale(1 / factor, h);
  return { H: { rows: n, columns: n, data: h }, Q };
}

/** Overwrites the matrix in `a` by H; returns the reflectors of Q. */
export function reduceToHessenberg(n: number, a: Vector): Reflectors {
  const reduction = new Reduction(n, a);
  for (let first = 0; first < n - 2; first += PANEL) reduction.reducePanel(first, Math.min(n - 2, first + PANEL));
  a.set(reduction.h);
  return reduction;
}

class Reduction implements Reflectors {
  readonly h: Vector;
  readonly vectors: Vector;
  readonly tau: Vector;
  readonly shift = 1;
  readonly #n: number;
  readonly #bench: Workbench;
  /** The columns of Y, row by row; T, PANEL entries to a row. */
  readonly #y: Vector;
  readonly #t: Vector;
  readonly #column: Vector;
  readonly #c: Vector;
  /** Two products of a panel with what is beside it. */
  readonly #w: Vector;
  readonly #tw: Vector;

  constructor(n: number, a: Vector) {
    this.#n = n;
    const panel = PANEL * n;
    this.#bench = workbench(n, [n * n, n * n, panel, PANEL * PANEL, n, PANEL, panel, panel]);
    [this.h, this.vectors, this.#y, this.#t, this.#column, this.#c, this.#w, this.#tw] = this.#bench.arrays;
    this.h.set(a);
    this.tau = new Float64Array(n);
  }

  /** Reduces the columns from `first` up to `end` and updates the rest. */
  reducePanel(first: number, end: number): void {
    for (let k = first; k < end; k++) {
      this.#reflectColumn(first, k);
      this.#extend(first, k);
    }
    this.#updateTop(first, end);
    this.#updateRest(first, end);
  }

  /** Column k, in the rows below `first`, takes what waits for it; its reflector is made. */
  #reflectColumn(first: number, k: number): void {
    const n = this.#n, a = this.h, v = this.vectors, x = this.#column, c = this.#c, t = this.#t;
    const top = first + 1, below = n - top, done = k - first, panel = first * n + top;
    for (let i = top; i < n; i++) x[i] = a[i * n + k];
    for (let j = 0; j < done; j++) c[j] = -v[(first + j) * n + k];
    this.#bench.addTransposedProduct(done, below, this.#y, top, n, c, 0, x, top);
    c.fill(0, 0, done);
    this.#bench.addProduct(done, below, v, panel, n, x, top, c, 0);
    for (let j = done - 1; j >= 0; j--) {
      let sum = 0;
      for (let l = 0; l <= j; l++) sum += t[l * PANEL + j] * c[l];
      c[j] = -sum;
    }
    this.#bench.addTransposedProduct(done, below, v, panel, n, c, 0, x, top);
    this.tau[k] = reflect(n - k - 1, x, k + 1, 1);
    for (let i = top; i <= k + 1; i++) a[i * n + k] = x[i];
    v[k * n + k + 1] = 1;
    for (let i = k + 2; i < n; i++) {
      a[i * n + k] = 0;
      v[k * n + i] = x[i];
    }
  }

  /** The columns of Y, in the rows below `first`, and of T that belong to the new reflector. */
  #extend(first: number, k: number): void {
    const n = this.#n, v = this.vectors, y = this.#y, c = this.#c, t = this.#t, tau = this.tau[k];
    const top = first + 1, below = n - top, done = k - first, right = k + 1, at = done * n + top;
    y.fill(0, at, at + below);
    this.#bench.addProduct(below, n - right, this.h, top * n + right, n, v, k * n + right, y, at);
    c.fill(0, 0, done);
    this.#bench.addProduct(done, n - right, v, first * n + right, n, v, k * n + right, c, 0);
    for (let j = 0; j < done; j++) c[j] = -c[j];
    this.#bench.addTransposedProduct(done, below, y, top, n, c, 0, y, at);
    for (let i = 0; i < below; i++) y[at + i] *= tau;
    for (let j = 0; j < done; j++) {
      let sum = 0;
      for (let l = j; l < done; l++) sum += t[j * PANEL + l] * c[l];
      t[j * PANEL + done] = tau * sum;
      t[done * PANEL + j] = 0;
    }
    t[done * (PANEL + 1)] = tau;
  }

  /** `A ← A Q` for the rows up to `first`. */
  #updateTop(first: number, end: number): void {
    const n = this.#n, a = this.h, v = this.vectors, w = this.#w, tw = this.#tw, t = this.#t, bench = this.#bench;
    const top = first + 1, columns = n - top, count = end - first, panel = first * n + top;
    bench.gemm(false, true, top, count, columns, 1, a, top, n, v, panel, n, 0, w, 0, count);
    bench.gemm(false, false, top, count, count, 1, w, 0, count, t, 0, PANEL, 0, tw, 0, count);
    bench.gemm(false, false, top, columns, count, -1, tw, 0, count, v, panel, n, 1, a, top, n);
  }

  /** `A ← Qᵀ A Q` for the rows below `first` and the columns from `end` on. */
  #updateRest(first: number, end: number): void {
    const n = this.#n, a = this.h, v = this.vectors, w = this.#w, tw = this.#tw, t = this.#t, bench = this.#bench;
    const top = first + 1, rows = n - top, columns = n - end, count = end - first, panel = first * n + top;
    const rest = top * n + end;
    bench.gemm(true, false, rows, columns, count, -1, this.#y, top, n, v, first * n + end, n, 1, a, rest, n);
    bench.gemm(false, false, count, columns, rows, 1, v, panel, n, a, rest, n, 0, w, 0, columns);
    bench.gemm(true, false, count, columns, count, 1, t, 0, PANEL, w, 0, columns, 0, tw, 0, columns);
    bench.gemm(true, false, rows, columns, count, -1, v, panel, n, tw, 0, columns, 1, a, rest, n);
  }
}
