import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { compare, type Row, Study } from "../../lib/compare/mod.ts";
import { DomainError, evaluations, gradientNorm, iterations, ParseError } from "../../lib/core/mod.ts";
import { mgh, quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { bfgs, gradientDescent, lbfgs, nesterov } from "../../lib/smooth/mod.ts";
import { row, solvedAt } from "./rows.ts";

const stop = [gradientNorm(), evaluations(60)];
const study = compare({ problems: [rosenbrock(2), quadratic([1, 9])], solvers: [bfgs(), lbfgs(), nesterov()], stop });

Deno.test("Study survives JSON, as text and as data, with numbers that JSON cannot write", () => {
  const text = JSON.stringify(study);
  assertEquals(Study.fromJSON(text).rows, study.rows);
  assertEquals(Study.fromJSON(JSON.parse(text)).rows, study.rows);
  assertEquals(JSON.stringify(Study.fromJSON(text)), text);
  assertEquals(String(Study.fromJSON(text)), String(study));
  const odd = new Study([row("A", "X", [Infinity, 1, NaN], { start: { value: -Infinity, gradientNorm: NaN } })]);
  assertEquals(Study.fromJSON(JSON.stringify(odd)).rows, odd.rows);
});

Deno.test("Study.fromJSON() refuses everything else, and says where", () => {
  const data = JSON.parse(JSON.stringify(study));
  const spoiled = (spoil: (row: Record<string, unknown>) => void): string => {
    const copy = structuredClone(data);
    spoil(copy.rows[1]);
    return JSON.stringify(copy);
  };
  const cases: [string | object, string][] = [
    ["{", "Cannot read a study: JSON: "],
    ["3", "the text: expected an object, got 3"],
    ["[]", "the text: expected an object, got []"],
    ["null", "the text: expected an object, got null"],
    ['{"type":"FeatureCollection"}', 'expected the format "gradus-study", got nothing'],
    [{ ...data, version: 2 }, "expected the version 1, got 2"],
    [{ ...data, rows: {} }, "rows: expected an array, got {}"],
    [{ ...data, rows: [7] }, "rows[0]: expected an object, got 7"],
    [spoiled((r) => delete r.status), "rows[1].status: expected text, got nothing"],
    [spoiled((r) => r.evaluations = "many"), 'rows[1].evaluations: expected a number, got "many"'],
    [spoiled((r) => r.evaluations = null), "rows[1].evaluations: expected a number, got null"],
    [spoiled((r) => r.minima = [0, "x"]), 'rows[1].minima[1]: expected a number, got "x"'],
    [spoiled((r) => r.options = []), "rows[1].options: expected an object, got []"],
    [spoiled((r) => r.measures = {}), "rows[1].measures.value: expected a number, got nothing"],
    [
      spoiled((r) => (r.trace as { value: number[] }).value.pop()),
      `rows[1].trace: expected columns of ${study.rows[1].trace.value.length} entries`,
    ],
  ];
  for (const [json, message] of cases) assertThrows(() => Study.fromJSON(json), ParseError, message);
});

Deno.test("Study.merge() joins different runs, and keeps one of the same run", () => {
  const [first, second] = [study.filter((r) => r.solver !== "BFGS"), study.filter((r) => r.solver === "BFGS")];
  assertEquals(new Set(first.merge(second).rows), new Set(study.rows));
  assertEquals(study.merge(study, first).rows, study.rows);
  assertEquals(study.merge().rows, study.rows);
  const seeds = new Study([solvedAt("A", "X", 5, { seed: 0 })]).merge(new Study([solvedAt("A", "X", 5, { seed: 1 })]));
  assertEquals(seeds.rows.map((r) => r.seed), [0, 1]);
});

Deno.test("Study.merge() takes the later times of the same run", () => {
  const old = solvedAt("A", "X", 5), times = old.trace.seconds.map((s) => 3 * s);
  const again: Row = { ...old, seconds: 9, trace: { ...old.trace, seconds: times } };
  assertEquals(new Study([old]).merge(new Study([again])).rows, [again]);
});

Deno.test("Study.merge() refuses the same run with another outcome, and names what differs", () => {
  const old = new Study([solvedAt("A", "X", 5)]);
  const different = (given: Partial<Row>): Study => new Study([solvedAt("A", "X", 5, given)]);
  assertThrows(
    () => old.merge(different({ iterations: 4 })),
    DomainError,
    'two runs of X on "A" with the seed 0: they differ in iterations (3 and 4)',
  );
  assertThrows(() => old.merge(different({ stop: [] })), DomainError, "they differ in stop");
  assertThrows(() => old.merge(new Study([solvedAt("A", "X", 6)])), DomainError, "they differ in evaluations, trace");
});

Deno.test("Study.merge() keeps problems of one name apart by their data, and refuses them without", () => {
  const one = new Study([solvedAt("data", "X", 5, { dataHash: "aaa" })]);
  const other = new Study([solvedAt("data", "X", 7, { dataHash: "bbb", start: { value: 1, gradientNorm: 2 } })]);
  const both = one.merge(other);
  assertEquals(both.rows.length, 2);
  assertEquals(both.performanceProfile("evaluations", { tau: 0.1 }).targets.map(({ problem }) => problem), [
    "data (data aaa)",
    "data (data bbb)",
  ]);
  const bare = (first: number, solver: string): Study =>
    new Study([solvedAt("data", solver, 5, { start: { value: first, gradientNorm: 1 } })]);
  assertThrows(
    () => bare(1, "X").merge(bare(2, "Y")),
    DomainError,
    "f0 = 1 and smooth, n = 2, f0 = 2; give the instances",
  );
  assertEquals(bare(1, "X").merge(bare(1 + 1e-12, "Y")).rows.length, 2); // rounding of another engine
});

Deno.test("Study refuses two rows of one key, however their options are ordered", () => {
  const options = [{ memory: 5, search: { name: "a", c: 1 } }, { search: { c: 1, name: "a" }, memory: 5 }];
  assertThrows(
    () => new Study(options.map((o) => row("A", "X", [1], { options: o }))),
    DomainError,
    'two rows are of X on "A" with the seed 0',
  );
});

Deno.test("Study labels solvers of one name by the options that tell them apart", () => {
  const problems = [quadratic([1, 2])];
  const solvers = [lbfgs({ memory: 3 }), lbfgs({ memory: 7 }), bfgs()];
  const { curves } = compare({ problems, solvers, stop }).performanceProfile();
  assertEquals(curves.map(({ solver }) => solver), ["L-BFGS (memory 3)", "L-BFGS (memory 7)", "BFGS"]);
});

Deno.test("Study.table() has a line for each pair and tells what is solved, and why not", () => {
  const table = study.table(), text = String(table);
  assertEquals(table.columns.map(({ title }) => title), [
    "problem",
    "n",
    "solver",
    "status",
    "solved",
    "value",
    "gradientNorm",
    "iterations",
    "evaluations",
    "gradient calls",
    "seconds",
  ]);
  assertEquals(table.rows.map((cells) => cells.slice(0, 5)), [
    ["ChainedRosenbrock2", 2, "BFGS", "converged", "yes"],
    ["ChainedRosenbrock2", 2, "L-BFGS", "converged", "yes"],
    ["ChainedRosenbrock2", 2, "Nesterov", "not-applicable", ""],
    ["Quadratic2 with condition 9", 2, "BFGS", "converged", "yes"],
    ["Quadratic2 with condition 9", 2, "L-BFGS", "converged", "yes"],
    ["Quadratic2 with condition 9", 2, "Nesterov", "converged", "yes"],
  ]);
  assertMatch(text, /not applicable: Nesterov on ChainedRosenbrock2: .*smoothness L/);
  assertStringIncludes(text, "solved: f <= fL + 1e-6 (f0 - fL), fL the known minimum");
});

Deno.test("Study.table() shows seeds as median and quartiles, and counts statuses", () => {
  const rows = [4, 6, 8, 10].map((cost, seed) => solvedAt("A", "X", cost, { seed, evaluations: cost }));
  const failed = solvedAt("A", "X", Infinity, { seed: 4, evaluations: 100, status: "evaluation-limit" });
  const table = new Study([...rows, failed]).table({ tau: 0.1 });
  const cell = (title: string) => table.rows[0][table.columns.findIndex((c) => c.title === title)];
  assertEquals(cell("evaluations"), { low: 6, median: 8, high: 10 });
  assertEquals(cell("status"), "4 converged, 1 evaluation-limit");
  assertEquals(cell("solved"), "4 of 5");
  assertEquals(table.text[0][table.columns.findIndex((c) => c.title === "evaluations")], "8 [6, 10]");
  assertStringIncludes(String(table), "over 5 seeds");
});

Deno.test("Study.table() says when runs are missing or had different budgets", () => {
  const problems = [quadratic([1, 2]), rosenbrock(2)];
  const merged = compare({ problems, solvers: [bfgs()], stop }).merge(
    compare({ problems: [problems[0]], solvers: [lbfgs()], stop: iterations(9) }),
  );
  const { notes } = merged.table();
  assert(notes.includes("not run: L-BFGS on ChainedRosenbrock2"));
  assert(notes.includes("the runs had 2 different sets of stopping rules"));
});

Deno.test("Study.table() holds several kinds; a kind's measure stays empty for the others", () => {
  const composite: Partial<Row> = {
    kind: "composite",
    measure: "proximalGradientNorm",
    measures: { value: 0.05, proximalGradientNorm: 0.5 },
  };
  const table = new Study([solvedAt("A", "X", 5), row("lasso", "ISTA", [1, 0.05], composite)]).table({ tau: 0.1 });
  const from = table.columns.findIndex(({ title }) => title === "gradientNorm");
  assertEquals(table.columns[from + 1].title, "proximalGradientNorm");
  assertEquals(table.text.map((cells) => cells.slice(from, from + 2)), [["1.00e-9", ""], ["", "5.00e-1"]]);
});

Deno.test("Study keeps names with markup and control characters as data, and its text shows them harmless", () => {
  const name = "</script><script>alert(1)</script>\u001b[31m\nred \u202e";
  const one = compare({ problems: [{ ...rosenbrock(2), name }], solvers: [{ ...lbfgs(), name: "<b>\t" }], stop });
  assertEquals(one.rows[0].problem, name);
  const again = Study.fromJSON(JSON.stringify(one));
  assertEquals(again.rows, one.rows);
  assertEquals(again.table().rows[0][0], name);
  const texts = [
    String(one),
    String(one.performanceProfile()),
    String(one.convergence("evaluations", "value", { problem: name })),
  ];
  for (const text of texts) {
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(text), JSON.stringify(text));
  }
  assertStringIncludes(texts[0], "</script><script>alert(1)</script>\\u001b[31m\\nred \\u202e");
  assertEquals(texts[0].split("\n").length, 4); // title, rule, row, note
});

Deno.test("Study of the Moré-Garbow-Hillstrom set: BFGS solves more than gradient descent within 300 evaluations", () => {
  const problems = mgh(), whole = compare({ problems, solvers: [bfgs(), gradientDescent()], stop: evaluations(300) });
  assertEquals(whole.rows.length, 70);
  assert(whole.rows.every((r) => r.evaluations <= 300));
  const [quasi, steepest] = whole.dataProfile().curves;
  assertEquals([quasi.of, steepest.of], [35, 35]);
  assert(quasi.solved > steepest.solved, `${quasi.solved} against ${steepest.solved}`);
  assertEquals(Study.fromJSON(JSON.stringify(whole)).rows, whole.rows);
});
