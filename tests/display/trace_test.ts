import { assertEquals, assertThrows } from "@std/assert";
import { DomainError, iterations, solve } from "../../lib/core/mod.ts";
import { type Chart, traceChart } from "../../lib/display/mod.ts";
import { quadratic } from "../../lib/problems/mod.ts";
import { bfgs, lbfgs } from "../../lib/smooth/mod.ts";

const { problem } = quadratic([1, 4]);
const stop = iterations(3);
const results = [lbfgs(), bfgs(), lbfgs({ memory: 3 })].map((solver) =>
  solve(problem, solver, { start: [1, 1], stop })
);

function lines(chart: Chart): Map<string, number[][]> {
  const found = new Map<string, number[][]>();
  for (const row of (chart.spec as { data: { values: string } }).data.values.split("\n").slice(1)) {
    const [name, ...point] = row.split(",");
    found.set(name, [...found.get(name) ?? [], point.map(Number)]);
  }
  return found;
}

function axes(chart: Chart): string[] {
  const { encoding, layer } = chart.spec as unknown as {
    encoding: { x: { title: string } };
    layer: { encoding: { y: { title: string; scale: { type: string } } } }[];
  };
  return [encoding.x.title, layer[0].encoding.y.title, layer[0].encoding.y.scale.type];
}

Deno.test("traceChart() draws the kind's measure of every result against evaluations", () => {
  const chart = traceChart(results), drawn = lines(chart);
  assertEquals(axes(chart), ["evaluations (full gradients)", "gradient norm |∇f(x)|∞", "log"]);
  assertEquals([...drawn.keys()], ["L-BFGS", "BFGS", "L-BFGS (2)"]); // equal names stay apart
  assertEquals(drawn.get("BFGS")!.length, results[1].trace.length);
  assertEquals(drawn.get("BFGS")![0], [1, 4]);
});

Deno.test("traceChart() draws values as they are, or their distance from a minimum", () => {
  const value = traceChart(results[0], { x: "iteration", y: "value" });
  assertEquals(axes(value), ["iteration", "f(x)", "linear"]);
  assertEquals(lines(value).get("L-BFGS")![0], [0, 2.5]);
  const gap = traceChart(results[0], { x: "iteration", y: "value", minimum: -1 });
  assertEquals(axes(gap), ["iteration", "f(x) - f*", "log"]);
  assertEquals(lines(gap).get("L-BFGS")![0], [0, 3.5]);
  assertEquals(axes(traceChart(results[0], { x: "calls.gradient" }))[0], "calls of gradient");
});

Deno.test("traceChart() refuses an empty list and a column that is not there", () => {
  assertThrows(() => traceChart([]), DomainError, "expected at least one result, got none");
  assertThrows(() => traceChart(results, { y: "gap" }), DomainError, 'Cannot read trace column "gap"');
});
