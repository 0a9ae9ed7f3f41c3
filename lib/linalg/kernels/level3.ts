/**
 * The level-3 kernels of the backend that computes now, as plain functions.
 *
 * @module
 */
import { backend } from "./active.ts";

/** `C ← α op(A) op(B) + β C`, C m x n, op(A) m x k. C is not read where β is 0, A and B are not where α is 0. */
export function gemm(
  transposeA: boolean,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
  beta: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  backend().gemm(transposeA, transposeB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
}

/** The same for the lower triangle of a square C of order n alone; nothing above the diagonal is touched. */
export function gemmLower(
  transposeA: boolean,
  transposeB: boolean,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
  beta: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  backend().gemmLower(transposeA, transposeB, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
}

/** `C ← α A Aᵀ + β C`, or with `AᵀA`, for the lower triangle of C of order n; A is n x k (k x n). */
export function syrk(
  transpose: boolean,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  beta: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  backend().gemmLower(transpose, !transpose, n, k, alpha, a, aOffset, lda, a, aOffset, lda, beta, c, cOffset, ldc);
}

/** `B ← op(T)⁻¹ B`; T is m x m, B m x n. `lower` says which half of T, as stored, is read. */
export function solveFromLeft(
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  backend().solveFromLeft(lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb);
}

/** `B ← B op(T)⁻¹`; T is n x n, B m x n. */
export function solveFromRight(
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  backend().solveFromRight(lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb);
}

/** `B ← op(T) B`; T is m x m, B m x n. */
export function multiplyFromLeft(
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  backend().multiplyFromLeft(lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb);
}

/** `B ← B op(T)`; T is n x n, B m x n. */
export function multiplyFromRight(
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
): void {
  backend().multiplyFromRight(lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb);
}
