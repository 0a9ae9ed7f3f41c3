/**
 * Problems of several players: bilevel optimization.
 *
 * @module
 */
export * from "./bilevel/bsvrb.ts";
export { hypergradient, type HypergradientOptions } from "./bilevel/hypergradient.ts";
export * from "./bilevel/implicit_descent.ts";
export * from "./registry.ts";
