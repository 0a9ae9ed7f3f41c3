import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { compare, type Row, Study } from "../../lib/compare/mod.ts";
import { nonlinearInteriorPoint, sqp } from "../../lib/constrained/mod.ts";
import { DomainError, evaluations } from "../../lib/core/mod.ts";
import { report, reportHtml } from "../../lib/display/mod.ts";
import { hockSchittkowski, quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { bfgs, heavyBall, lbfgs } from "../../lib/smooth/mod.ts";

const study = compare({
  problems: [rosenbrock(2), quadratic([1, 4])],
  solvers: [heavyBall(), lbfgs(), bfgs()], // heavy ball needs constants, which Rosenbrock's function has not
  stop: evaluations(100),
});

/** The same runs as those of a kind whose points have no value. */
const valueless = study.rows.map((row): Row => ({
  ...row,
  problem: `operator ${row.problem}`,
  kind: "operator",
  value: NaN,
  measure: "residual",
  measures: { value: NaN, residual: row.measures.gradientNorm ?? NaN },
  start: { value: NaN, residual: row.start.gradientNorm },
  minima: [],
  trace: { ...row.trace, value: row.trace.value.map(() => NaN) },
}));

interface Drawn {
  readonly title: { readonly text: string };
  readonly encoding: { readonly color: { readonly scale: { readonly domain: string[]; readonly range: string[] } } };
}

function charts(html: string): Drawn[] {
  return JSON.parse(/<script type="application\/json" id="charts">(.*)<\/script>/.exec(html)![1]);
}

Deno.test("reportHtml() has the table, profiles, a chart for each problem, solvers, environment and notes", async () => {
  const html = await reportHtml(study, { title: "A < B" });
  assertStringIncludes(html, "<title>A &lt; B</title>");
  assertStringIncludes(html, "2 problems, 3 solvers, 1 seed: 6 runs.");
  const main = html.slice(html.indexOf("<main>"), html.indexOf("</main>"));
  const headings = [...main.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading);
  assertEquals(headings, ["Results", "Profiles", "Convergence", "Solvers", "Environment"]);
  assertEquals(charts(html).map(({ title }) => title.text), [
    "Performance profile, accuracy 1e-6",
    "Data profile, accuracy 1e-6",
    ...study.rows.filter((_, i) => i % 3 === 0).map((row) => row.problem),
  ]);
  assertStringIncludes(html, "not-applicable");
  assertStringIncludes(html, "<dd>memory = 10");
  assertStringIncludes(html, study.rows[0].environment.engine);
});

Deno.test("reportHtml() gives a solver the same colour in every chart", async () => {
  const colors = new Map<string, Set<string>>();
  for (const { encoding } of charts(await reportHtml(study))) {
    const { domain, range } = encoding.color.scale;
    domain.forEach((name, i) => colors.set(name, (colors.get(name) ?? new Set()).add(range[i])));
  }
  assertEquals([...colors.values()].map((shades) => shades.size), [1, 1, 1]);
});

Deno.test("reportHtml() keeps kinds apart and draws the measure of a kind without a value", async () => {
  const html = await reportHtml(new Study([...study.rows, ...valueless]));
  assertStringIncludes(html, "<h2>Profiles of smooth problems</h2>");
  assertStringIncludes(html, "<h2>Profiles of operator problems</h2>");
  assertStringIncludes(html, "residual against evaluations on operator");
});

Deno.test("reportHtml() draws the measure where a value says nothing: with constraints, from outside the domain", async () => {
  const constrained = compare({
    problems: [hockSchittkowski(71)],
    solvers: [sqp(), nonlinearInteriorPoint()],
    stop: evaluations(1000),
  });
  const outside = study.rows.slice(0, 3).map((row): Row => ({ ...row, start: { ...row.start, value: Infinity } }));
  const of = async (one: Study): Promise<string> => JSON.stringify(charts(await reportHtml(one)).at(-1));
  assertStringIncludes(await of(constrained), "KKT residual");
  assertStringIncludes(await of(new Study(outside)), "gradient norm");
});

Deno.test("reportHtml() says why a problem has no chart", async () => {
  const refused = study.filter((row) => row.status === "not-applicable");
  assertEquals(refused.rows.length, 1);
  const html = await reportHtml(refused);
  assertEquals(charts(html), []);
  assertStringIncludes(html, "1 problem, 1 solver, 1 seed: 1 run.");
  assert(/<h3>ChainedRosenbrock2<\/h3>.*<p class="note">not applicable: heavy ball on/.test(html));
});

Deno.test("reportHtml() refuses a study without rows", async () => {
  await assertRejects(() => reportHtml(new Study([])), DomainError, "Cannot report on a study: it has no rows");
});

Deno.test("report() writes the page, the same one twice", async () => {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await report(study, path);
    assertEquals(await Deno.readTextFile(path), await reportHtml(study));
  } finally {
    await Deno.remove(path);
  }
});
