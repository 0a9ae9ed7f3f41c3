/**
 * Smooth unconstrained minimization: gradient methods, conjugate gradients, quasi-Newton, Newton-CG, line searches;
 * Newton's methods for convex functions with lazy or approximate Hessians, damped, accelerated; systems of equations;
 * roots and minima of functions of one variable.
 *
 * @module
 */
export * from "./ball/accelerated_ball.ts";
export * from "./ball/largest_loss.ts";
export * from "./bfgs.ts";
export * from "./certificates/curvature_at.ts";
export * from "./certificates/enclosure.ts";
export { descent, type DescentOptions, type DescentState, type Direction, firstStep } from "./descent.ts";
export * from "./equations/anderson.ts";
export * from "./equations/broyden.ts";
export { type Equation, type EquationState, fixedPoint } from "./equations/equation.ts";
export * from "./equations/newton_krylov.ts";
export { noStep } from "./failure.ts";
export * from "./feedforward.ts";
export * from "./fixed_point/infeasibility.ts";
export * from "./gradient_descent.ts";
export * from "./heavy_ball.ts";
export * from "./hessian/gauss_newton.ts";
export { type SecantMemory, type SecantName, secantSource, updateSr1 } from "./hessian/secant.ts";
export type { HessianName, HessianProducts, HessianSource } from "./hessian/source.ts";
export { countIdle, type Lowest } from "./idle.ts";
export { krylovGradient, type KrylovGradientOptions, type KrylovGradientState } from "./krylov_gradient.ts";
export * from "./lbfgs.ts";
export type { RotationRoom } from "./least_squares/column_rotations.ts";
export * from "./least_squares/curve_fit.ts";
export * from "./least_squares/damped_gauss_newton.ts";
export type { CurveFit, CurveFitFields } from "./least_squares/fit_statistics.ts";
export * from "./least_squares/levenberg_marquardt.ts";
export * from "./least_squares/loss.ts";
export type { LinearModel } from "./least_squares/model.ts";
export type { LinearizedState } from "./least_squares/move.ts";
export type { Box, ReflectiveRoom } from "./least_squares/reflective_model.ts";
export type { CurveModel } from "./least_squares/regression.ts";
export * from "./least_squares/trust_region_reflective.ts";
export * from "./least_squares/variable_projection.ts";
export * from "./line.ts";
export * from "./linesearch/backtracking.ts";
export * from "./linesearch/hager_zhang.ts";
export * from "./linesearch/more_thuente.ts";
export * from "./nesterov.ts";
export * from "./newton/accelerated_cubic.ts";
export type { DampedNewtonState } from "./newton/damped.ts";
export * from "./newton/gns.ts";
export type { DenseHessianModel, HessianModel, Prepared, RankOneHessianModel } from "./newton/hessian_model.ts";
export * from "./newton/lazy.ts";
export * from "./newton/line_newton.ts";
export {
  aicn,
  type AicnOptions,
  rootNewton,
  type RootNewtonOptions,
  universalNewton,
  type UniversalNewtonOptions,
} from "./newton/root_newton.ts";
export * from "./newton/super_universal.ts";
export * from "./newton_cg.ts";
export * from "./nonlinear_cg.ts";
export {
  fastPolynomialGradient,
  type FastPolynomialGradientState,
  polynomialGradient,
  type PolynomialGradientOptions,
  type PolynomialGradientState,
} from "./polynomial_gradient.ts";
export * from "./registry.ts";
export * from "./scalar/bisection.ts";
export * from "./scalar/brent_minimum.ts";
export * from "./scalar/brent_root.ts";
export * from "./scalar/golden_section.ts";
export * from "./scalar/newton_root.ts";
export type { MinimumOptions, RootOptions, ScalarFunction, ScalarResult } from "./scalar/scalar.ts";
export * from "./triple_momentum.ts";
export * from "./trust_region/arc.ts";
export type { TrialState } from "./trust_region/trial.ts";
export * from "./trust_region/trust_region.ts";
export {
  ballResidual,
  type ExactStep,
  type Least,
  leastInBall,
  leastUnderCubic,
  setGradient,
  shiftedStep,
  type Spectrum,
  spectrumOf,
} from "./trust_region/spectral_model.ts";
export { type DenseMemory, dogleg, exactStep, writeHessian } from "./trust_region/dense.ts";
export { type LanczosMemory, lanczosStep } from "./trust_region/lanczos.ts";
export { steihaug, type SteihaugMemory } from "./trust_region/steihaug.ts";
export type { QuadraticModel, Subproblem } from "./trust_region/subproblem.ts";
