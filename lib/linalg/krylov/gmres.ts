/**
 * GMRES with restarts for `A x = b`, A square.
 *
 * ```
 * A M V_k = V_{k+1} H_k,   V_kᵀV_k = I,   v₁ = r₀ / β          (Arnoldi)
 * y minimizes |β e₁ - H_k y| = |b - A (x₀ + M V_k y)|,   x = x₀ + M V_k y
 * ```
 *
 * The preconditioner stands on the right, so that the residual that is minimized is that of the system as given. The
 * flexible form keeps the `zₖ = Mₖ vₖ` and takes `x = x₀ + Z_k y`: no product with M has to be what it was before.
 *
 * Source: Saad and Schultz, GMRES: a generalized minimal residual algorithm for solving nonsymmetric linear systems
 * (1986); Saad, A flexible inner-outer preconditioned GMRES algorithm (1993); Saad, Iterative methods for sparse linear
 * systems (2nd edition, 2003), algorithms 9.5 and 9.6.
 *
 * @module
 */
import { axpy, type LinearOperator, type Vector } from "../../core/mod.ts";
import { hypotenuse } from "../factorizations/rotation.ts";
import { Basis } from "./basis.ts";
import { checkCount, checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/** Options of `gmres`. */
export interface GmresOptions extends IterativeOptions {
  /** m: it starts anew after so many iterations, which is the number of vectors that it keeps. Default 30. */
  readonly restart?: number;
  /**
   * Whether the m products with the preconditioner are kept, too: for one that changes from product to product, or
   * whose products have large errors. Default false.
   */
  readonly flexible?: boolean;
}

/** A restart that leaves more than this of the residual finds nothing new in the next one. */
const STALLED = 1 - 1e-12;

/**
 * Solves `A x = b` by GMRES(m), at most 10 n iterations by default. `stagnated` means that m iterations did not make
 * the residual smaller: more vectors or a preconditioner may help. `breakdown` means that the Krylov space stopped
 * growing without holding a solution: A is singular.
 *
 * @throws {ShapeError} When A is not square, or b, the start or the preconditioner does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example A system that is not symmetric
 * ```ts
 * import { gmres, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = gmres(operatorOf(matrix([[1, 2], [-3, 1]])), Float64Array.of(5, -1));
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 1);
 * assertAlmostEquals(x[1], 2);
 * ```
 */
export function gmres(A: LinearOperator, b: Vector, options: GmresOptions = {}): IterativeSolution {
  const verb = "solve by GMRES", n = b.length;
  checkSquareOperator(verb, "an operator", A, n);
  checkCount(verb, "restart", options.restart ?? 1, 1);
  const run = new Iteration(verb, A, b, options, 10 * n), m = Math.min(options.restart ?? 30, n);
  const cycle = new Cycle(n, m, options.flexible ?? false);
  let brokeOff: string | undefined;
  while (run.begins(STALLED, brokeOff)) brokeOff = cycle.run(run);
  return run.solution();
}

/** The iterations between two restarts. */
class Cycle {
  readonly #m: number;
  readonly #basis: Basis;
  /** The columns of the triangle R, m + 1 entries to each; column k has k + 1. */
  readonly #columns: Vector;
  readonly #cos: Vector;
  readonly #sin: Vector;
  /** `Q β e₁`, of which y comes. */
  readonly #right: Vector;
  readonly #w: Vector;
  /** `M v`; of all v, one after the other, in the flexible form. */
  readonly #z: Vector;
  readonly #flexible: boolean;

  constructor(n: number, m: number, flexible: boolean) {
    this.#m = m;
    this.#basis = new Basis(n, m + 1);
    this.#columns = new Float64Array((m + 1) * m);
    this.#cos = new Float64Array(m);
    this.#sin = new Float64Array(m);
    this.#right = new Float64Array(m + 1);
    this.#w = new Float64Array(n);
    this.#z = new Float64Array(flexible ? n * m : n);
    this.#flexible = flexible;
  }

  /** Iterates; returns the reason where there is nothing more to find. */
  run(run: Iteration): string | undefined {
    const m = this.#m, basis = this.#basis, right = this.#right, w = this.#w, M = run.preconditioner;
    right[0] = run.reference;
    basis.put(0, run.r, run.reference);
    let k = 0, length = Infinity;
    while (k < m) {
      const v = basis.row(k), z = this.#place(k), at = k * (m + 1);
      if (M) M.apply(v, z);
      run.apply(M ? z : v, w);
      length = basis.orthogonalize(k + 1, w, this.#columns, at);
      if (!(length < Infinity)) {
        run.fail(NaN);
        break;
      }
      this.#rotate(k, at, length);
      if (!run.follows(Math.abs(right[++k])) || length === 0) break;
      if (k < m) basis.put(k, w, length);
    }
    this.#update(k, run.x, M);
    return length === 0 ? "the Krylov space is invariant and holds no solution: A is singular" : undefined;
  }

  /** Where `M v` of vector k stands. */
  #place(k: number): Vector {
    const n = this.#w.length;
    return this.#flexible ? this.#z.subarray(k * n, (k + 1) * n) : this.#z;
  }

  /** Applies the rotations so far to column k, and one more that makes its last entry zero. */
  #rotate(k: number, at: number, last: number): void {
    const h = this.#columns, cos = this.#cos, sin = this.#sin, right = this.#right;
    for (let i = 0; i < k; i++) {
      const a = h[at + i], b = h[at + i + 1];
      h[at + i] = cos[i] * a + sin[i] * b;
      h[at + i + 1] = cos[i] * b - sin[i] * a;
    }
    const diagonal = h[at + k], r = hypotenuse(diagonal, last);
    cos[k] = r === 0 ? 0 : diagonal / r;
    sin[k] = r === 0 ? 1 : last / r;
    h[at + k] = r;
    right[k + 1] = -sin[k] * right[k];
    right[k] *= cos[k];
  }

  /** `x ← x + M V y`, or `x + Z y`, with `R y = Q β e₁`; where R has a zero, y has one. */
  #update(k: number, x: Vector, M: LinearOperator | undefined): void {
    const m = this.#m, h = this.#columns, y = this.#right, w = this.#w;
    for (let j = k - 1; j >= 0; j--) {
      const at = j * (m + 1), pivot = h[at + j];
      y[j] = pivot === 0 ? 0 : y[j] / pivot;
      for (let i = 0; i < j; i++) y[i] -= h[at + i] * y[j];
    }
    if (M && this.#flexible) {
      for (let j = 0; j < k; j++) axpy(y[j], this.#place(j), x);
      return;
    }
    w.fill(0);
    this.#basis.addCombination(k, y, w);
    if (M) M.apply(w, this.#z);
    axpy(1, M ? this.#z : w, x);
  }
}
