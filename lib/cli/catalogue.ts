/**
 * The solvers of the library by the names that the command line takes.
 *
 * @module
 */
import type { Solver, TwiceSmooth } from "../core/mod.ts";
import { smoothSolvers } from "../smooth/mod.ts";

/** Makers of solvers for the problems that the command line can state. */
export const solverCatalogue: Readonly<Record<string, () => Solver<TwiceSmooth>>> = { ...smoothSolvers };

/** Solvers of a room. */
export interface RoomSolvers {
  /** The entry that exports them, as `smooth`. */
  readonly room: string;
  /** Ids and makers. */
  readonly makers: readonly SolverMaker[];
}

/** An id, and what makes the solver with its default options. */
export type SolverMaker = readonly [id: string, make: () => Solver<never>];

/** The makers of a module: those of its exports whose names end in `Solvers`. */
export function makersOf(module: object): SolverMaker[] {
  const registries = Object.entries(module).filter(([name]) => name.endsWith("Solvers"));
  return registries.flatMap(([, makers]) => Object.entries(makers as Record<string, () => Solver<never>>));
}

const rooms: Readonly<Record<string, () => Promise<object>>> = {
  smooth: () => import("../smooth/mod.ts"),
  stochastic: () => import("../stochastic/mod.ts"),
  splitting: () => import("../splitting/mod.ts"),
  constrained: () => import("../constrained/mod.ts"),
  transport: () => import("../transport/mod.ts"),
  games: () => import("../games/mod.ts"),
};

/** All solvers, room by room; the rooms are loaded when this is called. */
export function allSolvers(): Promise<RoomSolvers[]> {
  return Promise.all(
    Object.entries(rooms).map(async ([room, load]) => ({ room, makers: makersOf(await load()) })),
  );
}
