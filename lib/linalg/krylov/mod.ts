/**
 * Iterative solvers of linear systems.
 *
 * @module
 */
export { bicgstab } from "./bicgstab.ts";
export type { LeastSquaresSolution } from "./bidiagonalization.ts";
export { blockCg, type BlockCgOptions, type BlockSolution } from "./block_cg.ts";
export { cg } from "./cg.ts";
export { chebyshevIteration, type ChebyshevIterationOptions } from "./chebyshev_iteration.ts";
export {
  cgCurvature,
  cgDirection,
  cgStart,
  cgStep,
  cgTurn,
  type CgWorkspace,
  cgWorkspace,
} from "./conjugate_gradients.ts";
export {
  deepConjugateDirection,
  type DeepConjugateDirectionOptions,
  type ProposeDirection,
} from "./deep_conjugate_direction.ts";
export { deflatedCg } from "./deflated_cg.ts";
export { gmres, type GmresOptions } from "./gmres.ts";
export { lsmr } from "./lsmr.ts";
export { lsqr } from "./lsqr.ts";
export { minres } from "./minres.ts";
export * from "./solution.ts";
