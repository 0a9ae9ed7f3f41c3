/**
 * Derivatives of array programs.
 *
 * Functions of arrays compute at once on values; under a transformation they are traced to a graph of primitives, which
 * is differentiated and run. A tangent rule and a transpose rule for each primitive give forward and reverse mode,
 * nested at will. `objective` and its relatives make compiled problems of functions, which every solver takes.
 *
 * @module
 */
export { vmap, type VmapOptions } from "./batching/vmap.ts";
export { compile, type Compiled } from "./compile/compile.ts";
export { TraceError } from "./errors.ts";
export {
  type Box,
  combine,
  compose,
  Fn,
  fn,
  type FnPart,
  type Functional,
  functionalGrad,
  integrate,
  linearTranspose,
  nabla,
  pointwise,
} from "./functional/functional.ts";
export { gaussLegendre, productQuadrature, type Quadrature } from "./functional/quadrature.ts";
export { grad, hvp, valueAndGrad, type ValueAndGradient } from "./grad.ts";
export { argmin, type ArgminOptions } from "./implicit/argmin.ts";
export * from "./implicit/conditions.ts";
export type { LinearSolve, LinearSolveOptions } from "./implicit/linear_system.ts";
export { customFixedPoint, customRoot, type ImplicitOptions, type SolverFunction } from "./implicit/root.ts";
export { type Executable, interpreter } from "./interpret.ts";
export { hessian, jacobian, type JacobianOptions } from "./jacobian.ts";
export { jvp, type Linearization, linearize, type ValueAndTangent } from "./jvp.ts";
export { Node } from "./node.ts";
export { objective, type ObjectiveOptions } from "./objective/objective.ts";
export { type Blocks, blocksOf, type InBlocks, type OneVector } from "./objective/parameters.ts";
export {
  type Rows,
  type StochasticObjective,
  stochasticObjective,
  type StochasticOptions,
} from "./objective/stochastic.ts";
export type { Data } from "./objective/batches.ts";
export {
  type DifferentiableFunction,
  leastSquaresObjective,
  type LeastSquaresOptions,
  vectorFunction,
} from "./objective/vector_function.ts";
export * from "./operations/arithmetic.ts";
export type { Axes } from "./operations/axes.ts";
export * from "./operations/comparison.ts";
export * from "./operations/convolution.ts";
export * from "./operations/fourier.ts";
export * from "./operations/functions.ts";
export * from "./operations/linear_algebra.ts";
export * from "./operations/matrix_functions.ts";
export * from "./operations/products.ts";
export * from "./operations/projections.ts";
export * from "./operations/reductions.ts";
export * from "./operations/sorting.ts";
export * from "./operations/structure.ts";
export type { RootMethod } from "./primitives/matrices/root.ts";
export type { Emission, Kernel, Primitive, Tangent } from "./primitive.ts";
export type { Scratch } from "./scratch.ts";
export type { Shape } from "./shape.ts";
export { checkpoint } from "./regions/checkpoint.ts";
export { cond } from "./regions/cond.ts";
export { customRule, type DerivativeRule } from "./regions/custom_rule.ts";
export { scan, type Scanned, type ScanOptions } from "./regions/scan.ts";
export { whileLoop } from "./regions/while_loop.ts";
export { type Example, ofShape, type Program, ShapeOnly, trace, type TracedProgram } from "./trace.ts";
export type { ArrayFunction } from "./transform.ts";
export {
  type SparseDerivative,
  sparseHessian,
  sparseJacobian,
  type SparseOptions,
  type SparsePattern,
} from "./sparse/sparse_derivatives.ts";
export { type Jet, jet } from "./taylor/jet.ts";
export {
  directionalDerivative,
  type LaplacianOptions,
  mixedDerivative,
  type OperatorTerm,
  type Probes,
  stdeBiharmonic,
  stdeLaplacian,
  stdeOperator,
  type StochasticTaylorOptions,
  type TaylorEstimate,
} from "./taylor/stochastic_taylor.ts";
export type { Like, Tree } from "./tree.ts";
export {
  asMatrix,
  asNumber,
  asVector,
  type NdArray,
  type Operand,
  shapeOf,
  type Traced,
  type Value,
} from "./values.ts";
export { type ValueAndPullback, vjp } from "./vjp.ts";
