import { assertEquals, assertThrows } from "@std/assert";
import {
  type Constrained,
  DomainError,
  ShapeError,
  solve,
  type Vector,
  type VectorFunction,
} from "../../lib/core/mod.ts";
import { add, log, negate, square, subtract } from "../../lib/autodiff/mod.ts";
import { nonlinearSolvers, type TwiceVectorFunction } from "../../lib/constrained/mod.ts";
import { hockSchittkowski } from "../../lib/problems/mod.ts";
import { stated } from "./sqp/problems.ts";

const solvers = Object.values(nonlinearSolvers), { problem, start } = hockSchittkowski(43);
const inequality = problem.constraints.inequality as TwiceVectorFunction;
const changed = (change: Partial<VectorFunction>): Constrained => ({
  ...problem,
  constraints: { inequality: { ...inequality, ...change } },
});

// @must augmented-lagrangian, sqp, nonlinear-interior-point: bounds that cross, Jacobians of another shape and functions that are not finite at the start are refused or told
// @measured reached: by augmented Lagrangians, SQP and the interior point: crossed bounds and unwritten entries with their index, others by the status non-finite
Deno.test("nonlinear solvers refuse functions that do not fit the sizes of the problem", () => {
  const two = (f: (x: Vector, out: Vector) => void) => (x: Vector, out: Vector): void => {
    const whole = new Float64Array(3);
    f(x, whole);
    out.set(whole.subarray(0, 2));
  };
  for (const make of solvers) {
    const run = (p: Constrained) => () => solve(p, make(), { start });
    assertThrows(
      run(changed({ value: two(inequality.value) })),
      ShapeError,
      "entry 2 of constraints.inequality.value",
    );
    const jacobian: VectorFunction["jacobian"] = (x, out) => {
      const whole = { ...out, data: new Float64Array(out.data.length) };
      inequality.jacobian(x, whole);
      out.data.set(whole.data.subarray(0, 8));
    };
    assertThrows(run(changed({ jacobian })), ShapeError, "entry (2, 0) of constraints.inequality.jacobian");
    const long: VectorFunction["jacobian"] = (_, out) => out.data.set(new Float64Array(out.data.length + 1));
    assertThrows(run(changed({ jacobian: long })), ShapeError, "beyond its room");
    const gradient = (x: Vector, out: Vector): number => {
      const whole = new Float64Array(4), value = problem.objective.gradient(x, whole);
      out.set(whole.subarray(0, 3));
      return value;
    };
    const objective = { ...problem.objective, gradient };
    assertThrows(run({ ...problem, objective }), ShapeError, "entry 3 of objective.gradient");
  }
});

Deno.test("nonlinear solvers refuse bounds that cross and end as non-finite where constraints are not finite at the start", () => {
  const lower = Float64Array.of(-1, 2, -1, -1), upper = Float64Array.of(1, 1, 1, 1);
  const outside = stated({
    dimension: 2,
    f: ([x, y]) => add(square(x), square(y)),
    inequality: ([x, y]) => [subtract(x, y), negate(log(x))],
  });
  for (const make of solvers) {
    const crossed = { ...problem, constraints: { ...problem.constraints, lower, upper } };
    assertThrows(() => solve(crossed, make(), { start }), DomainError, "2 and 1 at 1");
    assertEquals(solve(outside, make(), { start: [-1, 0] }).status, "non-finite");
  }
});
