/**
 * Minimizing fractions.
 *
 * @module
 */
export * from "./coordinate_descent.ts";
export * from "./denominators.ts";
export * from "./dinkelbach.ts";
export type { Line } from "./line_minimum.ts";
export { type BlockFractional, blockFractional } from "./problem.ts";
export type { PolynomialWork } from "./sign_changes.ts";
