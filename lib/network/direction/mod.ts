/**
 * Learned directions for Poisson's equation on grids with internal boundaries.
 *
 * @module
 */
export { directionLayout, gridDirection, proposeDirections, vCycleWeights } from "./direction_network.ts";
export * from "./direction_training.ts";
export { type GridPoisson, gridPoisson, type Obstacles, randomDomain } from "./grid_domain.ts";
