import { assert, assertEquals } from "@std/assert";
import { searchAlong } from "../../../lib/constrained/sqp/line.ts";
import { sqpState } from "../../../lib/constrained/sqp/state.ts";
import { type Constrained, rng } from "../../../lib/core/mod.ts";

/** A problem of one variable with slope -1 at 0, and one equation. */
function problemOf(f: (x: number) => number, c: (x: number) => number): Constrained {
  return {
    kind: "constrained",
    objective: { kind: "smooth", dimension: 1, value: ([x]) => f(x), gradient: ([x], out) => (out.fill(-1), f(x)) },
    constraints: {
      equality: {
        components: 1,
        value: ([x], out) => out.fill(c(x)),
        jacobianVector: (_x, _v, out) => out.fill(0),
        jacobianTransposeVector: (_x, _w, out) => out.fill(0),
      },
    },
  };
}

function lengthFor(f: (x: number) => number, c: (x: number) => number = () => 0): number {
  const problem = problemOf(f, c), state = sqpState(problem, { x: Float64Array.of(0) }, rng(1));
  state.direction.fill(1);
  const length = searchAlong(problem, state, -1, Infinity, false);
  assertEquals(state.trial.x[0], length || state.trial.x[0]);
  return length;
}

Deno.test("searchAlong() asks for a share of the promised fall, and goes on to the least point of a parabola", () => {
  const at1 = (value: number) => (x: number): number => x === 1 ? value : -x;
  assertEquals(lengthFor(at1(-2e-4)), 1);
  assert(lengthFor(at1(-5e-5)) < 1, "too little");
  assert(lengthFor(at1(5e-5)) < 1, "it rises");
  assertEquals(lengthFor(at1(1)), 0.25); // of 2x² - x
  assertEquals(lengthFor(at1(Infinity)), 0.5);
  assertEquals(lengthFor(at1(NaN)), 0.5);
  assertEquals(lengthFor((x) => Math.abs(x)), 0);
});

Deno.test("searchAlong() keeps violations below a hundred times the first, or 100, whatever the merit says", () => {
  assertEquals(lengthFor((x) => -x, (x) => 99 * x), 1); // its weight in the merit is 0
  assert(lengthFor((x) => -x, (x) => 101 * x) < 1);
  assertEquals(lengthFor((x) => -x, (x) => 2 + 197 * x), 1);
});
