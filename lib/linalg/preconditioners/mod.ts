/**
 * Approximations of inverses, applied as products.
 *
 * @module
 */
export { blockJacobi } from "./block_jacobi.ts";
export { type ChebyshevOptions, chebyshevPreconditioner } from "./chebyshev.ts";
export { factorLoss, type SolvedSystem } from "./factor_loss.ts";
export { ilu0 } from "./ilu0.ts";
export { ilut, type IlutOptions } from "./ilut.ts";
export { type IncompleteCholesky, incompleteCholesky } from "./incomplete_cholesky.ts";
export type { IncompleteLu } from "./incomplete_lu.ts";
export { jacobi } from "./jacobi.ts";
export { sorSweep, ssor } from "./ssor.ts";
export { symmetricPolynomial } from "./symmetric_polynomial.ts";
export { type FactoredPreconditioner, factorPreconditioner } from "./triangular_factor.ts";
export { type Multigrid, multigrid, type MultigridOptions } from "./multigrid/multigrid.ts";
export type { SmootherName } from "./multigrid/smoother.ts";
