/**
 * Models of reduced order.
 *
 * @module
 */
export * from "./empirical_interpolation.ts";
export * from "./matrix_power_limits.ts";
