/**
 * Manifolds: symmetric positive definite matrices, their means and a classifier.
 *
 * @module
 */
export * from "./augmented_covariance.ts";
export * from "./minimum_distance.ts";
export * from "./spd.ts";
