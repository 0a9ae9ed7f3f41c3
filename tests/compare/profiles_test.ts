import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Row, Study } from "../../lib/compare/mod.ts";
import { DomainError } from "../../lib/core/mod.ts";
import { row, solvedAt } from "./rows.ts";

// costs of three solvers on three problems with n = 1, 3, 4; ∞ is a failure, A has a tie
const costs: [string, number, Record<string, number>][] = [
  ["A", 1, { X: 4, Y: 8, Z: 4 }],
  ["B", 3, { X: 10, Y: 5, Z: Infinity }],
  ["C", 4, { X: 30, Y: 15, Z: 60 }],
];
const rows = costs.flatMap(([problem, dimension, of]) =>
  Object.entries(of).map(([solver, cost]) => solvedAt(problem, solver, cost, { dimension }))
);
const tau = 0.1, third = 1 / 3, both = 2 / 3;

Deno.test("performanceProfile() gives the exact shares of a 3 x 3 example with a failure and a tie", () => {
  const profile = new Study(rows).performanceProfile("evaluations", { tau });
  // ratios X: 1 2 2, Y: 2 1 1, Z: 1 ∞ 4
  assertEquals(profile.curves, [
    { solver: "X", x: [1, 2], y: [third, 1], solved: 3, of: 3 },
    { solver: "Y", x: [1, 2], y: [both, 1], solved: 3, of: 3 },
    { solver: "Z", x: [1, 4], y: [third, both], solved: 2, of: 3 },
  ]);
  assertEquals([profile.begin, profile.end, profile.kind, profile.type], [1, 4, "smooth", "performance"]);
  assertEquals(
    profile.targets,
    ["A", "B", "C"].map((problem) => ({ problem, threshold: 0.1, lowest: 0, origin: "known" })),
  );
  assertEquals([profile.share("Z", 3.99), profile.share("Z", 4), profile.share("Z", 1e9)], [third, both, both]);
});

Deno.test("dataProfile() gives the exact shares of the same example in units of n + 1", () => {
  const profile = new Study(rows).dataProfile("evaluations", { tau });
  assertEquals(profile.curves, [
    { solver: "X", x: [0, 2, 2.5, 6], y: [0, third, both, 1], solved: 3, of: 3 },
    { solver: "Y", x: [0, 1.25, 3, 4], y: [0, third, both, 1], solved: 3, of: 3 },
    { solver: "Z", x: [0, 2, 12], y: [0, third, both], solved: 2, of: 3 },
  ]);
  assertEquals(profile.end, 12);
});

Deno.test("performanceProfile() counts any oracle, iterations and seconds", () => {
  const study = new Study(rows);
  assertEquals(study.dataProfile("gradient", { tau }).curves[0].x, [0, 4, 5, 12]); // twice the evaluations
  for (const measure of ["iterations", "seconds"]) { // all cross at the third row
    assertEquals(study.performanceProfile(measure, { tau }).curves.map(({ x }) => x), [[1], [1], [1]]);
  }
  // nobody calls `value`: 0 / 0 is as good as the best
  assertEquals(study.performanceProfile("value", { tau }).curves.map(({ y }) => y), [[1], [1], [both]]);
  assertThrows(
    () => study.performanceProfile("hessian"),
    DomainError,
    'profile of "hessian": expected one of evaluations',
  );
  assertThrows(() => study.dataProfile("seconds"), DomainError, "unit is n + 1 evaluations");
  assertThrows(() => study.performanceProfile("evaluations", { tau: 1 }), DomainError, "0 <= tau < 1, got 1");
});

Deno.test("performanceProfile() reads the first crossing, not the end, and takes the threshold with equality", () => {
  const values = [1, 0.6, 0.1, 0.3, 0.05];
  const study = new Study([row("A", "late", values), row("A", "early", [1, 0.1, 0.9])]);
  assertEquals(study.dataProfile("evaluations", { tau }).curves.map(({ x }) => x), [[0, 1], [0, 2 / 3]]);
  assertEquals(study.dataProfile("evaluations", { tau: 0.099 }).curves.map(({ solved }) => solved), [1, 0]);
});

