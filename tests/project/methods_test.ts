// METHODS.md tells of every method what was required, measured, and where; and it is current.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type Annotation, readAnnotations } from "../../tasks/annotations.ts";
import { type Room, sourceOf } from "../../tasks/catalogue.ts";
import { makePages } from "../../tasks/methods.ts";
import { faultsOf, methodsPage } from "../../tasks/methods_page.ts";
import { root } from "./deno.ts";

/** The tags are put together here, so that this file has no annotations of its own. */
const must = "// @" + "must", measured = "// @" + "measured";

Deno.test("readAnnotations() takes pairs, several methods, lines that go on, and both verdicts", () => {
  const text = `${must} bfgs, cg-hz: |∇f| falls\n//   superlinearly\n${measured} reached: ratio 0.01\nDeno.test();\n` +
    `  ${must} moreThuente: table 1\n  ${measured} not reached: 3 of 4\n  // and a comment\n\n// another\n`;
  const { annotations, faults } = readAnnotations(text, "tests/a_test.ts");
  assertEquals(faults, []);
  const file = "tests/a_test.ts";
  assertEquals(annotations, [
    { methods: ["bfgs", "cg-hz"], requirement: "|∇f| falls superlinearly", reached: true, figures: "ratio 0.01", file },
    { methods: ["moreThuente"], requirement: "table 1", reached: false, figures: "3 of 4 and a comment", file },
  ]);
});

Deno.test("readAnnotations() refuses a requirement without a verdict and a verdict without a requirement", () => {
  const faultsIn = (text: string): readonly string[] => readAnnotations(text, "a.ts").faults;
  assertEquals(faultsIn(`${must} bfgs: falls\n`), ["a.ts:1: @must: expected an @measured below it"]);
  assertEquals(faultsIn(`\n${measured} reached: 1\n`), ["a.ts:2: @measured: expected an @must above it"]);
  assertEquals(faultsIn(`${must} bfgs: a\n${must} bfgs: b\n${measured} reached: 1\n`).length, 1);
  assertStringIncludes(faultsIn(`${must} bfgs: a\n${measured} yes\n`)[0], 'expected "reached: <figures>"');
  assertStringIncludes(faultsIn(`${must} a b: c\n${measured} reached: 1\n`)[0], 'expected "<method>: <requirement>"');
});

const reference = { title: "A title", authors: "Somebody", year: 1999, identifier: "doi:10.1/a(2)b" };
const solver = { id: "descent", name: "descent", needs: ["gradient"], call: "descent({ step: 1 })", reference };
const room: Room = {
  path: "lib/smooth",
  solvers: [solver],
  sourced: [
    { path: "lib/smooth/descent.ts", source: "Cauchy", functions: ["descent"] },
    { path: "lib/smooth/search.ts", source: "Armijo (1966)", functions: ["search"] },
  ],
  exports: new Set(["descent", "search"]),
};
const row = (method: string): Annotation => ({
  methods: [method],
  requirement: "a | b",
  reached: true,
  figures: "1",
  file: "tests/a_test.ts",
});

Deno.test("faultsOf() wants a row and a reference for every method, and a method for every row", () => {
  assertEquals(faultsOf([room], [row("descent"), row("search")]), []);
  assertEquals(faultsOf([room], [row("search")]), ["descent: no test or bench has an @must line for it"]);
  assertEquals(faultsOf([room], [row("descent")]), [
    "lib/smooth/search.ts: it names a source, but no @must line names one of its functions",
  ]);
  assertEquals(faultsOf([room], [row("descent"), row("search"), row("newton")]), [
    "tests/a_test.ts: @must newton: no solver or export has this name",
  ]);
  const nameless = { ...room, solvers: [{ ...solver, reference: { ...reference, title: "" } }] };
  assertEquals(faultsOf([nameless], [row("descent"), row("search")]).length, 1);
  assertEquals(faultsOf([room, { ...room, path: "lib/twice" }], [row("descent"), row("search")]), [
    "the id descent stands in two registries",
  ]);
});

Deno.test("methodsPage() keeps its tables whole and its links working", () => {
  const page = methodsPage([room], [row("descent"), { ...row("search"), reached: false }]);
  assertStringIncludes(page, "1 of 2\nrequirements are reached");
  assertStringIncludes(page, "| `descent` | a \\| b | reached | 1 | [tests/a_test.ts](tests/a_test.ts) |");
  assertStringIncludes(page, "| `search` |  | `search()` | Armijo (1966) |");
  assertStringIncludes(page, "(https://doi.org/10.1/a%282%29b)");
  assertStringIncludes(page, "**not reached**");
});

Deno.test("sourceOf() reads the paragraph of the module's comment", () => {
  assertEquals(sourceOf("/**\n * A.\n *\n * Source: B,\n * C.\n *\n * @module\n */\n"), "B, C.");
  assertEquals(sourceOf("/** A. */\n// Source: B\n"), undefined);
});

Deno.test("METHODS.md and the README's table are current, and every method has its rows (deno task methods)", async () => {
  const { methods, readme, faults } = await makePages();
  assertEquals(faults, []);
  assertEquals(Deno.readTextFileSync(join(root, "METHODS.md")), methods, "METHODS.md: run deno task methods");
  assertEquals(Deno.readTextFileSync(join(root, "README.md")), readme, "README.md: run deno task methods");
});
