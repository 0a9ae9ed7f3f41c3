/**
 * Learning the parameter of a solver over a sequence of systems.
 *
 * @module
 */
export { chebCb, type ChebCbOptions, type ChebCbState } from "./cheb_cb.ts";
export * from "./iteration_loss.ts";
export type { ContextBounds, ParameterLearner } from "./learner.ts";
export * from "./sequence.ts";
export { type ContextBinOptions, tsallisInf, tsallisInfContextual, type TsallisInfState } from "./tsallis_inf.ts";
