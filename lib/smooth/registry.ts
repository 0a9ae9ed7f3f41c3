/**
 * The smooth solvers by name, as the command line and the method table list them.
 *
 * @module
 */
import type { BoundedLeastSquares, LeastSquares, Solver, TwiceSmooth } from "../core/mod.ts";
import { acceleratedBall, ballDescent } from "./ball/accelerated_ball.ts";
import { bfgs } from "./bfgs.ts";
import { anderson } from "./equations/anderson.ts";
import { broyden } from "./equations/broyden.ts";
import type { Equation } from "./equations/equation.ts";
import { newtonKrylov } from "./equations/newton_krylov.ts";
import { halpern, picard } from "./fixed_point/infeasibility.ts";
import { gradientDescent } from "./gradient_descent.ts";
import { heavyBall } from "./heavy_ball.ts";
import { lbfgs } from "./lbfgs.ts";
import { dampedGaussNewton } from "./least_squares/damped_gauss_newton.ts";
import { levenbergMarquardt } from "./least_squares/levenberg_marquardt.ts";
import { trustRegionReflective } from "./least_squares/trust_region_reflective.ts";
import { nesterov } from "./nesterov.ts";
import { lazyAdaptive, lazyCubicNewton, lazyRegularizedNewton } from "./newton/lazy.ts";
import { acceleratedCubicNewton, nata } from "./newton/accelerated_cubic.ts";
import { gnsNewton } from "./newton/gns.ts";
import { superUniversalNewton } from "./newton/super_universal.ts";
import { gradientRegulatedNewton, greedyNewton } from "./newton/line_newton.ts";
import { aicn, rootNewton, universalNewton } from "./newton/root_newton.ts";
import { newtonCg } from "./newton_cg.ts";
import { nonlinearCg } from "./nonlinear_cg.ts";
import { tripleMomentum } from "./triple_momentum.ts";
import { arc } from "./trust_region/arc.ts";
import { trustRegion } from "./trust_region/trust_region.ts";

/**
 * Makers of solvers with their default options.
 *
 * @example All that need no constants, on one problem
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { smoothSolvers } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(2);
 * for (const id of ["cg-pr", "cg-hz", "bfgs", "lbfgs", "newton-cg"]) {
 *   assertEquals(solve(problem, smoothSolvers[id](), { start }).status, "converged");
 * }
 * ```
 */
export const smoothSolvers: Readonly<Record<string, () => Solver<TwiceSmooth>>> = {
  "gradient-descent": () => gradientDescent(),
  "gradient-descent-fixed": () => gradientDescent({ step: "1/L" }),
  "heavy-ball": () => heavyBall(),
  "nesterov": () => nesterov(),
  "nesterov-convex": () => nesterov({ strongConvexity: 0 }),
  "triple-momentum": () => tripleMomentum(),
  "cg-pr": () => nonlinearCg({ beta: "PR+" }),
  "cg-hz": () => nonlinearCg({ beta: "HZ" }),
  "bfgs": () => bfgs(),
  "lbfgs": () => lbfgs(),
  "newton-cg": () => newtonCg(),
  "trust-region": () => trustRegion(),
  "trust-region-dogleg": () => trustRegion({ subproblem: "dogleg" }),
  "trust-region-exact": () => trustRegion({ subproblem: "exact" }),
  "trust-region-lanczos": () => trustRegion({ subproblem: "lanczos" }),
  "trust-region-sr1": () => trustRegion({ subproblem: "exact", hessian: "sr1" }),
  "trust-region-bfgs": () => trustRegion({ subproblem: "dogleg", hessian: "bfgs" }),
  "arc": () => arc(),
  "arc-lanczos": () => arc({ subproblem: "lanczos" }),
  "lazy-adaptive": () => lazyAdaptive(),
};

/**
 * Makers of second-order methods for convex functions, or with a constant of the Hessian that is known, with their
 * default options.
 */
export const convexNewtonSolvers: Readonly<Record<string, () => Solver<TwiceSmooth>>> = {
  "lazy-cubic": () => lazyCubicNewton(),
  "lazy-regularized": () => lazyRegularizedNewton(),
  "root-newton": () => rootNewton(),
  "universal-newton": () => universalNewton(),
  "gradient-regulated-newton": () => gradientRegulatedNewton(),
  "greedy-newton": () => greedyNewton(),
  "aicn": () => aicn(),
  "gns-newton": () => gnsNewton(),
  "gns-gradient": () => gnsNewton({ hessian: "none" }),
  "super-universal-newton": () => superUniversalNewton(),
  "accelerated-cubic": () => acceleratedCubicNewton(),
  "nata": () => nata(),
  "ball-descent": () => ballDescent(),
  "accelerated-ball": () => acceleratedBall(),
};

/** Makers of solvers for sums of squares, with their default options. */
export const leastSquaresSolvers: Readonly<Record<string, () => Solver<LeastSquares>>> = {
  "levenberg-marquardt": () => levenbergMarquardt(),
  "gauss-newton": () => dampedGaussNewton(),
};

/** Makers of solvers for sums of squares in a box, with their default options. */
export const boundedLeastSquaresSolvers: Readonly<Record<string, () => Solver<BoundedLeastSquares>>> = {
  "trust-region-reflective": () => trustRegionReflective(),
};

/** Makers of solvers for systems of equations, with their default options. */
export const equationSolvers: Readonly<Record<string, () => Solver<Equation>>> = {
  "newton-krylov": () => newtonKrylov(),
  "broyden": () => broyden(),
  "broyden-limited": () => broyden({ start: "identity" }),
  "anderson": () => anderson(),
  "picard": () => picard(),
  "halpern": () => halpern(),
};
