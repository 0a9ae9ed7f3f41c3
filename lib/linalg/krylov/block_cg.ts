/**
 * Block conjugate gradients for `A X = B`, A symmetric positive definite, several right-hand sides at once.
 *
 * ```
 * R = Q C, QᵀM Q = I                              (residuals, made orthonormal)
 * P = M Q,   ξ = (PᵀA P)⁻¹,   X ← X + P ξ C
 * Q₊ S = Q - A P ξ, Q₊ᵀM Q₊ = I,   P ← M Q₊ + P Sᵀ,   C ← S C
 * ```
 *
 * Each column is minimized over the Krylov spaces of all columns, so that it takes fewer products than one solve for
 * each. Where columns of the residuals become dependent the block becomes narrower.
 *
 * Source: O'Leary, The block conjugate gradient algorithm and related methods (1980); Dubrulle, Retooling the method of
 * block conjugate gradients (2001), algorithm BCGrQ.
 *
 * @module
 */
import {
  axpy,
  dot,
  type LinearOperator,
  type Matrix,
  norm1,
  norm2,
  scale,
  ShapeError,
  type Vector,
} from "../../core/mod.ts";
import { checkShape, shapeOf } from "../matrices/checks.ts";
import { backend } from "../kernels/mod.ts";
import { eigvalsh } from "../eigen/eigh.ts";
import { identity, matrix, transpose } from "../matrices/matrix.ts";
import { checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution, IterativeStatus } from "./solution.ts";

/** Options of `blockCg`. */
export interface BlockCgOptions extends Omit<IterativeOptions, "start"> {
  /** The first iterate, n x s, copied. Default 0. */
  readonly start?: Matrix;
}

/** The last iterates and what became of them. */
export interface BlockSolution {
  /** The last iterates, n x s. */
  readonly X: Matrix;
  /** `converged` when all columns are, else what became of the first one that is not. */
  readonly status: IterativeStatus;
  /** Iterations made. */
  readonly iterations: number;
  /** Products with A, together. */
  readonly products: number;
  /** What became of each column; a product is counted with one of them. */
  readonly columns: readonly IterativeSolution[];
}

/** A residual that keeps less than this share of its length apart from the others depends on them. */
const DEPENDENT = 1e-12;

/**
 * Solves `A X = B` by block conjugate gradients, at most 10 n iterations by default; an iteration takes a product for
 * each column, or fewer. Each column converges by itself, `|b_j - A x_j| <= max(tolerance |b_j|, absolute)`.
 *
 * @throws {ShapeError} When A is not square, or B, the start or the preconditioner does not fit.
 * @throws {DomainError} When B or the start is not finite, or an option is out of range.
 *
 * @example Two right-hand sides
 * ```ts
 * import { blockCg, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { X, status, iterations } = blockCg(operatorOf(matrix([[2, 1], [1, 2]])), matrix([[3, 1], [3, -1]]));
 * assertEquals([status, iterations], ["converged", 1]);
 * [1, 1, 1, -1].forEach((entry, k) => assertAlmostEquals(X.data[k], entry));
 * ```
 */
export function blockCg(A: LinearOperator, B: Matrix, options: BlockCgOptions = {}): BlockSolution {
  const verb = "solve by block conjugate gradients", n = B.rows, s = B.columns, { start, ...others } = options;
  checkSquareOperator(verb, "an operator", A, n);
  checkShape(verb, B);
  if (start && (start.rows !== n || start.columns !== s)) {
    throw new ShapeError(`Cannot ${verb}: expected a start of ${shapeOf(B)}, got ${shapeOf(start)}`);
  }
  const b = transpose(B).data, x = start && transpose(start).data;
  const runs = Array.from({ length: s }, (_, j) => {
    const part = (rows: Vector): Vector => rows.slice(j * n, (j + 1) * n);
    return new Iteration(verb, A, part(b), x ? { ...others, start: part(x) } : others, 10 * n);
  });
  const block = new Block(n, s, options.preconditioner);
  for (;;) {
    const active = runs.filter((run) => run.begins());
    if (active.length === 0) break;
    block.iterate(active);
  }
  const columns = runs.map((run) => run.solution()), X = new Float64Array(s * n);
  columns.forEach((column, j) => X.set(column.x, j * n));
  return {
    X: transpose({ rows: s, columns: n, data: X }),
    status: columns.find(({ status }) => status !== "converged")?.status ?? "converged",
    iterations: Math.max(0, ...columns.map(({ iterations }) => iterations)),
    products: columns.reduce((sum, { products }) => sum + products, 0),
    columns,
  };
}

/** The memory of block conjugate gradients; all vectors are rows. */
class Block {
  readonly #preconditioner: LinearOperator | undefined;
  readonly #q: Vector[];
  /** `M Q`; without a preconditioner Q itself. */
  readonly #z: Vector[];
  readonly #images: Vector[];
  #p: Vector[];
  #next: Vector[];
  /** C, a row for each vector of Q and a column for each residual. */
  #c: Vector;
  #cNext: Vector;
  /** S, a row for each new vector of Q and a column for each old one. */
  readonly #s: Vector;
  readonly #gram: Vector;
  readonly #solved: Vector;

