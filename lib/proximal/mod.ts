/**
 * Proximal operators, projections on convex sets, and minimizers of linear functions over them.
 *
 * Every function here makes a `Proximable`, the regularizer of a composite problem, or a `ConvexSet`, which is one,
 * too. They keep working memory, so one object must not be used by two calls that run inside each other.
 *
 * @module
 */
export { type BoundedL1, boundedL1, type BoundedL1Options } from "./bounded_l1.ts";
export * from "./conjugate.ts";
export type { CompactSet, ConvexSet } from "./convex_set.ts";
export * from "./norms.ts";
export * from "./separable.ts";
export * from "./sets.ts";
export { l1Ball, simplex } from "./simplex.ts";
export * from "./spectral.ts";
export * from "./total_variation.ts";
