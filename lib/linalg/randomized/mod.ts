/**
 * Randomized linear algebra.
 *
 * @module
 */
export type { Multipliable } from "./block_products.ts";
export * from "./gaussian_sketch.ts";
export * from "./determinantal.ts";
export * from "./hutch_plus_plus.ts";
export * from "./hutchinson.ts";
export * from "./kaczmarz.ts";
export * from "./lanczos_quadrature.ts";
export * from "./leverage_scores.ts";
export * from "./nystrom.ts";
export { checkOrthonormal, discreteBasis, legendreBasis, type OrthonormalBasis } from "./orthonormal_basis.ts";
export {
  type AdaptiveRange,
  adaptiveRangeFinder,
  type AdaptiveRangeOptions,
  rangeFinder,
  type RangeOptions,
} from "./range_finder.ts";
export { type LowRankEigen, type LowRankOptions, randomizedEigh, randomizedSvd } from "./randomized_svd.ts";
export * from "./row_sketch.ts";
export type { Projection, ProjectionLimits } from "./projections.ts";
export { type Sketch, type SketchMaker, sketchRows } from "./sketch.ts";
export * from "./sketch_and_project.ts";
export * from "./sketched_least_squares.ts";
export * from "./sparse_sketch.ts";
export * from "./srht.ts";
export type { Estimate, MatrixProduct, ProbeOptions } from "./trace_estimate.ts";
export * from "./volume_sampling.ts";
export * from "./weighted_least_squares.ts";
