/**
 * The complete orthogonal decomposition of a matrix of rank r: `A = U T Vᵀ`, U and V with r orthonormal columns, T r x
 * r and lower triangular.
 *
 * From two QR factorizations: `A P = Q R` with column pivoting; and of the r rows of R that count, `R₁ᵀ = Z S`. Then
 * `U = Q₁`, `T = Sᵀ`, `V = P Z₁`. What is left out of R is no larger than the tolerance says.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 5.4.7.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { matrix, rowRange, transpose } from "../matrices/matrix.ts";
import { permuted } from "../matrices/permutation.ts";
import { type PivotedQr, pivotedQr } from "./pivoted_qr.ts";
import type { RankOptions } from "../systems/rank.ts";
import { type Qr, qr } from "./qr.ts";

/** The factors of `A = U T Vᵀ`. */
export class CompleteOrthogonal {
  /** The rank r. */
  readonly rank: number;
  readonly #left: PivotedQr;
  readonly #right: Qr;

  /**
   * From two QR factorizations.
   *
   * @param left `A P = Q R`.
   * @param right `R₁ᵀ = Z S`.
   */
  constructor(left: PivotedQr, right: Qr) {
    this.rank = left.rank;
    this.#left = left;
    this.#right = right;
  }

  /** An orthonormal basis of the range of A, m x r. */
  get U(): Matrix {
    return columnsOf(this.#left.Q, 0, this.rank);
  }

  /** The lower triangle, r x r. */
  get T(): Matrix {
    return transpose(this.#right.R);
  }

  /** An orthonormal basis of the range of Aᵀ, n x r. */
  get V(): Matrix {
    return this.#unpermuted(this.#right.Q);
  }

  /** An orthonormal basis of the null space of A, n x (n - r). */
  get nullspace(): Matrix {
    return this.#unpermuted(columnsOf(this.#right.fullQ, this.rank, this.#left.columns));
  }

  #unpermuted(Z: Matrix): Matrix {
    return { ...Z, data: permuted(Z.data, Z.columns, this.#left.permutation, false) };
  }

  /** `A⁺ B = V T⁻¹ Uᵀ B`: of all X that minimize `|A X - B|` the smallest. `B` has m rows. */
  solve(B: Matrix): Matrix {
    const right = rowRange(this.#left.applyTransposedQ(B), 0, this.rank);
    return this.#unpermuted(this.#right.solveTranspose(right));
  }
}

/** The columns `from` up to `to`. */
function columnsOf(A: Matrix, from: number, to: number): Matrix {
  const B = matrix(A.rows, to - from);
  for (let i = 0; i < A.rows; i++) B.data.set(rowOf(A, i).subarray(from, to), i * B.columns);
  return B;
}

function rowOf(A: Matrix, i: number): Vector {
  return A.data.subarray(i * A.columns, (i + 1) * A.columns);
}

/**
 * The complete orthogonal decomposition of a matrix of any shape.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 *
 * @example A null space
 * ```ts
 * import { completeOrthogonal, matmul, matrix, norm } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), { rank, nullspace } = completeOrthogonal(A);
 * assertEquals([rank, nullspace.columns], [2, 1]);
 * assert(norm(matmul(A, nullspace)) < 1e-14);
 * ```
 */
export function completeOrthogonal(A: Matrix, options: RankOptions = {}): CompleteOrthogonal {
  const left = pivotedQr(A, options);
  return new CompleteOrthogonal(left, qr(transpose(rowRange(left.R, 0, left.rank))));
}
