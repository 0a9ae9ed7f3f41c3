/**
 * QR factorization by Householder reflectors: `A = Q R`, Q orthogonal, R upper triangular.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 5.2.
 *
 * @module
 */
import { type Matrix, ShapeError, type Vector } from "../../core/mod.ts";
import { checkFinite, checkRange, checkShape, shapeOf } from "../matrices/checks.ts";
import { Factorization } from "./factorization.ts";
import { backend } from "../kernels/mod.ts";
import { solveFromLeft } from "../matrices/level3.ts";
import { matrix } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import { estimateNorm1 } from "../matrices/norm_estimate.ts";
import { substitute } from "../matrices/substitution.ts";

/** The factors of `A = Q R`, for A of m rows and n columns, k = min(m, n). */
export class Qr extends Factorization {
  /** R on and above the diagonal, the reflectors below. */
  protected readonly factors: Vector;
  /** The factors τ of the k reflectors. */
  protected readonly tau: Vector;
  /** The index of the first zero on the diagonal of R, or -1. */
  readonly zeroPivot: number;

  /**
   * From R and the reflectors.
   *
   * @param rows The number m of rows of A.
   * @param columns The number n of columns of A.
   * @param factors R on and above the diagonal, the reflectors below.
   * @param tau The factors τ of the reflectors.
   */
  constructor(rows: number, columns: number, factors: Vector, tau: Vector) {
    super(rows, columns);
    this.factors = factors;
    this.tau = tau;
    this.zeroPivot = tau.findIndex((_, k) => factors[k * (columns + 1)] === 0);
  }

  /** The upper triangle R, k x n. */
  get R(): Matrix {
    const n = this.columns, R = matrix(this.tau.length, n);
    for (let i = 0; i < R.rows; i++) R.data.set(this.factors.subarray(i * (n + 1), (i + 1) * n), i * (n + 1));
    return R;
  }

  /** The first k columns of Q, m x k: an orthonormal basis of the columns of A when its rank is k. */
  get Q(): Matrix {
    return this.#columnsOfQ(this.tau.length);
  }

  /** All of Q, m x m. */
  get fullQ(): Matrix {
    return this.#columnsOfQ(this.rows);
  }

  #columnsOfQ(count: number): Matrix {
    const { rows: m, columns: n, tau } = this, Q = matrix(m, count);
    backend().formQ(m, count, tau.length, this.factors, 0, n, tau, Q.data, 0, count);
    return Q;
  }

  /**
   * The product `Q B`, without forming Q.
   *
   * @throws {ShapeError} When `B` has not m rows.
   */
  applyQ(B: Matrix): Matrix {
    return this.#apply(B, false);
  }

  /**
   * The product `Qᵀ B`, without forming Q.
   *
   * @throws {ShapeError} When `B` has not m rows.
   */
  applyTransposedQ(B: Matrix): Matrix {
    return this.#apply(B, true);
  }

  #apply(B: Matrix, transposed: boolean): Matrix {
    checkShape("apply Q", B);
    if (B.rows !== this.rows) {
      throw new ShapeError(`Cannot apply Q: expected a matrix of ${this.rows} rows, got ${shapeOf(B)}`);
    }
    const data = B.data.slice();
    this.#applyTo(data, B.columns, transposed);
    return { rows: B.rows, columns: B.columns, data };
  }

  /** `C ← Q C` or `Qᵀ C`, C of `count` columns. */
  #applyTo(c: Vector, count: number, transposed: boolean): void {
    const { rows: m, columns: n, tau } = this;
    backend().applyQ(true, transposed, m, count, tau.length, this.factors, 0, n, tau, c, 0, count);
  }

  /** For m >= n: `min |A x - b|` by `R x = Qᵀ b`, and `min |x|` with `Aᵀ x = b` by `x = Q R⁻ᵀ b`. */
  protected override solveInto(b: Vector, count: number, transposed: boolean, out: Vector): void {
    const m = this.rows, n = this.columns;
    if (m < n) {
      throw new ShapeError(`Cannot solve by QR: expected at least as many rows as columns, got ${m} x ${n}; use lstsq`);
    }
    if (transposed) {
      if (m === n && out !== b) out.set(b);
      else if (m > n) {
        const right = b.slice(); // b may be the first part of out
        out.fill(0);
        out.set(right);
      }
      this.#triangle(true, count, out);
      this.#applyTo(out, count, false);
    } else {
      const work = b.slice();
      this.#applyTo(work, count, true);
      this.#triangle(false, count, work);
      out.set(work.subarray(0, n * count));
    }
  }

  /** `x ← R⁻¹ x` or `R⁻ᵀ x` for the first n rows of x. */
  #triangle(transposed: boolean, count: number, x: Vector): void {
    const n = this.columns;
    if (count === 1) substitute(false, transposed, false, n, this.factors, 0, n, x, 0);
    else solveFromLeft(false, transposed, false, n, count, this.factors, 0, n, x, 0, count);
  }

  /** `|R|₁`. */
  protected override norm1(): number {
    return norm(this.R, 1);
  }

  /** Visits the diagonal of R, with the sign of each reflector. */
  protected override pivots(visit: (pivot: number) => void): void {
    this.tau.forEach((tau, k) => {
      const r = this.factors[k * (this.columns + 1)];
      visit(tau === 0 ? r : -r);
    });
  }

  /**
   * An estimate of `1 / (|R|₁ |R⁻¹|₁)` for m >= n. R has the singular values of A.
   *
   * @throws {ShapeError} When m < n.
   */
  override reciprocalCondition(): number {
    if (this.rows < this.columns) {
      throw new ShapeError(
        `Cannot estimate a condition by QR: expected at least as many rows as columns, got ${this.rows} x ${this.columns}`,
      );
    }
    if (this.columns === 0) return 1;
    if (this.zeroPivot >= 0) return 0;
    const inverse = estimateNorm1(this.columns, (x, transposed) => this.#triangle(transposed, 1, x));
    return Number.isFinite(inverse) ? 1 / inverse / this.norm1() : 0;
  }
}

/**
 * Factors a matrix of any shape, `A = Q R`. With m >= n the object solves least-squares problems: `solve(b)` minimizes
 * `|A x - b|`; `solveTranspose(b)` is the shortest x with `Aᵀ x = b`. Both need full rank: where that is in doubt use
 * `lstsq`.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A line through three points, in the sense of least squares
 * ```ts
 * import { matrix, qr } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const factors = qr(matrix([[1, 0], [1, 1], [1, 2]]));
 * const [a, b] = factors.solve(Float64Array.of(1, 2, 6));
 * assertAlmostEquals(a, 0.5);
 * assertAlmostEquals(b, 2.5);
 * assertEquals([factors.Q.rows, factors.Q.columns], [3, 2]);
 * ```
 */
export function qr(A: Matrix): Qr {
  checkFinite("factor a matrix by QR", A);
  const a = A.data.slice(), tau = new Float64Array(Math.min(A.rows, A.columns));
  backend().qr(A.rows, A.columns, a, 0, A.columns, tau);
  checkRange("factor a matrix by QR", a);
  return new Qr(A.rows, A.columns, a, tau);
}
