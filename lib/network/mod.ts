/**
 * Small networks as problems, networks inside solvers of linear systems, pieces of larger ones: attention and its fast
 * approximations, low-rank adaptation; regression where most data are foreign.
 *
 * @module
 */
export { type AttentionGradient, softmaxAttention, softmaxAttentionGradient, tensorAttention } from "./attention.ts";
export * from "./butterfly_layer.ts";
export * from "./cnn.ts";
export * from "./direction/mod.ts";
export * from "./finite_difference_net.ts";
export * from "./learned_butterfly.ts";
export * from "./learned_factor.ts";
export * from "./learned_start.ts";
export * from "./list_decodable_regression.ts";
export * from "./lora.ts";
export * from "./low_rank_attention.ts";
export { mlp, type MlpOptions } from "./mlp.ts";
export { accuracy, type Activation, classification, type Network, predictions } from "./network.ts";
export * from "./network_targets.ts";
export { polyFeatures } from "./polynomial_features.ts";
export * from "./relaxed_permutation.ts";
