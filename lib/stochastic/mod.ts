/**
 * Stochastic methods.
 *
 * @module
 */
export * from "./linear_approximation.ts";