Deno.test("performanceProfile() leaves out pairs that are not applicable and says so; other failures count", () => {
  const refused: Partial<Row> = { status: "not-applicable", message: "it needs hessianVector" };
  const study = new Study([
    ...rows.filter((r) => !(r.solver === "Z" && r.problem !== "A")),
    ...["B", "C"].map((problem) => row(problem, "Z", [], refused)),
    ...["A", "B", "C"].map((problem) => row(problem, "W", [], refused)),
    ...["A", "B", "C"].map((problem) => row(problem, "V", [], { status: "failed", message: "TypeError: oops" })),
  ]);
  const profile = study.performanceProfile("evaluations", { tau });
  assertEquals(profile.curves.map(({ solver, solved, of }) => [solver, solved, of]), [
    ["X", 3, 3],
    ["Y", 3, 3],
    ["Z", 1, 1],
    ["V", 0, 3],
  ]);
  const text = String(profile);
  assertStringIncludes(text, "not applicable: Z on B, C: it needs hessianVector");
  assertStringIncludes(text, "not applicable: W on A, B, C: it needs hessianVector");
  assertStringIncludes(text, "failed: V on A, B, C: TypeError: oops");
});

Deno.test("performanceProfile() counts a problem that nobody solves against everybody, and says so", () => {
  const study = new Study([...rows, ...["X", "Y", "Z"].map((solver) => solvedAt("D", solver, Infinity))]);
  const profile = study.performanceProfile("evaluations", { tau });
  assertEquals(profile.curves.map(({ solved, of }) => [solved, of]), [[3, 4], [3, 4], [2, 4]]);
  assertStringIncludes(String(profile), "solved by none: D");
});

Deno.test("performanceProfile() takes the best value of the study where no minimum is known, and says so", () => {
  const unknown = { minima: [] };
  const study = new Study([row("A", "X", [1, 0.3, 0.2], unknown), row("A", "Y", [1, 0.5, 0.4, 0.21], unknown)]);
  const { targets, notes, curves } = study.performanceProfile("evaluations", { tau: 0.125 });
  assertEquals(targets, [{ problem: "A", threshold: 0.2 + 0.125 * 0.8, lowest: 0.2, origin: "best" }]);
  assertEquals(curves.map(({ x }) => x), [[1], [1, 2]]);
  assertStringIncludes(notes[0], "fL the best value of this study on A (2.00e-1)");
  // a "known" minimum that a run undercuts was none
  const wrong = new Study([row("A", "X", [1, 0.3, 0.2], { minima: [0.5] })]).performanceProfile();
  assertEquals([wrong.targets[0].lowest, wrong.targets[0].origin], [0.2, "best"]);
  // one that is listed with few digits is kept
  const listed = new Study([row("A", "X", [1, 0.3, 0.2], { minima: [0.2 + 1e-9] })]).performanceProfile();
  assertEquals([listed.targets[0].lowest, listed.targets[0].origin], [0.2 + 1e-9, "known"]);
});

Deno.test("performanceProfile() judges kinds without a value, and starts without a finite one, by the measure", () => {
  const kind = { kind: "operator", merit: "measure", measure: "naturalResidual", minima: [] } as const;
  const trace = (measure: number[]): Row["trace"] => ({
    ...row("A", "X", measure).trace,
    value: measure.map(() => NaN),
    measure,
  });
  const start = { value: NaN, naturalResidual: 50 };
  const study = new Study([
    row("A", "X", [], { ...kind, start, trace: trace([50, 4, 1]) }),
    row("A", "Y", [], { ...kind, start, trace: trace([50, 9, 6, 5, 4]) }),
  ]);
  const profile = study.performanceProfile("iterations", { tau });
  assertEquals(profile.curves.map(({ x, y }) => [x, y]), [[[1], [1]], [[1, 3], [0, 1]]]);
  assertEquals(profile.targets[0], { problem: "A", threshold: 5, lowest: 0, origin: "measure" });
  assertStringIncludes(profile.notes[0], "measure <= 1e-1 of the first, on A");
  const outside = { start: { value: Infinity, gradientNorm: 2 } };
  assertEquals(new Study([row("A", "X", [9, 1, 0.1], outside)]).performanceProfile("iterations", { tau }).targets[0], {
    problem: "A",
    threshold: 0.2,
    lowest: 0,
    origin: "measure",
  });
});

