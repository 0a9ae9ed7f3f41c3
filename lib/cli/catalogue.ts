/**
 * The solvers of the library by the names that the command line takes.
 *
 * @module
 */
import type { Solver, TwiceSmooth } from "../core/mod.ts";
import { smoothSolvers } from "../smooth/mod.ts";

/** Makers of solvers for the problems that the command line can state. */
export const solverCatalogue: Readonly<Record<string, () => Solver<TwiceSmooth>>> = { ...smoothSolvers };

/** Makers of solvers of a room, by id. */
export interface RoomSolvers {
  /** The entry that exports them, as `smooth`. */
  readonly room: string;
  /** The makers. */
  readonly makers: Readonly<Record<string, () => Solver<never>>>;
}

/** All solvers, room by room; the rooms are loaded when this is called. */
export async function allSolvers(): Promise<RoomSolvers[]> {
  const [smooth, stochastic, splitting, constrained, transport, games] = await Promise.all([
    import("../smooth/mod.ts"),
    import("../stochastic/mod.ts"),
    import("../splitting/mod.ts"),
    import("../constrained/mod.ts"),
    import("../transport/mod.ts"),
    import("../games/mod.ts"),
  ]);
  return [
    {
      room: "smooth",
      makers: {
        ...smooth.smoothSolvers,
        ...smooth.convexNewtonSolvers,
        ...smooth.leastSquaresSolvers,
        ...smooth.equationSolvers,
      },
    },
    { room: "stochastic", makers: stochastic.stochasticSolvers },
    { room: "splitting", makers: splitting.splittingSolvers },
    {
      room: "constrained",
      makers: { ...constrained.constrainedSolvers, ...constrained.boundSolvers, ...constrained.programSolvers },
    },
    { room: "transport", makers: transport.transportSolvers },
    { room: "games", makers: games.gameSolvers },
  ];
}
