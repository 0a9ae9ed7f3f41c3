/**
 * Some eigenvalues or singular values of large operators.
 *
 * @module
 */
export { eigsh, type EigshOptions, type SymmetricEigenpairs } from "./eigsh.ts";
export * from "./solution.ts";
