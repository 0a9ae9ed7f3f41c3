import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { compare, type Row, Study } from "../../lib/compare/mod.ts";
import { thinned } from "../../lib/compare/record.ts";
import { DomainError, iterations } from "../../lib/core/mod.ts";
import { rosenbrock } from "../../lib/problems/mod.ts";
import { gradientDescent } from "../../lib/smooth/mod.ts";
import { row } from "./rows.ts";

Deno.test("convergence() gives each run's curve, the gap from the known minimum", () => {
  const minima = { minima: [0.25] };
  const study = new Study([row("A", "X", [1, 0.5, 0.25], minima), row("A", "Y", [1, 0.75], minima, 4)]);
  const curves = study.convergence("gradient", "value gap");
  assertEquals(curves.series, [
    { solver: "X", seed: 0, x: [1, 2, 3], y: [0.75, 0.25, 0] },
    { solver: "Y", seed: 0, x: [1, 5], y: [0.75, 0.5] },
  ]);
  assertEquals(curves.bands[0], {
    solver: "X",
    x: [1, 2, 3],
    y: [0.75, 0.25, 0],
    low: [0.75, 0.25, 0],
    high: [0.75, 0.25, 0],
    seeds: 1,
  });
  assertEquals(study.convergence("iterations", "value").series[1].y, [1, 0.75]);
  assertEquals(study.convergence("seconds", "gradientNorm").series[0].x, [0, 1 / 64, 2 / 64]);
  assertStringIncludes(curves.notes[0], "fL = 2.50e-1, the known minimum");
});

Deno.test("convergence() takes quartiles over seeds, each run at its newest point", () => {
  const seeds = [[1, 0.5, 0.25], [1, 0.75, 0.5], [1, 0.25, 0.125]].map((values, seed) =>
    row("A", "X", values, { seed })
  );
  seeds[1] = row("A", "X", [1, 0.75], { seed: 1 }, 2); // points at 1 and 3
  const { bands } = new Study(seeds).convergence("evaluations", "value");
  assertEquals(bands, [{
    solver: "X",
    x: [1, 2, 3],
    y: [1, 0.5, 0.25],
    low: [1, 0.375, 0.1875],
    high: [1, 0.75, 0.5],
    seeds: 3,
  }]);
});

Deno.test("convergence() begins a band where all its runs have begun", () => {
  const early = row("A", "X", [1, 0.5, 0.25]), late = row("A", "X", [1, 0.25], { seed: 1 });
  const shifted = { ...late, trace: { ...late.trace, evaluations: [2, 3] } };
  const [band] = new Study([early, shifted]).convergence("evaluations", "value").bands;
  assertEquals([band.x, band.y], [[2, 3], [0.75, 0.25]]);
});

Deno.test("convergence() names what it does not know, and needs a problem where there are several", () => {
  const refused: Partial<Row> = { status: "not-applicable", message: "no Hessian" };
  const failed: Partial<Row> = { status: "failed", message: "TypeError: oops" };
  const study = new Study([
    row("A", "X", [1, 0]),
    row("A", "Y", [], refused),
    row("A", "Z", [], failed),
    row("B", "X", [1, 0]),
  ]);
  assertThrows(
    () => study.convergence(),
    DomainError,
    'several problems at once: expected the option problem, one of "A", "B"',
  );
  assertThrows(
    () => study.convergence("evaluations", "value", { problem: "C" }),
    DomainError,
    '"C": expected the option',
  );
  assertThrows(
    () => study.convergence("flops", "value", { problem: "A" }),
    DomainError,
    '"flops": expected one of evaluations',
  );
  assertThrows(
    () => study.convergence("gradient", "gap", { problem: "A" }),
    DomainError,
    '"gap": expected one of value gap, value, gradientNorm',
  );
  const { series, notes } = study.convergence("gradient", "value gap", { problem: "A" });
  assertEquals(series.map(({ solver }) => solver), ["X"]);
  assert(
    notes.includes("not applicable: Y on A: no Hessian") &&
      notes.some((n) => n.startsWith("no curve: Z, seed 0 (failed")),
  );
  const operator: Partial<Row> = { kind: "operator", merit: "measure", measure: "naturalResidual" };
  const bare = row("A", "X", [1], operator), nameless = { ...bare, trace: { ...bare.trace, value: [NaN] } };
  assertThrows(
    () => new Study([nameless]).convergence("evaluations", "value gap"),
    DomainError,
    '"value gap": expected one of naturalResidual',
  );
  assertEquals(new Study([nameless]).convergence().y, "naturalResidual");
});

Deno.test("thinned() keeps first, last and lowest rows, and moves a first crossing by a few percent at most", () => {
  assertEquals(thinned([3, 2, 1], 3), [0, 1, 2]);
  const n = 100_000, values = Array.from({ length: n }, (_, k) => 1 / (k + 1)), spike = 70_001;
  values[spike] = 1e-9;
  const kept = thinned(values, 500);
  assert(kept.length <= 501 && kept[0] === 0 && kept[kept.length - 1] === n - 1 && kept.includes(spike));
  for (let i = 1; i < kept.length; i++) assert(kept[i] > kept[i - 1]);
  for (const level of [0.5, 0.1, 1e-2, 1e-3, 1.5e-5]) {
    const exact = values.findIndex((v) => v <= level), seen = kept.find((i) => values[i] <= level)!;
    assert(seen >= exact && seen <= 1.05 * exact, `${level}: ${seen} for ${exact}`);
  }
});

Deno.test("compare() keeps at most 501 rows of a long trace, its ends among them", () => {
  const problems = [rosenbrock(2)],
    study = compare({ problems, solvers: [gradientDescent()], stop: iterations(30_000) });
  const [{ trace, iterations: made, value }] = study.rows, last = trace.iteration.length - 1;
  assert(last <= 500 && made > 5000);
  assertEquals([trace.iteration[0], trace.iteration[last], trace.value[last]], [0, made, value]);
});
