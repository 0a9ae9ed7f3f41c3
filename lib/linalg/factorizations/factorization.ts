/**
 * What factorizations have in common: they solve.
 *
 * @module
 */
import { type Matrix, ShapeError, SingularMatrixError, type Vector } from "../../core/mod.ts";
import { checkRange, rightHandSide } from "../matrices/checks.ts";
import { estimateNorm1 } from "../matrices/norm_estimate.ts";
import { identity, matrix } from "../matrices/matrix.ts";

/** A determinant that neither over- nor underflows: `det A = sign exp(logarithm)`; `0 exp(-∞)` when it is zero. */
export interface LogDeterminant {
  /** 1, -1 or 0. */
  readonly sign: number;
  /** The natural logarithm of `|det A|`. */
  readonly logarithm: number;
}

/** A matrix A taken apart, m x n, so that systems with it are solved at the cost of a product. */
export abstract class Factorization {
  /**
   * A factorization of an m x n matrix.
   *
   * @param rows The number m of rows of A.
   * @param columns The number n of columns of A.
   */
  constructor(readonly rows: number, readonly columns: number) {}

  /** The index of the first pivot that is exactly zero, or -1. With a zero pivot nothing can be solved. */
  abstract readonly zeroPivot: number;

  /** Writes `A⁻¹ B` (or with Aᵀ) into `out`, which may be `b`; both hold `count` columns, row by row. */
  protected abstract solveInto(b: Vector, count: number, transposed: boolean, out: Vector): void;

  /** `|A|₁`. */
  protected abstract norm1(): number;

  /** Visits numbers whose product is the determinant. */
  protected abstract pivots(visit: (pivot: number) => void): void;

  /**
   * The solution of `A x = b`, into `out` if given, which may be `b`; for a matrix the columns are right-hand sides.
   *
   * @throws {ShapeError} When `b` has not m entries or rows, or `out` does not fit.
   * @throws {DomainError} When an entry of `b` is not finite.
   * @throws {SingularMatrixError} When a pivot is zero.
   */
  solve(b: Vector, out?: Vector): Vector;
  /** The solution `X` of `A X = B`. */
  solve(B: Matrix, out?: Matrix): Matrix;
  solve(b: Vector | Matrix, out?: Vector | Matrix): Vector | Matrix {
    return this.#solve(b, out, false);
  }

  /**
   * The solution of `Aᵀ x = b`, into `out` if given, which may be `b`; for a matrix the columns are right-hand sides.
   *
   * @throws {ShapeError} When `b` has not n entries or rows, or `out` does not fit.
   * @throws {DomainError} When an entry of `b` is not finite.
   * @throws {SingularMatrixError} When a pivot is zero.
   */
  solveTranspose(b: Vector, out?: Vector): Vector;
  /** The solution `X` of `Aᵀ X = B`. */
  solveTranspose(B: Matrix, out?: Matrix): Matrix;
  solveTranspose(b: Vector | Matrix, out?: Vector | Matrix): Vector | Matrix {
    return this.#solve(b, out, true);
  }

  #solve(b: Vector | Matrix, out: Vector | Matrix | undefined, transposed: boolean): Vector | Matrix {
    this.refuseSingular("solve");
    const [from, to] = transposed ? [this.columns, this.rows] : [this.rows, this.columns];
    const { data, columns } = rightHandSide("solve", b, from), result = solutionFor(b, to, columns, out);
    const x = result instanceof Float64Array ? result : result.data;
    this.solveInto(data, columns, transposed, x);
    checkRange("solve", x);
    return result;
  }

  /** Refuses to go on with a zero pivot. */
  protected refuseSingular(verb: string): void {
    if (this.zeroPivot < 0) return;
    throw new SingularMatrixError(
      `Cannot ${verb}: expected a matrix of full rank, got a zero pivot at index ${this.zeroPivot}`,
      this.zeroPivot,
    );
  }

  #refuseRectangular(verb: string): void {
    if (this.rows === this.columns) return;
    throw new ShapeError(`Cannot ${verb}: expected a square matrix, got ${this.rows} x ${this.columns}`);
  }

  /**
   * The determinant; use `logDeterminant` where it may over- or underflow.
   *
   * @throws {ShapeError} When A is not square.
   */
  determinant(): number {
    this.#refuseRectangular("take a determinant");
    let product = 1;
    this.pivots((pivot) => product *= pivot);
    return product;
  }

  /**
   * The determinant as its sign and the logarithm of its magnitude.
   *
   * @throws {ShapeError} When A is not square.
   */
  logDeterminant(): LogDeterminant {
    this.#refuseRectangular("take a determinant");
    let sign = 1, logarithm = 0;
    this.pivots((pivot) => {
      sign *= Math.sign(pivot);
      logarithm += Math.log(Math.abs(pivot));
    });
    return { sign, logarithm };
  }

  /**
   * The inverse `A⁻¹`. To solve systems use `solve`: it costs less and errs less.
   *
   * @throws {ShapeError} When A is not square.
   * @throws {SingularMatrixError} When a pivot is zero.
   */
  inverse(): Matrix {
    this.#refuseRectangular("invert a matrix");
    this.refuseSingular("invert a matrix");
    const X = identity(this.rows);
    this.solveInto(X.data, this.rows, false, X.data);
    checkRange("invert a matrix", X.data);
    return X;
  }

  /**
   * An estimate of `1 / (|A|₁ |A⁻¹|₁)` from a few solves: 0 for a singular matrix, near the rounding unit for one that
   * cannot be told from a singular one. It is not below the true value by more than rounding, and rarely three times
   * above.
   *
   * @throws {ShapeError} When A is not square.
   */
  reciprocalCondition(): number {
    this.#refuseRectangular("estimate a condition");
    if (this.rows === 0) return 1;
    if (this.zeroPivot >= 0) return 0;
    const inverse = estimateNorm1(this.rows, (x, transposed) => this.solveInto(x, 1, transposed, x));
    return Number.isFinite(inverse) ? 1 / inverse / this.norm1() || 0 : 0;
  }
}

/** Where a solution goes: `out`, if it is of the kind of `b` and fits, or a new one. */
function solutionFor(b: Vector | Matrix, rows: number, columns: number, out?: Vector | Matrix): Vector | Matrix {
  const single = b instanceof Float64Array;
  if (out === undefined) return single ? new Float64Array(rows) : matrix(rows, columns);
  const [r, c, kind] = out instanceof Float64Array ? [out.length, 1, "vector"] : [out.rows, out.columns, "matrix"];
  if (kind === (single ? "vector" : "matrix") && r === rows && c === columns) return out;
  throw new ShapeError(
    `Cannot solve: expected an out that is a ${
      single ? "vector" : "matrix"
    } of ${rows} x ${columns}, got a ${kind} of ${r} x ${c}`,
  );
}
