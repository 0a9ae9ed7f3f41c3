/**
 * Exact arithmetic, finite fields, semirings: small rooms for what is not computed in doubles.
 *
 * @module
 */
export * from "./berlekamp_massey.ts";
export * from "./bit_weight.ts";
export * from "./continued_fraction.ts";
export * from "./convolution.ts";
export { type DixonSolution, dixonSolve } from "./dixon.ts";
export * from "./esma.ts";
export { lineThrough, type ManhattanFrame, vp011, vp11, vp2 } from "./geometry/vanishing_points.ts";
export * from "./geometry/manhattan_ransac.ts";
export * from "./grothendieck.ts";
export { isPrime, type PrimeField, primeField } from "./prime_field.ts";
export { type Language, type Languages, languages } from "./language.ts";
export * from "./lipschitz/branch_and_bound.ts";
export { type LipschitzBound, lipschitzInterval, lipschitzLinear } from "./lipschitz/jacobian_bounds.ts";
export { type PreactivationBounds, preactivationBounds } from "./lipschitz/preactivation_bounds.ts";
export type { AffineLayer, ReluNetwork } from "./lipschitz/relu_network.ts";
export * from "./lmul.ts";
export * from "./program_search.ts";
export * from "./program_rays.ts";
export * from "./quasi_polynomial.ts";
export { chebyshevApply, chebyshevValue } from "./quantum/chebyshev.ts";
export * from "./quantum/hhl.ts";
export * from "./quantum/qsp.ts";
export * from "./quantum/qsvt.ts";
export * from "./quantum/targets.ts";
export * from "./rational.ts";
export type { RationalEntries, RationalMatrix, SparseRow, SparseRows } from "./rational_matrix.ts";
export { rationalReconstruct } from "./reconstruct.ts";
export * from "./remez.ts";
export * from "./regular_expression.ts";
export { type EchelonModulo, rrefMod } from "./row_reduce.ts";
export { booleans, type Field, minPlus, naturals, reals, type Semiring } from "./semiring.ts";
export * from "./search/global_minimum.ts";
export * from "./search/searchable.ts";
export * from "./self_reduction.ts";
export * from "./semiring_matrix.ts";
export * from "./solve_rational.ts";
export {
  formatProgram,
  type Instruction,
  type Operand,
  type Operator,
  programValue,
  type StraightLineProgram,
} from "./straight_line.ts";
export * from "./sumcheck.ts";
export * from "./topo/mod.ts";
