/**
 * Graphs without cycles from data.
 *
 * @module
 */
export * from "./acyclicity.ts";
export { structuralHammingDistance, topologicalOrder } from "./graphs.ts";
export * from "./notears.ts";
export * from "./topo.ts";
export { type TopologicalFit, topologicalInner, type TopologicalInnerOptions } from "./topological_inner.ts";
