/**
 * CUR: a matrix of low rank from some of its own columns and rows.
 *
 * ```
 * columns J: the first k pivots of a QR factorization of A;  rows I: those of A(:, J)ᵀ
 * A ≈ C G R,  C = A(:, J), R = A(I, :),    G = C⁺ A R⁺  (projection)  or  A(I, J)⁺  (intersection)
 * ```
 *
 * The projection is the best core; the intersection looks at no other entries of A, and its small singular values are
 * cut off, as their inverses would amplify rounding.
 *
 * Source: Karpowicz, A theory of meta-factorization (2021), arXiv 2111.14385; Voronin and Martinsson, Efficient
 * algorithms for CUR and interpolative matrix decompositions (2017).
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { shapeOf } from "../matrices/checks.ts";
import { lstsq, pinv } from "../systems/least_squares.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import type { MetaFactorization } from "./meta_factorization.ts";
import { pivotedQr } from "../factorizations/pivoted_qr.ts";

/** Options of `cur`. */
export interface CurOptions {
  /** The core. Default "projection". */
  readonly core?: "projection" | "intersection";
}

/** A factorization whose outer factors are columns and rows of the matrix. */
export interface Cur extends MetaFactorization {
  /** Which columns: F is A(:, columns). */
  readonly columns: Int32Array;
  /** Which rows: Hᵀ is A(rows, :). */
  readonly rows: Int32Array;
}

/**
 * The CUR factorization of A with k columns and k rows.
 *
 * @throws {DomainError} When k is no integer in 1 … min(m, n), or an entry is not finite.
 *
 * @example Two columns and two rows of a matrix of rank 2
 * ```ts
 * import { cur, matrix, norm, reconstruct, subtract } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = matrix([[1, 2, 3, 4], [2, 4, 6, 8], [1, 0, 1, 0]]);
 * assert(norm(subtract(reconstruct(cur(A, 2)), A)) < 1e-13);
 * ```
 */
export function cur(A: Matrix, k: number, options: CurOptions = {}): Cur {
  checkRank("factor a matrix by CUR", A, k);
  const columns = pivotedQr(A).permutation.slice(0, k), C = columnsOf(A, columns);
  const rows = pivotedQr(transpose(C)).permutation.slice(0, k), R = rowsOf(A, rows), H = transpose(R);
  const G = options.core === "intersection"
    ? pinv(rowsOf(C, rows), { tolerance: 1e-12 })
    : transpose(lstsq(H, transpose(lstsq(C, A).x)).x);
  return { F: C, G, H, columns, rows };
}

/** Refuses a rank that a matrix cannot have. */
export function checkRank(verb: string, A: Matrix, k: number): void {
  if (Number.isInteger(k) && k >= 1 && k <= Math.min(A.rows, A.columns)) return;
  throw new DomainError(`Cannot ${verb}: expected a rank from 1 to the shorter side of ${shapeOf(A)}, got ${k}`);
}

function columnsOf(A: Matrix, columns: Int32Array): Matrix {
  return transpose(rowsOf(transpose(A), columns));
}

function rowsOf(A: Matrix, rows: Int32Array): Matrix {
  const R = matrix(rows.length, A.columns);
  rows.forEach((i, k) => R.data.set(A.data.subarray(i * A.columns, (i + 1) * A.columns), k * A.columns));
  return R;
}
