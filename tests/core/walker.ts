import type { Point, Solver, State } from "../../lib/core/mod.ts";

/** Where a walker is. */
export interface Walk extends State {
  k: number;
}

/** A solver that goes along given points, asks the problem with `each` before every one, and stays at the last. */
export function walker<P>(points: readonly Point[], each: (problem: P, k: number) => void = () => {}): Solver<P, Walk> {
  const at = (k: number): Point => points[Math.min(k, points.length - 1)];
  return {
    name: "walker",
    options: {},
    reference: { title: "-", authors: "-", year: 2000, identifier: "-" },
    needs: [],
    init: (problem) => {
      each(problem, 0);
      return { k: 0, x: at(0).x.slice(), value: NaN };
    },
    step: (problem, state) => {
      each(problem, ++state.k);
      state.x.set(at(state.k).x);
    },
    point: (_problem, state) => at(state.k),
  };
}
