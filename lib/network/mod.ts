/**
 * Pieces of networks: attention and its fast approximations, low-rank adaptation; regression where most data are foreign.
 *
 * @module
 */
export { type AttentionGradient, softmaxAttention, softmaxAttentionGradient, tensorAttention } from "./attention.ts";
export * from "./list_decodable_regression.ts";
export * from "./lora.ts";
export * from "./low_rank_attention.ts";
export { polyFeatures } from "./polynomial_features.ts";
