/**
 * The products and triangular solves that blocked algorithms are made of, on blocks of row-major arrays: a block is an
 * array, the offset of its first entry, and the distance between its rows.
 *
 * @module
 */
export { gemm, gemmLower, solveFromLeft, solveFromRight } from "../kernels/mod.ts";
