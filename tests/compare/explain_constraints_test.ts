// Diagnoses of problems with constraints and of programs.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  dot,
  multiply,
  objective,
  type Operand,
  stack,
  subtract,
  sum,
  take,
  vectorFunction,
} from "../../lib/autodiff/mod.ts";
import { explain } from "../../lib/compare/mod.ts";
import { interiorPoint, type SparseLinearProgram, sqp } from "../../lib/constrained/mod.ts";
import { type Constrained, iterations, solve, type Vector, type VectorFunction } from "../../lib/core/mod.ts";
import { fromTriplets } from "../../lib/linalg/mod.ts";
import { serious } from "./explained.ts";

const of = (...entries: number[]): Vector => Float64Array.from(entries);
const square = objective((x: Operand) => dot(x, x), { dimension: 2 });

Deno.test("explain() names a row of a Jacobian, and is silent about right ones", () => {
  const right = vectorFunction((x: Operand) => stack([sum(x), dot(x, x)]), { dimension: 2 });
  const problem = (equality: Constrained["constraints"]["equality"]): Constrained => ({
    kind: "constrained",
    objective: square,
    constraints: { equality: equality! },
  });
  const circle = vectorFunction((x: Operand) => stack([dot(x, x)]), { dimension: 2 });
  const spoiled: Constrained = problem({
    ...right,
    jacobianTransposeVector: (x, w, out) => right.jacobianTransposeVector(x, of(w[0], -w[1]), out),
  });
  const [finding] = serious(explain(solve(spoiled, sqp(), { start: [1, 2] }), spoiled));
  assertEquals([finding.topic, finding.severity, finding.data.rows], ["jacobian", "error", [1]]);
  assertStringIncludes(finding.text, "the Jacobian of the equality is wrong in row 1: at the start");
  const bound: Constrained = { ...problem(circle), constraints: { inequality: circle, lower: of(1, 1) } };
  const run = solve(bound, sqp(), { start: [2, 2] });
  assertEquals(serious(explain(run, bound)).map(({ topic }) => topic), ["infeasible"]); // |x|² <= 0 and x >= 1
});

Deno.test("explain() tells dependent constraints, and stationary points that are no minima", () => {
  const twice = vectorFunction((x: Operand) => stack([sum(x), sum(x)]), { dimension: 2 });
  const repeated: Constrained = { kind: "constrained", objective: square, constraints: { equality: twice } };
  const found = explain(solve(repeated, sqp(), { start: [3, 1] }), repeated).about("constraints");
  assertEquals(found.map(({ data }) => data.rows), [[0, 1]]);
  const circle = vectorFunction((x: Operand) => stack([dot(x, x)]), { dimension: 2 });
  const height: Constrained = {
    kind: "constrained",
    objective: objective((x: Operand) => take(x, 1), { dimension: 2 }),
    constraints: { equality: { ...circle, value: (x, out) => void (out[0] = dotOf(x) - 1) } },
  };
  const top = solve(height, sqp(), { start: { x: of(0, 1), multipliers: of(-0.5) } });
  const [saddle] = serious(explain(top, height));
  assertEquals([saddle.topic, saddle.severity], ["saddle", "error"]);
});

Deno.test("explain() measures constraints in units of their gradients, and tells where these differ", () => {
  const stated = (rows: (x: Operand) => Operand[]): Constrained => ({
    kind: "constrained",
    objective: square,
    constraints: { equality: vectorFunction((x: Operand) => stack(rows(x)), { dimension: 2 }) },
  });
  // x + y = 1 and x + y = 2: half of the way from both, as far as 1/√8 from each line
  const none = stated((x) => [multiply(1000, subtract(sum(x), 1)), subtract(sum(x), 2)]);
  const [contradiction] = serious(explain(solve(none, sqp(), { start: [3, 1] }), none));
  assertEquals([contradiction.topic, contradiction.data.rows], ["infeasible", [0, 1]]);
  assertAlmostEquals(contradiction.data.violation as number, 0.5, 1e-3);
  // the same between an equality and an inequality, and where the lines are near each other
  const row = (scale: number, right: number): VectorFunction =>
    vectorFunction((x: Operand) => stack([multiply(scale, subtract(sum(x), right))]), { dimension: 2 });
  const mixed: Constrained = { ...none, constraints: { equality: row(1000, 1), inequality: row(-1, 2) } };
  const [between] = serious(explain(solve(mixed, sqp(), { start: [3, 1] }), mixed));
  assertEquals([between.topic, between.data.rows], ["infeasible", [0, 1]]);
  assertAlmostEquals(between.data.violation as number, 0.5, 1e-3);
  const near = stated((x) => [subtract(sum(x), 1), subtract(sum(x), 1.0002)]);
  const [close] = serious(explain(solve(near, sqp(), { start: [3, 1] }), near));
  assertEquals(close.topic, "infeasible");
  assertAlmostEquals(close.data.violation as number, 1e-4, 1e-6);
  const uneven = stated((x) => [multiply(3e6, subtract(take(x, 0), 1)), subtract(take(x, 1), 1)]);
  const [scaling] = explain(solve(uneven, sqp(), { start: [3, 1] }), uneven).about("scaling");
  assertEquals([scaling.severity, scaling.data.rows, scaling.data.ratio], ["info", [1, 0], 3e6]);
});

