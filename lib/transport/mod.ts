/**
 * Optimal transport: exact, entropic and sparse.
 *
 * @module
 */
export * from "./cost.ts";
export type { EntropicState } from "./entropic.ts";
export * from "./network_simplex.ts";
export * from "./one_dimensional.ts";
export * from "./registry.ts";
export * from "./sinkhorn.ts";
export * from "./sinkhorn_newton_sparse.ts";
export * from "./sparsity_constrained.ts";
export * from "./wasserstein.ts";
