import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { Curves, type CurvesFields, Profile, type ProfileFields, Table } from "../../lib/compare/mod.ts";
import { jupyterDisplay } from "../../lib/core/mod.ts";
import { type Chart, convergenceChart, linesChart, profileChart, tableHtml } from "../../lib/display/mod.ts";

interface Axis {
  readonly title: string;
  readonly scale: { readonly type: string; readonly domain?: number[]; readonly domainMax?: number };
}
interface View {
  readonly data: { readonly values: string };
  readonly title: { readonly text: string; readonly subtitle?: readonly string[] };
  readonly layer: readonly {
    readonly mark: { readonly type: string; readonly interpolate?: string };
    readonly encoding: { readonly y: Axis };
  }[];
  readonly encoding: {
    readonly x: Axis;
    readonly color: { readonly scale: { readonly domain: string[]; readonly range: string[] } };
  };
}

function view(chart: Chart): View {
  return chart.spec as unknown as View;
}

function rows(chart: Chart): (string | number)[][] {
  return view(chart).data.values.split("\n").slice(1).map((row) => {
    const [name, ...numbers] = row.split(",");
    return [name, ...numbers.map((n) => n === "" ? NaN : Number(n))];
  });
}

const series = [
  { solver: "slow", seed: 0, x: [1, 2, 3, 400], y: [100, 1, 1e-2, 1e-9] },
  { solver: "fast", seed: 0, x: [1, 2, 4], y: [100, 1e-3, 0] },
];
const band = { solver: "slow", x: [1, 2], y: [10, 1], low: [5, 0], high: [20, 2], seeds: 3 };
const curves: CurvesFields = {
  problem: "a bowl",
  kind: "smooth",
  x: "evaluations",
  y: "value gap",
  series,
  bands: [],
  notes: ["fL is the best value in this study."],
};
const profile: ProfileFields = {
  type: "performance",
  measure: "evaluations",
  kind: "smooth",
  tau: 1e-5,
  begin: 1,
  end: 8,
  curves: [
    { solver: "a", x: [1, 8], y: [0.5, 1], solved: 2, of: 2 },
    { solver: "b", x: [1], y: [0.5], solved: 1, of: 2 },
  ],
  targets: [],
  notes: [],
};

Deno.test("convergenceChart() draws each run, with zero at the foot of a logarithmic axis", () => {
  const chart = convergenceChart(new Curves(curves)), { title, encoding, layer } = view(chart);
  assertEquals([title.text, title.subtitle], ["a bowl", ["fL is the best value in this study."]]);
  assertEquals(encoding.x.title, "evaluations (full gradients)");
  assertEquals([layer[0].encoding.y.title, layer[0].encoding.y.scale.type], ["f(x) - fL", "log"]);
  assertEquals(rows(chart).slice(-3), [["fast", 1, 100], ["fast", 2, 1e-3], ["fast", 4, 1e-16]]);
  assertEquals(layer.map(({ mark }) => mark.type), ["line", "point"]);
});

Deno.test("convergenceChart() has a logarithmic x axis only when the longest line would hide the shortest", () => {
  const scale = (fields: CurvesFields): string => view(convergenceChart(new Curves(fields))).encoding.x.scale.type;
  assertEquals(scale(curves), "log");
  assertEquals(scale({ ...curves, series: [series[1], { ...series[1], solver: "twin" }] }), "linear");
});

Deno.test("convergenceChart() shows seeds as a median in a band of quartiles", () => {
  const chart = convergenceChart(new Curves({ ...curves, bands: [band] })), { layer, title } = view(chart);
  assertEquals(layer.map(({ mark }) => mark.type), ["area", "line", "point"]);
  assertEquals(rows(chart), [["slow", 1, 10, 5, 20], ["slow", 2, 1, 1e-16, 2]]);
  assertStringIncludes(title.subtitle!.join(" "), "medians over seeds");
});

Deno.test("convergenceChart() lets a diverging run leave at the top", () => {
  const wild = { solver: "wild", seed: 0, x: [1, 2, 3], y: [100, 1e30, Infinity] };
  const chart = convergenceChart(new Curves({ ...curves, series: [...series, wild] }));
  assertEquals(view(chart).layer[0].encoding.y.scale.domainMax, 1e6);
  assertEquals(view(convergenceChart(new Curves(curves))).layer[0].encoding.y.scale.domainMax, undefined);
});

Deno.test("convergenceChart() thins a long run to a few hundred points", () => {
  const x = Array.from({ length: 5000 }, (_, i) => i + 1);
  const long = { solver: "long", seed: 0, x, y: x.map((k) => 1 / k) };
  const drawn = rows(convergenceChart(new Curves({ ...curves, series: [long] })));
  assert(drawn.length <= 1000, `${drawn.length} points`);
  assertEquals([drawn[0], drawn.at(-1)], [["long", 1, 1], ["long", 5000, 2e-4]]);
});

