/**
 * Constrained optimization: Newton's method with sketched systems, sequential quadratic programming, augmented Lagrangians.
 *
 * @module
 */
export * from "./adasketch.ts";
export * from "./augmented_lagrangian.ts";
export { exactAugmentedLagrangian, type Penalties } from "./exact_merit.ts";
export type { FirstOrder, KktState, SystemWork } from "./kkt.ts";
export type {
  EqualityConstrained,
  TwiceConstrained,
  TwiceEqualityConstrained,
  TwiceVectorFunction,
} from "./problem.ts";
export * from "./registry.ts";
export * from "./sqp.ts";
export * from "./system_solver.ts";
