/**
 * L-BFGS with its pairs in the memory of the kernels: what the two-loop recursion costs there.
 *
 * @module
 */
import type { Smooth, Solver, Vector } from "../lib/core/mod.ts";
import { ResidentPairs } from "../lib/linalg/mod.ts";
import { descent, type DescentState, type Direction, firstStep, moreThuente } from "../lib/smooth/mod.ts";

interface Memory {
  readonly s: Vector;
  readonly y: Vector;
  scale: number;
  count: number;
  next: number;
}

/** L-BFGS with m pairs, for problems of enough variables. */
export function residentLbfgs(m: number): Solver<Smooth, DescentState<Memory>> {
  const reference = {
    title: "On the limited memory BFGS method for large scale optimization",
    authors: "Liu, Nocedal",
    year: 1989,
    identifier: "doi:10.1007/BF01589116",
  };
  return descent({
    name: "resident L-BFGS",
    options: { m },
    reference,
    direction: direction(m),
    search: moreThuente(),
  });
}

function direction(m: number): Direction<Smooth, Memory> {
  const resident = new WeakMap<Memory, ResidentPairs>();
  return {
    init: (_, { length: n }) => {
      const memory = { s: new Float64Array(n), y: new Float64Array(n), scale: 1, count: 0, next: 0 };
      resident.set(memory, ResidentPairs.open(n, m)!);
      return memory;
    },
    compute(_, { gradient, memory }, out) {
      const { count, next, scale } = memory;
      resident.get(memory)!.direction(gradient, count, (next + m - 1) % m, scale, out);
      return count === 0 ? firstStep(gradient) : 1;
    },
    learn(memory, { x, trial, gradient: after }, { gradient: before }) {
      const { s, y, next } = memory;
      let sy = 0, ss = 0, yy = 0;
      for (let i = 0; i < s.length; i++) {
        const si = s[i] = trial[i] - x[i], yi = y[i] = after[i] - before[i];
        sy += si * yi;
        ss += si * si;
        yy += yi * yi;
      }
      if (!(sy > 1e-10 * Math.sqrt(ss) * Math.sqrt(yy))) return;
      resident.get(memory)!.set(next, s, y, 1 / sy);
      memory.scale = sy / yy;
      memory.next = (next + 1) % m;
      memory.count = Math.min(memory.count + 1, m);
    },
    forget(memory) {
      const had = memory.count > 0;
      memory.count = memory.next = 0;
      return had;
    },
  };
}
