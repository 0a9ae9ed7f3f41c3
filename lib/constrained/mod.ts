/**
 * Constrained optimization: L-BFGS-B for bounds, Newton's method with sketched systems, sequential quadratic
 * programming, augmented Lagrangians, interior points for linear, quadratic and nonlinear programs, active sets for
 * quadratic ones.
 *
 * @module
 */
export * from "./active_set/active_set.ts";
export type { ActiveFactors } from "./active_set/factors.ts";
export type { ActiveSet, DenseProgram } from "./active_set/program.ts";
export * from "./adasketch.ts";
export * from "./augmented/augmented_lagrangian.ts";
export type { AugmentedLagrangianState } from "./augmented/state.ts";
export * from "./bounds/bound_newton.ts";
export type { Box, CauchyPath } from "./bounds/cauchy_point.ts";
export type { CompactHessian } from "./bounds/compact_hessian.ts";
export type { Faces } from "./bounds/faces.ts";
export * from "./bounds/lbfgsb.ts";
export { homogeneousInteriorPoint } from "./interior_point/homogeneous.ts";
export type { HomogeneousState, Homogenizer } from "./interior_point/homogeneous_state.ts";
export { interiorPoint } from "./interior_point/interior_point.ts";
export type { InteriorPointOptions } from "./interior_point/options.ts";
export type { InteriorPointState, ProgramState } from "./interior_point/state.ts";
export type { Iterate, Residuals, Room } from "./interior_point/iterate.ts";
export type {
  ScaledProgram,
  SparseLinearProgram,
  SparseProgram,
  SparseQuadraticProgram,
} from "./interior_point/program.ts";
export type { Barrier } from "./nonlinear_interior/barrier.ts";
export type { BarrierFilter } from "./nonlinear_interior/filter.ts";
export type { BarrierIterate, BarrierStep } from "./nonlinear_interior/iterate.ts";
export type { BarrierRoom } from "./nonlinear_interior/newton_system.ts";
export * from "./nonlinear_interior/nonlinear_interior_point.ts";
export type { BarrierOriginal, BarrierShape, BarrierSite } from "./nonlinear_interior/program.ts";
export type { Restoration } from "./nonlinear_interior/restoration.ts";
export type { NonlinearInteriorPointState } from "./nonlinear_interior/state.ts";
export { relaxed } from "./interior_point/program.ts";
export { checkInfeasible, checkUnbounded, type RayCheck } from "./interior_point/ray.ts";
export type { Evaluation, Limits } from "./evaluation.ts";
export { exactAugmentedLagrangian, type Penalties } from "./exact_merit.ts";
export type { FirstOrder, KktState, SystemWork } from "./kkt.ts";
export type { Penalized } from "./augmented/penalized.ts";
export type {
  BoundConstrained,
  EqualityConstrained,
  TwiceBoundConstrained,
  TwiceConstrained,
  TwiceEqualityConstrained,
  TwiceVectorFunction,
} from "./problem.ts";
export { presolve, type Presolved } from "./presolve/presolve.ts";
export {
  type FixedColumn,
  type ForcingRow,
  type ParallelRow,
  type PresolveStep,
  type Reduction,
  restore,
  type Restored,
  type SingletonRow,
  type SlackColumn,
} from "./presolve/steps.ts";
export * from "./registry.ts";
export type { ConstraintKind, ConstraintState, Findings } from "./report/findings.ts";
export { KktReport, kktReport, type KktReportOptions } from "./report/kkt_report.ts";
export * from "./sqp/equality_sqp.ts";
export * from "./sqp/sqp.ts";
export type { SqpState } from "./sqp/state.ts";
export * from "./system_solver.ts";
