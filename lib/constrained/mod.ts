/**
 * Constrained optimization: L-BFGS-B for bounds, Newton's method with sketched systems, sequential quadratic
 * programming, augmented Lagrangians, interior points for linear and quadratic programs.
 *
 * @module
 */
export * from "./adasketch.ts";
export * from "./augmented_lagrangian.ts";
export type { Box, CauchyPath } from "./bounds/cauchy_point.ts";
export type { CompactHessian } from "./bounds/compact_hessian.ts";
export * from "./bounds/lbfgsb.ts";
export { interiorPoint, type InteriorPointOptions } from "./interior_point/interior_point.ts";
export type { InteriorPointState } from "./interior_point/state.ts";
export type { Iterate, Residuals, Room } from "./interior_point/iterate.ts";
export type {
  ScaledProgram,
  SparseLinearProgram,
  SparseProgram,
  SparseQuadraticProgram,
} from "./interior_point/program.ts";
export { checkInfeasible, checkUnbounded, type RayCheck } from "./interior_point/ray.ts";
export { exactAugmentedLagrangian, type Penalties } from "./exact_merit.ts";
export type { FirstOrder, KktState, SystemWork } from "./kkt.ts";
export type {
  BoundConstrained,
  EqualityConstrained,
  TwiceConstrained,
  TwiceEqualityConstrained,
  TwiceVectorFunction,
} from "./problem.ts";
export * from "./registry.ts";
export * from "./sqp.ts";
export * from "./system_solver.ts";
