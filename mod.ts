/**
 * Gradus: state a problem, run several solvers on it, see which one wins and why.
 *
 * @module
 */
export * from "./lib/core/mod.ts";
export * from "./lib/smooth/mod.ts";