  constructor(n: number, s: number, preconditioner: LinearOperator | undefined) {
    const rows = (): Vector[] => Array.from({ length: s }, () => new Float64Array(n));
    this.#preconditioner = preconditioner;
    [this.#q, this.#images, this.#p, this.#next] = [rows(), rows(), rows(), rows()];
    this.#z = preconditioner ? rows() : this.#q;
    [this.#c, this.#cNext, this.#s, this.#gram, this.#solved] = Array.from(
      { length: 5 },
      () => new Float64Array(s * s),
    );
  }

  /** Steps from the residuals of these columns until the recursion has seen enough of all. */
  iterate(runs: readonly Iteration[]): void {
    const s = runs.length, { x: { length: n } } = runs[0];
    const fail = (value: number, status: IterativeStatus, message: string): void => {
      for (const run of runs) run.fail(value, status, message);
    };
    runs.forEach((run, j) => this.#q[j].set(run.r));
    let k = this.#orthonormalize(s, fail);
    this.#c.set(this.#s.subarray(0, k * s));
    for (let i = 0; i < k; i++) this.#p[i].set(this.#z[i]);
    while (k > 0) {
      for (let i = 0; i < k; i++) runs[i].apply(this.#p[i], this.#images[i]);
      if (!this.#factor(k, fail)) return;
      this.#solve(k, s, this.#c);
      for (let j = 0; j < s; j++) {
        for (let i = 0; i < k; i++) axpy(this.#solved[i * s + j], this.#p[i], runs[j].x);
      }
      this.#solve(k, k, identity(k).data);
      for (let i = 0; i < k; i++) {
        for (let l = 0; l < k; l++) axpy(-this.#solved[l * k + i], this.#images[l], this.#q[i]);
      }
      const next = this.#orthonormalize(k, fail);
      if (next < 0) return;
      backend().gemm(false, false, next, s, k, 1, this.#s, 0, k, this.#c, 0, s, 0, this.#cNext, 0, s);
      [this.#c, this.#cNext] = [this.#cNext, this.#c];
      for (let i = 0; i < next; i++) {
        this.#next[i].set(this.#z[i]);
        for (let l = 0; l < k; l++) axpy(this.#s[i * k + l], this.#p[l], this.#next[i]);
      }
      [this.#p, this.#next] = [this.#next, this.#p];
      k = next;
      if (!this.#follow(k, n, runs)) return;
    }
  }

  /** `PᵀA P = L Lᵀ`; false when there is no such L. */
  #factor(k: number, fail: (value: number, status: IterativeStatus, message: string) => void): boolean {
    const gram = this.#gram;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) gram[i * k + j] = gram[j * k + i] = dot(this.#p[i], this.#images[j]);
    }
    const G = matrix(k, k, gram.subarray(0, k * k)), size = norm1(G.data);
    if (backend().cholesky(k, gram, 0, k) < 0 && size < Infinity) return true;
    const smallest = size < Infinity ? eigvalsh(G)[0] : NaN, negative = smallest < -k * Number.EPSILON * size;
    const figure = negative ? smallest.toExponential(2) : "0 up to rounding";
    fail(
      smallest,
      negative ? "indefinite" : "breakdown",
      `A is not positive definite: for directions P, PᵀA P has the eigenvalue ${figure}`,
    );
    return false;
  }

  /** `(PᵀA P)⁻¹ X` for an X of so many columns. */
  #solve(k: number, columns: number, x: Vector): void {
    this.#solved.set(x.subarray(0, k * columns));
    backend().solveFromLeft(true, false, false, k, columns, this.#gram, 0, k, this.#solved, 0, columns);
    backend().solveFromLeft(true, true, false, k, columns, this.#gram, 0, k, this.#solved, 0, columns);
  }

  /**
   * Replaces the first `count` rows V of Q by rows orthonormal for M, their number the rank, with `V = Q S`; returns
   * the rank, or -1 when M is not positive definite.
   */
  #orthonormalize(count: number, fail: (value: number, status: IterativeStatus, message: string) => void): number {
    const q = this.#q, z = this.#z, S = this.#s, M = this.#preconditioner;
    let rank = 0;
    S.fill(0);
    for (let i = 0; i < count; i++) {
      const v = q[i], size = norm2(v);
      for (let pass = 0; pass < 2; pass++) {
        for (let j = 0; j < rank; j++) {
          const f = dot(z[j], v);
          S[j * count + i] += f;
          axpy(-f, q[j], v);
        }
      }
      if (norm2(v) <= DEPENDENT * size) continue;
      [q[i], q[rank]] = [q[rank], v];
      if (M) M.apply(v, z[rank]);
      const square = dot(v, z[rank]), length = Math.sqrt(square);
      if (!(square > 0 && square < Infinity)) {
        fail(square, "indefinite", `the preconditioner is not positive definite: rᵀM r = ${square.toExponential(2)}`);
        return -1;
      }
      S[rank * count + i] = length;
      scale(1 / length, v);
      if (M) scale(1 / length, z[rank]);
      rank++;
    }
    return rank;
  }

  /** Notes `|Q C|` for each column, and says whether one is to go on. */
  #follow(k: number, n: number, runs: readonly Iteration[]): boolean {
    const s = runs.length, r = this.#next[0];
    let goesOn = false;
    for (let j = 0; j < s; j++) {
      r.fill(0, 0, n);
      for (let i = 0; i < k; i++) axpy(this.#c[i * s + j], this.#q[i], r);
      if (runs[j].follows(norm2(r))) goesOn = true;
    }
    return goesOn;
  }
}
