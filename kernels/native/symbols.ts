/**
 * The functions of BLAS and LAPACK that are called, with their types: the one table that a slip in which would crash.
 *
 * CBLAS takes its numbers by value. LAPACK, in Fortran, takes everything by address, and after all others, by value,
 * the lengths of its character arguments.
 *
 * @module
 */
/** Array, integer, real number, length of characters, address, and nothing. */
const A = "buffer", I = "i32", R = "f64", L = "usize", P = "pointer", V = "void";

/** For `dlopen`. */
export const symbols = {
  cblas_ddot: { parameters: [I, A, I, A, I], result: R },
  cblas_dnrm2: { parameters: [I, A, I], result: R },
  cblas_idamax: { parameters: [I, A, I], result: "u32" },
  cblas_daxpy: { parameters: [I, R, A, I, A, I], result: V },
  cblas_dscal: { parameters: [I, R, A, I], result: V },
  // layout, op(A), m, n, α, A, lda, x, stride, β, y, stride
  cblas_dgemv: { parameters: [I, I, I, I, R, A, I, A, I, R, A, I], result: V },
  // layout, half, n, α, A, lda, x, stride, β, y, stride
  cblas_dsymv: { parameters: [I, I, I, R, A, I, A, I, R, A, I], result: V },
  // layout, half, op(T), unit, n, T, ldt, x, stride
  cblas_dtrsv: { parameters: [I, I, I, I, I, A, I, A, I], result: V },
  // layout, op(A), op(B), m, n, k, α, A, lda, B, ldb, β, C, ldc
  cblas_dgemm: { parameters: [I, I, I, I, I, I, R, A, I, A, I, R, A, I], result: V },
  // layout, half, op(A), n, k, α, A, lda, β, C, ldc
  cblas_dsyrk: { parameters: [I, I, I, I, I, R, A, I, R, A, I], result: V },
  // layout, side, half, op(T), unit, m, n, α, T, ldt, B, ldb
  cblas_dtrsm: { parameters: [I, I, I, I, I, I, I, R, A, I, A, I], result: V },
  cblas_dtrmm: { parameters: [I, I, I, I, I, I, I, R, A, I, A, I], result: V },
  // UPLO, N, A, LDA, INFO
  dpotrf_: { parameters: [A, A, A, A, A, L], result: V },
  // M, N, A, LDA, IPIV, INFO
  dgetrf_: { parameters: [A, A, A, A, A, A], result: V },
  // UPLO, N, A, LDA, IPIV, WORK, LWORK, INFO
  dsytrf_: { parameters: [A, A, A, A, A, A, A, A, L], result: V },
  // M, N, A, LDA, TAU, WORK, LWORK, INFO
  dgelqf_: { parameters: [A, A, A, A, A, A, A, A], result: V },
  // SIDE, TRANS, M, N, K, A, LDA, TAU, C, LDC, WORK, LWORK, INFO
  dormlq_: { parameters: [A, A, A, A, A, A, A, A, A, A, A, A, A, L, L], result: V },
  // M, N, K, A, LDA, TAU, WORK, LWORK, INFO
  dorglq_: { parameters: [A, A, A, A, A, A, A, A, A], result: V },
  // JOBZ, UPLO, N, A, LDA, W, WORK, LWORK, IWORK, LIWORK, INFO
  dsyevd_: { parameters: [A, A, A, A, A, A, A, A, A, A, A, L, L], result: V },
  // JOBZ, M, N, A, LDA, S, U, LDU, VT, LDVT, WORK, LWORK, IWORK, INFO
  dgesdd_: { parameters: [A, A, A, A, A, A, A, A, A, A, A, A, A, A, L], result: V },
  // BALANC, JOBVL, JOBVR, SENSE, N, A, LDA, WR, WI, VL, LDVL, VR, LDVR, ILO, IHI, SCALE, ABNRM, RCONDE, RCONDV, WORK,
  // LWORK, IWORK, INFO
  dgeevx_: { parameters: [A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, L, L, L, L], result: V },
  // JOBVS, SORT, SELECT, N, A, LDA, SDIM, WR, WI, VS, LDVS, WORK, LWORK, BWORK, INFO
  dgees_: { parameters: [A, A, P, A, A, A, A, A, A, A, A, A, A, A, A, L, L], result: V },
  // M, N, NRHS, A, LDA, B, LDB, S, RCOND, RANK, WORK, LWORK, IWORK, INFO
  dgelsd_: { parameters: [A, A, A, A, A, A, A, A, A, A, A, A, A, A], result: V },
  // OpenBLAS alone
  openblas_set_num_threads: { parameters: [I], result: V, optional: true },
  openblas_get_num_threads: { parameters: [], result: I, optional: true },
  openblas_get_config: { parameters: [], result: P, optional: true },
} as const satisfies Deno.ForeignLibraryInterface;
