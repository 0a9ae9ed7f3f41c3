/**
 * Dense linear algebra.
 *
 * Matrices are plain data, row-major; functions take and make them. A factorization is an object that solves.
 *
 * @module
 */
export * from "./arithmetic.ts";
export * from "./complex.ts";
export * from "./matmul.ts";
export { type Matrix, type Vector } from "../core/mod.ts";
export * from "./matrix.ts";
export * from "./norm.ts";
