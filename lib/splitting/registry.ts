/**
 * The splitting solvers by name, as the method table lists them.
 *
 * @module
 */
import type { Solver } from "../core/mod.ts";
import { admm } from "./admm.ts";
import { blockCoordinateDescent, proximalBlockCoordinateDescent } from "./block_descent.ts";
import { convexReluAdmm, convexReluRbcd } from "./convex_relu/mod.ts";
import { fista, ista } from "./fista.ts";
import { dinkelbachProximal, fractionalCoordinateDescent, parametricCoordinateDescent } from "./fractional/mod.ts";
import { greedyForest } from "./selection/forests.ts";
import { greedy } from "./selection/greedy.ts";
import { forestStep } from "./update/forest_step.ts";

/** Makers of solvers with their default options. The kind of a problem, and its blocks, say which of them take it. */
export const splittingSolvers: Readonly<Record<string, () => Solver<never>>> = {
  "ista": () => ista(),
  "fista": () => fista(),
  "coordinate-descent": () => blockCoordinateDescent(),
  "greedy-coordinate-descent": () => blockCoordinateDescent({ selection: greedy() }),
  "message-passing-descent": () => blockCoordinateDescent({ selection: greedyForest(), update: forestStep() }),
  "proximal-coordinate-descent": () => proximalBlockCoordinateDescent(),
  "fractional-coordinate-descent": () => fractionalCoordinateDescent(),
  "parametric-coordinate-descent": () => parametricCoordinateDescent(),
  "dinkelbach-proximal": () => dinkelbachProximal(),
  "admm": () => admm(),
  "convex-relu-admm": () => convexReluAdmm(),
  "convex-relu-rbcd": () => convexReluRbcd(),
};
