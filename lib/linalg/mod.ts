/**
 * Dense linear algebra.
 *
 * Matrices are plain data, row-major; functions take and make them. A factorization is an object that solves.
 *
 * @module
 */
export * from "./matrices/arithmetic.ts";
export * from "./transforms/butterfly.ts";
export * from "./matrices/complex.ts";
export { type Cur, cur, type CurOptions } from "./low_rank/cur.ts";
export * from "./low_rank/generalized_nystrom.ts";
export * from "./low_rank/meta_factorization.ts";
export * from "./matrices/matmul.ts";
export { type Matrix, type Vector } from "../core/mod.ts";
export * from "./matrices/matrix.ts";
export * from "./matrices/norm.ts";
export type { ResidentOperator } from "./kernels/resident_operator.ts";
export { type ResidentMatrix, residentMatrix } from "./matrices/resident_matrix.ts";
export type { Factorization, LogDeterminant } from "./factorizations/factorization.ts";
export { type Lu, lu } from "./factorizations/lu.ts";
export { type Cholesky, cholesky } from "./factorizations/cholesky.ts";
export { type Qr, qr } from "./factorizations/qr.ts";
export { type Inertia, type Ldlt, ldlt } from "./factorizations/ldlt.ts";
export { type PivotedQr, pivotedQr } from "./factorizations/pivoted_qr.ts";
export { type CompleteOrthogonal, completeOrthogonal } from "./factorizations/complete_orthogonal.ts";
export * from "./systems/least_squares.ts";
export { type PivotedCholesky, pivotedCholesky } from "./factorizations/pivoted_cholesky.ts";
export * from "./eigen/eigh.ts";
export { hypotenuse, rotate } from "./factorizations/rotation.ts";
export { substitute } from "./matrices/substitution.ts";
export { solveTriangular, type TriangularOptions } from "./matrices/triangular.ts";
export * from "./systems/complex_solve.ts";
export * from "./systems/condition.ts";
export * from "./systems/determinant.ts";
export * from "./systems/inverse.ts";
export * from "./factorizations/qr_update.ts";
export { nullspace, rank, type RankOptions } from "./systems/rank.ts";
export { refine, type Refinement } from "./systems/refine.ts";
export { solve } from "./systems/solve.ts";
export * from "./eigen/svd.ts";
export {
  type Backend,
  backend,
  type BackendName,
  backendNamed,
  bySize,
  type Driver,
  type Drivers,
  type Flag,
  type Kernels,
  Resident,
  ResidentPairs,
  type Thresholds,
  transposeBlock,
  type Triangular,
  useBackend,
  type Variant,
  type VectorProduct,
  type VectorProducts,
} from "./kernels/mod.ts";
export * from "./eigen/eig.ts";
export { type Hessenberg, hessenberg } from "./eigen/hessenberg.ts";
export * from "./eigen/schur.ts";
export { type OrderedSchur, reorderSchur } from "./eigen/schur_reorder.ts";
export { formatMatrix, type FormatOptions, type FormattedMatrix } from "./matrices/format.ts";
export * from "./transforms/dct.ts";
export * from "./transforms/fft.ts";
export * from "./transforms/walsh_hadamard.ts";
export * from "./functions/expm.ts";
export * from "./hippo.ts";
export * from "./imputation.ts";
export * from "./functions/inverse_root.ts";
export * from "./eigen_sparse/mod.ts";
export * from "./krylov/mod.ts";
export { besselRatio, logBesselI, logBesselK } from "./special/log_bessel.ts";
export { logGamma } from "./special/log_gamma.ts";
export * from "./functions/logm.ts";
export { type Mfac, mfac, type MfacOptions, pruneWeights, pruningScores } from "./fisher/mfac.ts";
export * from "./fisher/mfac_window.ts";
export * from "./operators/mod.ts";
export * from "./functions/polar.ts";
export * from "./preconditioners/mod.ts";
export * from "./randomized/mod.ts";
export * from "./relaxation/mod.ts";
export * from "./functions/sign.ts";
export * from "./transforms/slepian.ts";
export * from "./functions/sqrtm.ts";
export * from "./transforms/sparse_walsh_hadamard.ts";
export * from "./eigen/streaming_eigenvector.ts";
export * from "./special/student.ts";
export * from "./functions/symmetric_function.ts";
export * from "./functions/sqrtm_series.ts";
export * from "./sparse/mod.ts";
export * from "./stationary/mod.ts";
export * from "./special/von_mises_fisher.ts";