Deno.test("performanceProfile() refuses to mix kinds", () => {
  const composite: Partial<Row> = { kind: "composite", measure: "proximalGradientNorm" };
  const study = new Study([...rows, row("lasso", "ISTA", [1, 0.2, 0.05], composite)]);
  assertThrows(() => study.performanceProfile(), DomainError, 'the option kind, one of "smooth", "composite"');
  assertThrows(() => study.dataProfile("evaluations", { kind: "operator" }), DomainError, 'the kind "operator"');
  assertEquals(study.performanceProfile("evaluations", { tau, kind: "composite" }).curves.map((c) => c.solver), [
    "ISTA",
  ]);
  assertEquals(study.performanceProfile("evaluations", { tau, kind: "smooth" }).curves.length, 3);
  assertThrows(() => new Study([]).performanceProfile(), DomainError, "the study has no rows");
});

Deno.test("performanceProfile() takes medians over seeds, and bands between quartiles of the cost", () => {
  const seeds = (problem: string, solver: string, list: number[]): Row[] =>
    list.map((cost, seed) => solvedAt(problem, solver, cost, { seed }));
  const study = new Study([
    ...seeds("A", "X", [10, 12, 14, 16, 18]), // quartiles 12 14 16
    ...seeds("A", "Y", [7, 7, 7, Infinity, Infinity]), // quartiles 7 7 ∞
    ...seeds("B", "X", [8, 8, 8, 8, 8]),
    ...seeds("B", "Y", [Infinity, 8, Infinity, 8, Infinity]), // quartiles 8 ∞ ∞
  ]);
  const { curves, notes } = study.performanceProfile("evaluations", { tau });
  assertEquals(curves[0].solved, 2);
  assertEquals(curves[0].x, [1, 12 / 7, 2, 16 / 7]);
  assertEquals(curves[0].low, [0.5, 0.5, 0.5, 1]);
  assertEquals(curves[0].y, [0.5, 0.5, 1, 1]);
  assertEquals(curves[0].high, [0.5, 1, 1, 1]);
  assertEquals(curves[1], { solver: "Y", x: [1], y: [0.5], low: [0], high: [1], solved: 1, of: 2 });
  assert(notes.some((note) => note.includes("medians over 5 seeds")));
});

Deno.test("performanceProfile() is a distribution: it begins at 1, never falls, and ends at the share solved", () => {
  for (const curve of new Study(rows).performanceProfile("evaluations", { tau }).curves) {
    assertEquals(curve.x[0], 1);
    for (let i = 1; i < curve.x.length; i++) assert(curve.x[i] > curve.x[i - 1] && curve.y[i] >= curve.y[i - 1]);
    assertAlmostEquals(curve.y[curve.y.length - 1], curve.solved / curve.of, 1e-15);
  }
});

Deno.test("Profile.toString() tabulates the shares", () => {
  assertEquals(
    String(new Study(rows).performanceProfile("evaluations", { tau })),
    [
      "performance profile: share solved (tau 1e-1) within x = evaluations / best solver's",
      "solver    1     2     4  solved",
      "------  ---  ----  ----  ------",
      "X       33%  100%  100%  3 of 3",
      "Y       67%  100%  100%  3 of 3",
      "Z       33%   33%   67%  2 of 3",
      "solved: f <= fL + 1e-1 (f0 - fL), fL the known minimum",
    ].join("\n"),
  );
});
