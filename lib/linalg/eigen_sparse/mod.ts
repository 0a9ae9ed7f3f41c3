/**
 * Some eigenvalues or singular values of large operators.
 *
 * @module
 */
export { eigsh, type EigshOptions, type SymmetricEigenpairs } from "./eigsh.ts";
export * from "./solution.ts";
export { type Eigenpairs, eigs, type EigsOptions } from "./eigs.ts";
export { lobpcg, type LobpcgOptions } from "./lobpcg.ts";
export { type Curvature, type CurvatureOptions, smallestCurvature } from "./smallest_curvature.ts";
export { type SingularTriplets, svds, type SvdsOptions } from "./svds.ts";
