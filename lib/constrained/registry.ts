/**
 * The solvers for constrained problems by name, as the method table lists them.
 *
 * @module
 */
import type { Constrained, Solver } from "../core/mod.ts";
import { adaSketchNewton } from "./adasketch.ts";
import { augmentedLagrangian } from "./augmented_lagrangian.ts";
import { lbfgsb } from "./bounds/lbfgsb.ts";
import { homogeneousInteriorPoint } from "./interior_point/homogeneous.ts";
import { interiorPoint } from "./interior_point/interior_point.ts";
import type { SparseProgram } from "./interior_point/program.ts";
import type { BoundConstrained, TwiceEqualityConstrained } from "./problem.ts";
import { nonlinearInteriorPoint } from "./nonlinear_interior/nonlinear_interior_point.ts";
import { equalitySqp } from "./sqp.ts";
import { exactSystem, sketchedSystem } from "./system_solver.ts";

/** Makers of solvers with their default options. */
export const constrainedSolvers: Readonly<Record<string, () => Solver<TwiceEqualityConstrained>>> = {
  "adasketch-newton": () => adaSketchNewton(),
  "adasketch-newton-kaczmarz": () => adaSketchNewton({ system: sketchedSystem({ sketch: "row-by-norm" }) }),
  "adasketch-newton-exact": () => adaSketchNewton({ system: exactSystem() }),
  "equality-sqp": () => equalitySqp(),
  "augmented-lagrangian": () => augmentedLagrangian(),
};

/** Makers of solvers for bounds alone, with their default options. */
export const boundSolvers: Readonly<Record<string, () => Solver<BoundConstrained>>> = {
  "lbfgsb": () => lbfgsb(),
};

/** Makers of solvers for general constraints and bounds, with their default options. */
export const nonlinearSolvers: Readonly<Record<string, () => Solver<Constrained>>> = {
  "nonlinear-interior-point": () => nonlinearInteriorPoint(),
};

/** The same for linear and quadratic programs. */
export const programSolvers: Readonly<Record<string, () => Solver<SparseProgram>>> = {
  "interior-point": () => interiorPoint(),
  "homogeneous-interior-point": () => homogeneousInteriorPoint(),
};