Deno.test("explain() calls no constraints infeasible that can be met, and no flat minimum a saddle", () => {
  const circle = vectorFunction((x: Operand) => stack([subtract(dot(x, x), 1)]), { dimension: 2 });
  const round: Constrained = { kind: "constrained", objective: square, constraints: { equality: circle } };
  const early = explain(solve(round, sqp(), { start: [3, 1], stop: iterations(1) }), round);
  assertEquals(early.about("infeasible"), []);
  const valley: Constrained = {
    kind: "constrained",
    objective: objective((x: Operand) => multiply(take(x, 0), take(x, 0)), { dimension: 3 }),
    constraints: { equality: vectorFunction((x: Operand) => stack([take(x, 1)]), { dimension: 3 }) },
  };
  assertEquals(serious(explain(solve(valley, sqp(), { start: [1, 1, 1] }), valley)), []);
});

const dotOf = (x: Vector): number => x.reduce((s, xi) => s + xi * xi, 0);

Deno.test("explain() reads certificates of linear programs", () => {
  const program = (rowLower: number, objective: number): SparseLinearProgram => ({
    kind: "linear-program",
    objective: of(objective, 0),
    matrix: fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [1, 1, 1]),
    rowLower: of(rowLower, -Infinity),
    rowUpper: of(Infinity, 1),
    lower: of(0, 0),
    upper: of(rowLower > 1 ? 1 : Infinity, Infinity),
  });
  const none = program(5, 1), [infeasible] = serious(explain(solve(none, interiorPoint(), { start: [0, 0] }), none));
  assertEquals([infeasible.topic, infeasible.severity], ["infeasible", "error"]);
  assertEquals(new Set(infeasible.data.rows as number[]), new Set([0, 1])); // x + y >= 5, y <= 1, x <= 1
  const endless = program(1, -1),
    [unbounded] = serious(explain(solve(endless, interiorPoint(), { start: [0, 0] }), endless));
  assertEquals([unbounded.topic, unbounded.data.coordinates], ["unbounded", [0]]);
  const fine = program(1, 1);
  assertEquals(serious(explain(solve(fine, interiorPoint(), { start: [0, 0] }), fine)), []);
});

Deno.test("explain() survives constraints that throw or are not finite", () => {
  const touchy: Constrained = {
    kind: "constrained",
    objective: square,
    constraints: {
      inequality: {
        components: 1,
        value: (x, out) => {
          if (x[0] < -1e-3) throw new RangeError("outside");
          out[0] = 1 - Math.sqrt(x[0]) - x[1];
        },
        jacobianVector: (x, v, out) => void (out[0] = -v[0] / (2 * Math.sqrt(x[0])) - v[1]),
        jacobianTransposeVector: (x, w, out) => out.set([-w[0] / (2 * Math.sqrt(x[0])), -w[0]]),
      },
      lower: of(0.01, 0),
    },
  };
  const run = solve(touchy, sqp(), { start: [1, 1] });
  assert(
    explain(run, touchy).findings.every(({ severity, topic }) => severity !== "error" || topic === "stop"),
    String(explain(run, touchy)),
  );
  const outside: Constrained = { ...touchy, constraints: { inequality: touchy.constraints.inequality! } };
  const nowhere = explain({ ...run, point: { x: of(-1, 0), multipliers: of(0) }, x: of(-1, 0) } as never, outside);
  assertEquals(serious(nowhere).map(({ topic, data }) => [topic, data.rows]), [["non-finite", [0]]]);
});
