/**
 * All solvers of the library by the names that the command line takes.
 *
 * @module
 */
import type { Solver, TwiceSmooth } from "../core/mod.ts";
import { smoothSolvers } from "../smooth/mod.ts";

/** Makers of solvers for the problems that the command line can state. */
export const solverCatalogue: Readonly<Record<string, () => Solver<TwiceSmooth>>> = { ...smoothSolvers };
