/**
 * HiGHS behind Gradus's linear and quadratic programs: linear programs by its simplex and interior-point methods, whole
 * variables by branch and cut, convex quadratic programs by its active-set method.
 *
 * HiGHS comes as WebAssembly in the npm package `highs`, which is loaded by the first call and not before. Deno asks
 * for the permission to read the package's file `highs.wasm` (`--allow-read`), or needs none where the option `wasm`
 * hands that in.
 *
 * @module
 */
export * from "./highs.ts";
