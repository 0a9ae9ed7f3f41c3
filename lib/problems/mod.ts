/**
 * Test problems with known minima, problems on data, readers of data files.
 *
 * @module
 */
export * from "./block_quadratic.ts";
export * from "./catching.ts";
export * from "./chained_power.ts";
export * from "./constrained_logistic.ts";
export * from "./crossing.ts";
export { type Csr, type Dataset, dataset, type DatasetParts, type Features, standardize } from "./dataset.ts";
export * from "./fractional_least_squares.ts";
export {
  hockSchittkowski,
  hockSchittkowskiEqualities,
  hockSchittkowskiGeneral,
  hockSchittkowskiIrregular,
} from "./hock_schittkowski/mod.ts";
export * from "./least_squares.ts";
export type { LinearModelOptions } from "./linear_model.ts";
export * from "./log_sum_exp.ts";
export * from "./logistic_regression.ts";
export * from "./mgh/mod.ts";
export * from "./planar_arm.ts";
export * from "./plane.ts";
export * from "./poisson_control.ts";
export * from "./quadratic.ts";
export type { ByteSource, ReadOptions } from "./readers/bytes.ts";
export * from "./readers/csv.ts";
export * from "./readers/idx.ts";
export * from "./readers/libsvm.ts";
export * from "./readers/matrix_market.ts";
export * from "./readers/mps.ts";
export type { MpsFormat } from "./readers/mps_fields.ts";
export * from "./reweighting.ts";
export * from "./rosenbrock.ts";
export * from "./softmax_regression.ts";
export { type LabelPropagation, labelPropagation, sparseQuadratic } from "./sparse_quadratic.ts";
export * from "./sparse_regression.ts";
export type { SumOfSquares } from "./sum_of_squares.ts";
export * from "./two_moons.ts";
export * from "./zero_chain.ts";
export * from "./write_matrix_market.ts";
export * from "./target_losses.ts";
export * from "./target_regression.ts";
