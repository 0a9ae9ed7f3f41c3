/**
 * What a checkpoint of a run holds, and whether it belongs to this run.
 *
 * @module
 */
import { decode, encode } from "./checkpoint.ts";
import { version } from "./environment.ts";
import { CheckpointError } from "./errors.ts";
import type { FiguresData } from "./figures.ts";
import type { Kind, Measures } from "./kind.ts";
import { oraclesOf } from "./kinds.ts";
import type { Problem } from "./problem.ts";
import type { Options, Point, Solver, State } from "./solver.ts";
import type { TraceData } from "./trace.ts";
import type { Vector } from "./vector.ts";

/** What tells one run from another. */
export interface Identity {
  readonly version: string;
  /** Name and variant: others round otherwise, and the bits would not be those of a run that never stopped. */
  readonly backend: string;
  readonly solver: { readonly name: string; readonly options: Options };
  readonly seed: number;
  readonly start: Point;
  readonly problem: { readonly kind: string; readonly dimension: number; readonly oracles: readonly string[] };
  /** What the problem measures at the start: tells it from others without looking into its functions. */
  readonly print: Measures;
}

/** What changes while a run goes on. */
export interface Position {
  readonly state: State;
  readonly figures: FiguresData;
  readonly best: { readonly value: number; readonly merit: number; readonly x: Vector };
  /** Work of the solver's meter and of the measuring one. */
  readonly work: readonly [number, number];
  /** Calls of both. */
  readonly calls: readonly [Vector, Vector];
  readonly trace: TraceData;
}

/** The identity of a run. */
export function identity<P extends Problem>(
  kind: Kind<P>,
  problem: P,
  solver: Solver<P>,
  start: Point,
  seed: number,
  backend: string,
): Identity {
  const print: Measures = { value: NaN };
  kind.measurer(problem)(start, print);
  return {
    version,
    backend,
    solver: { name: solver.name, options: solver.options },
    seed,
    start,
    problem: { kind: kind.name, dimension: kind.dimension(problem), oracles: oraclesOf(problem) },
    print,
  };
}

/** A run as bytes. */
export function save(identity: Identity, position: Position): Uint8Array {
  return encode({ identity, position });
}

/**
 * The position that the bytes hold.
 *
 * @throws {CheckpointError} When they hold another run's, naming what differs.
 */
export function restore(bytes: Uint8Array, here: Identity): Position {
  const { identity: there, position } = decode(bytes) as { identity: Identity; position: Position };
  const same = (what: string, mine: unknown, saved: unknown) => {
    const [a, b] = [JSON.stringify(mine), JSON.stringify(saved)];
    if (a !== b) throw new CheckpointError(`Cannot resume: the checkpoint has ${what} ${b}, this run has ${a}`);
  };
  same("library version", here.version, there.version);
  same("backend", here.backend, there.backend);
  same("solver", here.solver, there.solver);
  same("seed", here.seed, there.seed);
  same("start", [...here.start.x], [...there.start.x]);
  same("a problem with", here.problem, there.problem);
  for (const [name, saved] of Object.entries(there.print)) {
    // engines may differ by rounding in exp, log and sin
    const mine = here.print[name];
    if (!(Math.abs(saved - mine) <= 1e-8 * Math.abs(saved)) && !Object.is(saved, mine)) {
      throw new CheckpointError(
        `Cannot resume: the checkpoint's problem has ${name} ${saved} at the start, this one ${mine}`,
      );
    }
  }
  return position;
}
