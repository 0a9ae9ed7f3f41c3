/**
 * Methods that split problems: block coordinate descent, proximal gradient, ADMM, networks trained as convex programs.
 *
 * @module
 */
export * from "./active_set.ts";
export * from "./admm.ts";
export type { BlockCurvature, CurvatureNeed } from "./block_curvature.ts";
export * from "./block_descent.ts";
export type { BlockModel } from "./block_model.ts";
export * from "./block_problem.ts";
export type { BlockSelection, BlockState, BlockUpdate } from "./block_state.ts";
export * from "./convex_relu/mod.ts";
export * from "./fista.ts";
export * from "./fractional/mod.ts";
export type { LassoPathOptions } from "./lasso_options.ts";
export * from "./lasso_path.ts";
export { type Forest, forest, plantForest, solveForest } from "./forest.ts";
export * from "./graph_partition.ts";
export {
  factoredStep,
  type InnerStep,
  linearizedStep,
  type LinearizedStepOptions,
  newtonStep,
  type NewtonStepOptions,
  type Pull,
  standardStep,
} from "./inner_step.ts";
export {
  absoluteRowSums,
  averaged,
  givenBlocks,
  inOrder,
  type Partition,
  type PartitionKey,
  sorted,
} from "./partition.ts";
export { splittingSolvers } from "./registry.ts";
export * from "./selection/cyclic.ts";
export { type ForestMemory, greedyForest, randomForest } from "./selection/forests.ts";
export { type CoordinateRule, greedy, type GreedyMemory } from "./selection/greedy.ts";
export * from "./selection/largest.ts";
export * from "./selection/thresholded.ts";
export type { GrowingForest } from "./union.ts";
export * from "./update/adaptive_step.ts";
export * from "./update/forest_step.ts";
export { gradientStep } from "./update/gradient_step.ts";
export * from "./update/model_step.ts";
export * from "./update/newton_step.ts";
export * from "./update/two_metric_step.ts";
