/**
 * The solvers for constrained problems by name, as the method table lists them.
 *
 * @module
 */
import type { Constrained, QuadraticProgram, Solver } from "../core/mod.ts";
import { activeSet } from "./active_set/active_set.ts";
import { adaSketchNewton } from "./adasketch.ts";
import { augmentedLagrangian } from "./augmented/augmented_lagrangian.ts";
import { boundNewton } from "./bounds/bound_newton.ts";
import { lbfgsb } from "./bounds/lbfgsb.ts";
import { homogeneousInteriorPoint } from "./interior_point/homogeneous.ts";
import { interiorPoint } from "./interior_point/interior_point.ts";
import type { SparseProgram } from "./interior_point/program.ts";
import type { BoundConstrained, TwiceBoundConstrained, TwiceEqualityConstrained } from "./problem.ts";
import { nonlinearInteriorPoint } from "./nonlinear_interior/nonlinear_interior_point.ts";
import { equalitySqp } from "./sqp/equality_sqp.ts";
import { sqp } from "./sqp/sqp.ts";
import { exactSystem, sketchedSystem } from "./system_solver.ts";

/** Makers of solvers with their default options. */
export const constrainedSolvers: Readonly<Record<string, () => Solver<TwiceEqualityConstrained>>> = {
  "adasketch-newton": () => adaSketchNewton(),
  "adasketch-newton-kaczmarz": () => adaSketchNewton({ system: sketchedSystem({ sketch: "row-by-norm" }) }),
  "adasketch-newton-exact": () => adaSketchNewton({ system: exactSystem() }),
  "equality-sqp": () => equalitySqp(),
};

/** Makers of solvers for bounds alone, with their default options. */
export const boundSolvers: Readonly<Record<string, () => Solver<BoundConstrained>>> = {
  "lbfgsb": () => lbfgsb(),
};

/** The same with second derivatives. */
export const twiceBoundSolvers: Readonly<Record<string, () => Solver<TwiceBoundConstrained>>> = {
  "bound-newton": () => boundNewton(),
};

/** Makers of solvers for general constraints and bounds, with their default options. */
export const nonlinearSolvers: Readonly<Record<string, () => Solver<Constrained>>> = {
  "augmented-lagrangian": () => augmentedLagrangian(),
  "nonlinear-interior-point": () => nonlinearInteriorPoint(),
  "sqp": () => sqp(),
};

/** The same for linear and quadratic programs. */
export const programSolvers: Readonly<Record<string, () => Solver<SparseProgram>>> = {
  "interior-point": () => interiorPoint(),
  "homogeneous-interior-point": () => homogeneousInteriorPoint(),
};

/** The same for strictly convex quadratic programs of any operators. */
export const quadraticSolvers: Readonly<Record<string, () => Solver<QuadraticProgram>>> = {
  "active-set": () => activeSet(),
};
