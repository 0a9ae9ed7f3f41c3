/**
 * Stochastic optimization: gradient transformations, the optimizers chained of them, stochastic approximation.
 *
 * @module
 */
export * from "./adahessian.ts";
export * from "./ascn.ts";
export type { Batches, BatchOptions } from "./batches.ts";
export * from "./classical.ts";
export * from "./linear_approximation.ts";
export * from "./line_search.ts";
export * from "./mfac.ts";
export * from "./optimizer.ts";
export * from "./registry.ts";
export {
  type AdamScaling,
  addDecayedWeights,
  clipByGlobalNorm,
  clipByValue,
  type Moments,
  type RmsOptions,
  scaleByAdagrad,
  scaleByAdam,
  scaleByLearningRate,
  scaleByRms,
  scaleBySign,
  trace,
  type TraceOptions,
} from "./scaling.ts";
export * from "./schedule.ts";
export * from "./sso.ts";
export * from "./target_surrogate.ts";
export * from "./through_targets.ts";
export * from "./transform.ts";
