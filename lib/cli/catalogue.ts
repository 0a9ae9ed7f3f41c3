/**
 * The solvers of the library by the names that the command line takes.
 *
 * @module
 */
import type { Solver } from "../core/mod.ts";
import { UsageError } from "./arguments.ts";

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

/**
 * The solvers of these ids, with their default options.
 *
 * @throws {UsageError} On an id that no solver has; the message names those that contain it.
 */
export async function solversNamed(ids: readonly string[]): Promise<Solver<never>[]> {
  const makers = new Map((await allSolvers()).flatMap((room) => room.makers));
  return ids.map((id) => {
    const make = makers.get(id);
    if (make) return make();
    const near = id === "" ? [] : [...makers.keys()].filter((known) => known.includes(id));
    const hint = near.length > 0 ? `, as ${near.join(", ")}` : "";
    throw new UsageError(`Cannot use the solver ${JSON.stringify(id)}: expected one that gradus solvers lists${hint}`);
  });
}
