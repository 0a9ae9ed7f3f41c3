/**
 * Two-layer networks of rectified linear units trained as convex programs.
 *
 * @module
 */
export * from "./arrangements.ts";
export { blockStep, type BlockStepOptions } from "./block_step.ts";
export * from "./certificate.ts";
export type { Gates } from "./gates.ts";
export * from "./linear_step.ts";
export { keptArrangements } from "./kept_patterns.ts";
export type { ReluLossName } from "./losses.ts";
export * from "./network.ts";
export { type ConvexRelu, convexRelu, type ConvexReluOptions, type ReluModel } from "./problem.ts";
export { type RobustModel, type RobustRelu, robustRelu, type RobustReluOptions, worstCases } from "./robust.ts";
export * from "./sampled.ts";
export * from "./solvers.ts";
export type { RobustLossName, WorstCase } from "./worst_case.ts";