Deno.test("convergenceChart() gives every one of twenty solvers its own colour and dash", () => {
  const many = Array.from({ length: 20 }, (_, i) => ({ ...series[1], solver: `solver ${i}` }));
  const { encoding, layer } = view(convergenceChart(new Curves({ ...curves, series: many })));
  const dashes = (layer[0].encoding as unknown as { strokeDash: { scale: { range: number[][] } } }).strokeDash;
  const looks = encoding.color.scale.range.map((color, i) => `${color} ${dashes.scale.range[i]}`);
  assertEquals(encoding.color.scale.domain, many.map(({ solver }) => solver));
  assertEquals(new Set(looks).size, 20);
});

Deno.test("linesChart() draws points that stand alone, and no line between them", async () => {
  const axis = { title: "t", log: false, format: "d" }, x = [0, 1, 2], y = [1, 3, 2];
  const options = { title: "", legend: "", x: axis, y: axis, text: "" };
  const chart = linesChart([{ name: "data", x, y, points: true }, { name: "fit", x, y }], options);
  assertEquals(view(chart).layer.map(({ mark }) => mark.type), ["line", "point", "point"]); // the last under the pointer
  const svg = await chart.toSVG(),
    marks = (kind: string): number =>
      [...svg.matchAll(new RegExp(`<g class="mark-${kind} role-mark[^>]*>(.*?)</g>`, "gs"))]
        .reduce((count, [, inside]) => count + inside.split("<path").length - 1, 0);
  assertEquals([marks("line"), marks("symbol")], [1, 3]);
});

Deno.test("profileChart() draws steps of equal length over a logarithmic ratio", () => {
  const chart = profileChart(new Profile(profile)), { encoding, layer } = view(chart);
  assertEquals(String(chart), "Performance profile of evaluations, accuracy 1e-5: a 2 of 2, b 1 of 2");
  assertEquals([encoding.x.scale.type, layer[0].mark.interpolate], ["log", "step-after"]);
  assertEquals(encoding.x.title, "evaluations (full gradients) / best solver's");
  assertEquals(layer[0].encoding.y.scale.domain, [0, 1.02]);
  const points = rows(chart), end = points.at(-1)![1] as number;
  assertEquals(points, [["a", 1, 0.5], ["a", 8, 1], ["a", end, 1], ["b", 1, 0.5], ["b", end, 0.5]]);
  assert(end > 8);
});

Deno.test("profileChart() begins a data profile at 0, or on a logarithmic axis before the first step", () => {
  const data = { ...profile, type: "data" as const, begin: 0 };
  const short = profileChart(
    new Profile({ ...data, curves: [{ solver: "a", x: [0, 2, 8], y: [0, 0.5, 1], solved: 2, of: 2 }] }),
  );
  assertEquals([view(short).encoding.x.scale.type, rows(short)[0]], ["linear", ["a", 0, 0]]);
  const long = profileChart(
    new Profile({ ...data, end: 300, curves: [{ solver: "a", x: [0, 3, 300], y: [0, 0.5, 1], solved: 2, of: 2 }] }),
  );
  assertEquals(view(long).encoding.x.scale.type, "log");
  assertAlmostEquals(rows(long)[0][1] as number, 2);
});

Deno.test("profileChart() draws a profile in which nothing was solved", async () => {
  const none = { ...profile, type: "data" as const, begin: 0, end: 0 };
  const chart = profileChart(new Profile({ ...none, curves: [{ solver: "a", x: [0], y: [0], solved: 0, of: 2 }] }));
  assertStringIncludes(await chart.toSVG(), "share of problems solved");
});

Deno.test("tableHtml() shows markup as text", () => {
  const name = "</td><script>alert(1)</script>";
  const html = tableHtml(
    new Table([{ title: name, align: "left" }, { title: "n", align: "right" }], [[name, 2]], [name]),
  );
  assert(!html.includes("<script"), html);
  assertEquals(html.split("&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;").length, 4);
  assertStringIncludes(html, `style="text-align: right">2</td>`);
});

Deno.test("a notebook shows curves and profiles as charts, tables as HTML", async () => {
  const chart = ["application/vnd.vegalite.v5+json", "image/png", "text/plain"];
  assertEquals(Object.keys(await new Curves(curves)[jupyterDisplay]()).sort(), chart);
  assertEquals(Object.keys(await new Profile(profile)[jupyterDisplay]()).sort(), chart);
  const table = new Table([{ title: "n", align: "right" }], [[1]]);
  assertEquals(Object.keys(await table[jupyterDisplay]()).sort(), ["text/html", "text/plain"]);
});
