/**
 * Stationary iterations.
 *
 * @module
 */
export * from "./relaxation.ts";
export { stationaryIteration } from "./stationary_iteration.ts";
