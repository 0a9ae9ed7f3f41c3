/**
 * Linear operators: making them, combining them, checking them.
 *
 * @module
 */
export * from "./algebra.ts";
export * from "./check_adjoint.ts";
export * from "./dense.ts";
export * from "./toeplitz.ts";
