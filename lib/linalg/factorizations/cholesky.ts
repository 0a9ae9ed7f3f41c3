/**
 * Cholesky's factorization of a symmetric positive definite matrix: `A = L Lᵀ`, L lower triangular.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 4.2.
 *
 * @module
 */
import { type Matrix, NotPositiveDefiniteError, type Vector } from "../../core/mod.ts";
import { checkFiniteEntries, checkLength } from "../matrices/checks.ts";
import { downdate, update } from "./cholesky_update.ts";
import { Factorization } from "./factorization.ts";
import { backend } from "../kernels/mod.ts";
import { solveFromLeft } from "../matrices/level3.ts";
import { matrix } from "../matrices/matrix.ts";
import { estimateNorm1 } from "../matrices/norm_estimate.ts";
import { substitute } from "../matrices/substitution.ts";
import { checkSymmetricByDiagonal } from "../matrices/symmetric.ts";

/** The factor of `A = L Lᵀ`. */
export class Cholesky extends Factorization {
  readonly #factor: Vector;
  /** There is no zero pivot in a positive definite matrix. */
  readonly zeroPivot: number = -1;

  /**
   * From a factor.
   *
   * @param size The order of A.
   * @param factor L, row by row, with zeros above its diagonal.
   */
  constructor(size: number, factor: Vector) {
    super(size, size);
    this.#factor = factor;
  }

  /** The lower triangle L. */
  get L(): Matrix {
    return matrix(this.rows, this.rows, this.#factor);
  }

  /** By substitution with L and Lᵀ. */
  protected override solveInto(b: Vector, columns: number, _transposed: boolean, x: Vector): void {
    const n = this.rows, l = this.#factor;
    if (x !== b) x.set(b);
    if (columns === 1) {
      substitute(true, false, false, n, l, 0, n, x, 0);
      substitute(true, true, false, n, l, 0, n, x, 0);
    } else {
      solveFromLeft(true, false, false, n, columns, l, 0, n, x, 0, columns);
      solveFromLeft(true, true, false, n, columns, l, 0, n, x, 0, columns);
    }
  }

  /** `|A|₁` as estimated by products with L and Lᵀ. */
  protected override norm1(): number {
    const n = this.rows, l = this.#factor;
    return estimateNorm1(n, (x) => {
      multiply(true, n, l, x);
      multiply(false, n, l, x);
    });
  }

  /** Visits the diagonal of L, each entry twice. */
  protected override pivots(visit: (pivot: number) => void): void {
    for (let k = 0; k < this.rows; k++) {
      const d = this.#factor[k * (this.rows + 1)];
      visit(d);
      visit(d);
    }
  }

  /**
   * The factorization of `A + x xᵀ`, at the cost of a product with a vector; this one stays as it is.
   *
   * @throws {ShapeError} When `x` has not n entries.
   * @throws {DomainError} When an entry of `x` is not finite.
   */
  update(x: Vector): Cholesky {
    return this.#changed(x, update, "update a Cholesky factorization");
  }

  /**
   * The factorization of `A - x xᵀ`, at the cost of a product with a vector; this one stays as it is.
   *
   * @throws {ShapeError} When `x` has not n entries.
   * @throws {DomainError} When an entry of `x` is not finite.
   * @throws {NotPositiveDefiniteError} When `A - x xᵀ` is not positive definite.
   */
  downdate(x: Vector): Cholesky {
    return this.#changed(x, downdate, "downdate a Cholesky factorization");
  }

  #changed(x: Vector, change: (n: number, l: Vector, x: Vector) => void, verb: string): Cholesky {
    checkLength(verb, "a vector", x, this.rows);
    checkFiniteEntries(verb, x);
    const l = this.#factor.slice();
    change(this.rows, l, x.slice());
    return new Cholesky(this.rows, l);
  }
}

/** `x ← L x` or `Lᵀ x`. */
function multiply(transpose: boolean, n: number, l: Vector, x: Vector): void {
  for (let step = 0; step < n; step++) {
    const i = transpose ? step : n - 1 - step;
    let sum = 0;
    if (transpose) { for (let k = i; k < n; k++) sum += l[k * n + i] * x[k]; }
    else for (let k = 0; k <= i; k++) sum += l[i * n + k] * x[k];
    x[i] = sum;
  }
}

/**
 * Factors a symmetric positive definite matrix, `A = L Lᵀ`. Of two entries that rounding made different the lower one
 * counts.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or `A` is not symmetric up to `1e-8 max |aᵢᵢ|`.
 * @throws {NotPositiveDefiniteError} When `A` is not positive definite; `minor` says from which leading minor on.
 *
 * @example Solve, and see whether a matrix is positive definite
 * ```ts
 * import { NotPositiveDefiniteError } from "@gradus/gradus/core";
 * import { cholesky, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const factor = cholesky(matrix([[4, 2], [2, 10]]));
 * assertEquals(factor.L, matrix([[2, 0], [1, 3]]));
 * assertEquals(factor.solve(Float64Array.of(6, 12)), Float64Array.of(1, 1));
 * const error = assertThrows(() => cholesky(matrix([[1, 2], [2, 1]])), NotPositiveDefiniteError);
 * assertEquals(error.minor, 2);
 * ```
 */
export function cholesky(A: Matrix): Cholesky {
  checkSymmetricByDiagonal("factor a matrix by Cholesky's method", A);
  const l = A.data.slice(), minor = backend().cholesky(A.rows, l, 0, A.rows) + 1;
  if (minor === 0) return new Cholesky(A.rows, l);
  throw new NotPositiveDefiniteError(
    "Cannot factor a matrix by Cholesky's method: expected it to be positive definite, " +
      `got a leading minor of order ${minor} that is not positive`,
    minor,
  );
}
