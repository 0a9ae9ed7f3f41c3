/**
 * The core: kinds of problem, the solver protocol, running, stopping, counting, tracing, checkpoints.
 *
 * @module
 */
export { type BackendIdentity, type BackendSwitch, currentBackend, setBackendSwitch } from "./backend.ts";
export * from "./bilevel.ts";
export type { Blocks, BlockSmooth } from "./blocks.ts";
export type { Certificate } from "./certificate.ts";
export * from "./check_jacobian.ts";
export * from "./constants.ts";
export type { Best, Counts } from "./counts.ts";
export * from "./derivatives.ts";
export * from "./differences.ts";
export type { PartlyConstrained, PartlyVectorFunction } from "./jacobian_differences.ts";
export * from "./environment.ts";
export * from "./errors.ts";
export * from "./jacobian.ts";
export type { Denominator, DenominatorLines, Fractional, LinedDenominator } from "./fractional.ts";
export type { Kind, Measures, OracleSpec, Parts } from "./kind.ts";
export { kindOf, measures, oraclesOf } from "./kinds.ts";
export { boundsOf, type KktParts, kktParts, type KktSite, largestPart } from "./kinds/constrained.ts";
export type { DerivativeOracle, DerivativeReport, Mismatch } from "./mismatches.ts";
export { checkNoBounds, projectedGradientNorm } from "./kinds/least_squares.ts";
export { linearPart } from "./kinds/programs.ts";
export { type ColumnValue, columnValues } from "./kinds/transport_dual.ts";
export { everyBound, withinBounds } from "./parts.ts";
export * from "./present.ts";
export * from "./problem.ts";
export { fillDirection } from "./quotients.ts";
export * from "./result.ts";
export * from "./rng.ts";
export type { SolveOptions } from "./run.ts";
export * from "./select.ts";
export * from "./smooth_of.ts";
export * from "./solve.ts";
export * from "./solver.ts";
export * from "./sparse.ts";
export * from "./stop.ts";
export * from "./storage.ts";
export * from "./trace.ts";
export * from "./transport.ts";
export * from "./vector.ts";
