/**
 * Dense linear algebra.
 *
 * Matrices are plain data, row-major; functions take and make them. A factorization is an object that solves.
 *
 * @module
 */
export * from "./arithmetic.ts";
export * from "./butterfly.ts";
export * from "./complex.ts";
export { type Cur, cur, type CurOptions } from "./cur.ts";
export * from "./generalized_nystrom.ts";
export * from "./meta_factorization.ts";
export * from "./matmul.ts";
export { type Matrix, type Vector } from "../core/mod.ts";
export * from "./matrix.ts";
export * from "./norm.ts";
export type { Factorization, LogDeterminant } from "./factorization.ts";
export { type Lu, lu } from "./lu.ts";
export { type Cholesky, cholesky } from "./cholesky.ts";
export { type Qr, qr } from "./qr.ts";
export { type Inertia, type Ldlt, ldlt } from "./ldlt.ts";
export { type PivotedQr, pivotedQr } from "./pivoted_qr.ts";
export { type CompleteOrthogonal, completeOrthogonal } from "./complete_orthogonal.ts";
export * from "./least_squares.ts";
export { type PivotedCholesky, pivotedCholesky } from "./pivoted_cholesky.ts";
export * from "./eigh.ts";
export { hypotenuse, rotate } from "./rotation.ts";
export { substitute } from "./substitution.ts";
export { solveTriangular, type TriangularOptions } from "./triangular.ts";
export * from "./complex_solve.ts";
export * from "./condition.ts";
export * from "./determinant.ts";
export * from "./inverse.ts";
export * from "./qr_update.ts";
export { nullspace, rank, type RankOptions } from "./rank.ts";
export { refine, type Refinement } from "./refine.ts";
export { solve } from "./solve.ts";
export * from "./svd.ts";
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
export * from "./eig.ts";
export { type Hessenberg, hessenberg } from "./hessenberg.ts";
export * from "./schur.ts";
export { type OrderedSchur, reorderSchur } from "./schur_reorder.ts";
export { formatMatrix, type FormatOptions, type FormattedMatrix } from "./format.ts";
export * from "./dct.ts";
export * from "./fft.ts";
export * from "./walsh_hadamard.ts";
export * from "./expm.ts";
export * from "./hippo.ts";
export * from "./imputation.ts";
export * from "./inverse_root.ts";
export * from "./eigen_sparse/mod.ts";
export * from "./krylov/mod.ts";
export { besselRatio, logBesselI, logBesselK } from "./log_bessel.ts";
export { logGamma } from "./log_gamma.ts";
export * from "./logm.ts";
export { type Mfac, mfac, type MfacOptions, pruneWeights, pruningScores } from "./mfac.ts";
export * from "./mfac_window.ts";
export * from "./operators/mod.ts";
export * from "./polar.ts";
export * from "./preconditioners/mod.ts";
export * from "./randomized/mod.ts";
export * from "./relaxation/mod.ts";
export * from "./sign.ts";
export * from "./slepian.ts";
export * from "./sqrtm.ts";
export * from "./sparse_walsh_hadamard.ts";
export * from "./streaming_eigenvector.ts";
export * from "./student.ts";
export * from "./symmetric_function.ts";
export * from "./sqrtm_series.ts";
export * from "./sparse/mod.ts";
export * from "./stationary/mod.ts";
export * from "./von_mises_fisher.ts";
