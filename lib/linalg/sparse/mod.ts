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
export { fromColumns, sortSparse, type SparseColumns, toColumns, transposeSparse } from "./layout.ts";
