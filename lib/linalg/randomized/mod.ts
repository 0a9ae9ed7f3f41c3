/**
 * Randomized linear algebra.
 *
 * @module
 */
export * from "./gaussian_sketch.ts";
export * from "./hutch_plus_plus.ts";
export * from "./hutchinson.ts";
export * from "./row_sketch.ts";
export { type Sketch, type SketchMaker, sketchRows } from "./sketch.ts";
export * from "./sparse_sketch.ts";
export * from "./srht.ts";
export type { Estimate, MatrixProduct, ProbeOptions } from "./trace_estimate.ts";
