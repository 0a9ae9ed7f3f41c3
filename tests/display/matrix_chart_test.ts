import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/core/mod.ts";
import { type Chart, matrixChart } from "../../lib/display/mod.ts";
import { matrix } from "../../lib/linalg/mod.ts";

const cells = (chart: Chart): string[] => (chart.spec as { data: { values: string } }).data.values.split("\n");
const domain = (chart: Chart): number[] =>
  (chart.spec as { encoding: { color: { scale: { domain: number[] } } } }).encoding.color.scale.domain;

Deno.test("matrixChart() has a cell for each entry that is not zero", async () => {
  const chart = matrixChart(matrix([[0, 2, 0], [1, 0, 4]]), { title: "M" });
  assertEquals(cells(chart), ["row,column,value", "0,1,2", "1,0,1", "1,2,4"]);
  assertEquals([chart.text, domain(chart)], ["M: 2 x 3, 3 entries from 1 to 4", [0, 4]]);
  assert((await chart.toSVG()).includes("<svg"));
});

Deno.test("matrixChart() centres its colours where signs differ", () => {
  assertEquals(domain(matrixChart(matrix([[-1, 3]]))), [-3, 3]);
  assertEquals(domain(matrixChart(matrix([[-1, -3]]))), [0, -3]);
});

Deno.test("matrixChart() refuses what cannot be drawn", () => {
  assertThrows(() => matrixChart(matrix([[NaN]])), DomainError, "expected finite entries, got NaN at 0");
  const full = { rows: 101, columns: 101, data: new Float64Array(101 ** 2).fill(1) };
  assertThrows(() => matrixChart(full), DomainError, "at most 10000 entries, got 10201");
});
