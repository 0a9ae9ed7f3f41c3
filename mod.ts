/**
 * Gradus: state a problem, run several solvers on it, see which one wins and why.
 *
 * The one door: everything of `./core`, `./smooth`, `./minimize`, `./problems`, `./compare` and `./display`.
 *
 * @example Compare two solvers
 * ```ts
 * import { compare, evaluations, gradientDescent, gradientNorm, lbfgs, rosenbrock } from "@gradus/gradus";
 * import { assertEquals } from "@std/assert";
 *
 * const study = compare({
 *   problems: [rosenbrock(2)],
 *   solvers: [lbfgs(), gradientDescent()],
 *   stop: [gradientNorm(), evaluations(200)],
 * });
 * assertEquals(study.rows.map((row) => row.status), ["converged", "evaluation-limit"]);
 * ```
 *
 * @module
 */
export * from "./lib/compare/mod.ts";
export * from "./lib/core/mod.ts";
export * from "./lib/display/mod.ts";
export * from "./lib/minimize/mod.ts";
export * from "./lib/problems/mod.ts";
export * from "./lib/smooth/mod.ts";
