/**
 * The solvers of this room by name, as the method table lists them.
 *
 * @module
 */
import type { BlockBilevel, Solver } from "../core/mod.ts";
import { bsvrb } from "./bilevel/bsvrb.ts";
import { implicitDescent } from "./bilevel/implicit_descent.ts";

/** Makers of solvers with their default options. */
export const gameSolvers: Readonly<Record<string, () => Solver<BlockBilevel>>> = {
  "implicit-descent": () => implicitDescent(),
  "implicit-descent-neumann": () => implicitDescent({ hypergradient: { mode: "neumann", terms: 20, step: 0.1 } }),
  "bsvrb-v1": () => bsvrb({ version: "v1" }),
  "bsvrb-v2": () => bsvrb(),
};
