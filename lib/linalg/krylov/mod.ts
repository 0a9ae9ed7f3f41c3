/**
 * Iterative solvers of linear systems.
 *
 * @module
 */
export { cg } from "./cg.ts";
export { cgDirection, cgStart, cgStep, cgTurn, type CgWorkspace, cgWorkspace } from "./conjugate_gradients.ts";
export { gmres, type GmresOptions } from "./gmres.ts";
export { minres } from "./minres.ts";
export * from "./solution.ts";
