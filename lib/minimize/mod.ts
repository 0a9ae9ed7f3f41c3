/**
 * One call for problems of many kinds: it looks at what a problem has, takes the solver that suits it, and runs it.
 *
 * @module
 */
export * from "./minimize.ts";
export * from "./solver_for.ts";
