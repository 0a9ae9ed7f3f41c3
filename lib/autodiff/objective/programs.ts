/**
 * Programs that are made when they are first needed.
 *
 * @module
 */
import { compile } from "../compile/compile.ts";
import { sharing } from "../node.ts";
import type { Program } from "../trace.ts";

/** A program over lists of arrays that are filled before each run. */
export interface Prepared {
  /** The inputs. */
  readonly inputs: Float64Array[];
  /** The outputs. */
  readonly outs: Float64Array[];
  /** Runs it. */
  run(): void;
}

/**
 * What prepares a program at the first call and gives it at every one; tracing, differentiating and planning share
 * their nodes.
 */
export function whenNeeded<T>(build: () => Program, use: (prepared: Prepared) => T): () => T {
  let made: T | undefined;
  return () => {
    if (made === undefined) {
      const executable = sharing(() => compile(build())), inputs: Float64Array[] = [];
      const outs: Float64Array[] = [];
      made = use({ inputs, outs, run: () => void executable.run(inputs, outs) });
    }
    return made;
  };
}
