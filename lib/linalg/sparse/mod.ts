/**
 * Sparse matrices: making them, arithmetic, factorizations that solve.
 *
 * @module
 */
export * from "./arithmetic.ts";
export { fromTriplets, sparseDiagonal, sparseIdentity, toDense, toSparse } from "./build.ts";
export * from "./dense_products.ts";
export * from "./inspect.ts";
export * from "./laplacian.ts";
export { fromColumns, permuteSparse, sortSparse, type SparseColumns, toColumns, transposeSparse } from "./layout.ts";
export type { Supernodes } from "./supernodes.ts";
export {
  type AnalysisOptions,
  analyzeSymmetric,
  type SymmetricAnalysis,
  type SymmetricOrdering,
} from "./symmetric_analysis.ts";
export { type SparseCholesky, sparseCholesky, type SparseCholeskyOptions } from "./sparse_cholesky.ts";
export { type SparseLdlt, sparseLdlt, type SparseLdltOptions } from "./sparse_ldlt.ts";
export type { SparseSymmetricFactorization } from "./sparse_symmetric.ts";
export { type ColumnOrdering, type SparseLu, sparseLu, type SparseLuOptions } from "./sparse_lu.ts";
export {
  type SparseTriangular,
  sparseTriangular,
  type SparseTriangularOptions,
  type SparseVector,
} from "./sparse_triangular.ts";
export { type ResidentSparse, residentSparse, type ResidentSparseOptions } from "./resident_sparse.ts";
export { solveLeastSquares, type SparseLeastSquares, type SparseQr, sparseQr } from "./sparse_qr.ts";
