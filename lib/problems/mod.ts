/**
 * Test problems with known minima.
 *
 * @module
 */
export * from "./mgh/mod.ts";
export * from "./plane.ts";
export * from "./quadratic.ts";
export * from "./rosenbrock.ts";
