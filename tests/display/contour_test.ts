import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/core/mod.ts";
import { contourChart, solverPath } from "../../lib/display/mod.ts";
import { type Grid, isolines } from "../../lib/display/isolines.ts";
import { lbfgs } from "../../lib/smooth/mod.ts";

function grid(f: (x: number, y: number) => number, n = 41): Grid {
  const ticks = Array.from({ length: n }, (_, i) => -1 + (2 * i) / (n - 1));
  return { x: ticks, y: ticks, values: ticks.flatMap((y) => ticks.map((x) => f(x, y))) };
}

const bowl = {
  kind: "smooth" as const,
  dimension: 2,
  name: "bowl",
  value: (x: Float64Array): number => (x[0] ** 2 + 4 * x[1] ** 2) / 2,
  gradient: (x: Float64Array, out: Float64Array): number => {
    out[0] = x[0];
    out[1] = 4 * x[1];
    return bowl.value(x);
  },
};

Deno.test("isolines() of f = x are one straight line, exactly", () => {
  for (const level of [0.3, 0.05, /* through nodes */ -0.777]) {
    const lines = isolines(grid((x) => x), level);
    assertEquals(lines.length, 1);
    assertEquals(lines[0].x.length, 41);
    for (const x of lines[0].x) assertAlmostEquals(x, level, 1e-15);
    assertEquals([...lines[0].y].sort((a, b) => a - b), grid(() => 0).y);
  }
});

Deno.test("isolines() of a cone are closed circles, as near as the grid allows", () => {
  const n = 41, h = 2 / (n - 1), radius = 0.6, lines = isolines(grid(Math.hypot, n), radius);
  assertEquals(lines.length, 1);
  const [{ x, y }] = lines;
  assertEquals([x[0], y[0]], [x.at(-1), y.at(-1)]);
  // Linear interpolation of a function with curvature 1/r errs by h²/(8 r) at most.
  for (let i = 0; i < x.length; i++) assertAlmostEquals(Math.hypot(x[i], y[i]), radius, h * h / (8 * radius));
  for (let i = 1; i < x.length; i++) assert(Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]) <= Math.SQRT2 * h + 1e-12);
});

Deno.test("isolines() do not cross at a saddle and skip cells without a value", () => {
  const saddle = (x: number, y: number): number => x * y, cells = grid(saddle, 40); // the middle cell is ambiguous
  const lines = isolines(cells, 1e-4);
  assertEquals(lines.length, 2);
  for (const { x, y } of lines) assertEquals(new Set(x.map((v, i) => Math.sign(v) === Math.sign(y[i]))).size, 1);
  const holed = grid((x, y) => x > 0.5 ? NaN : x * 0 + y, 41);
  for (const { x } of isolines(holed, 0.01)) assert(Math.max(...x) <= 0.5);
});

Deno.test("contourChart() draws nested levels around the minimum, the path and the minimizer", () => {
  const path = solverPath(bowl, lbfgs(), [0.9, 0.8], 50);
  assertEquals([path.x[0], path.y[0]], [0.9, 0.8]);
  assert(
    Math.hypot(path.x[path.x.length - 1], path.y[path.y.length - 1]) < 1e-6,
    "the path does not reach the minimum",
  );
  const chart = contourChart(bowl, { x: [-1, 1], y: [-1, 1], paths: [path], minima: [[0, 0]] });
  assertEquals(String(chart), "Level lines of bowl, 1 path");
  const [levels, paths, minima] = (chart.spec.layer as { data: { values: string } }[]).map(({ data }) => data.values);
  const rows = levels.split("\n").slice(1).map((row) => row.split(",").map(Number));
  assert(new Set(rows.map((row) => row[1])).size >= 5, "fewer than five levels");
  for (const [, level, x, y] of rows) assertAlmostEquals(bowl.value(Float64Array.of(x, y)) / level, 1, 0.02);
  assertEquals(paths.split("\n")[1], "L-BFGS,0,0.9,0.8,1.685");
  assertEquals(minima, "x,y\n0,0");
});

Deno.test("contourChart() spaces levels evenly on request", () => {
  const chart = contourChart((x, y) => x + 0 * y, { x: [0, 7], y: [0, 1], log: false });
  const rows = (chart.spec.layer as { data: { values: string } }[])[0].data.values.split("\n").slice(1);
  const levels = [...new Set(rows.map((row) => Number(row.split(",")[1])))].sort((a, b) => a - b);
  levels.forEach((level, i) => assertAlmostEquals(level, 0.25 + i / 2, 1e-9));
});

Deno.test("contourChart() and solverPath() refuse what has no plane", () => {
  const line = { ...bowl, dimension: 3 };
  assertThrows(
    () => contourChart(line, { x: [0, 1], y: [0, 1] }),
    DomainError,
    "Cannot draw level lines: expected a problem of 2 variables, got 3",
  );
  assertThrows(() => solverPath(line, lbfgs(), [0, 0, 0], 5), DomainError, "expected a problem of 2 variables, got 3");
  assertThrows(
    () => contourChart(bowl, { x: [1, 1], y: [0, 1] }),
    DomainError,
    "expected a range [low, high], got [1, 1]",
  );
  assertThrows(() => contourChart(() => NaN, { x: [0, 1], y: [0, 1] }), DomainError, "no finite value in the window");
});
