// Front ends carry Vega-Lite 5 or 6: our charts use what both have, and neither finds fault with them.
import { assert, assertEquals } from "@std/assert";
import { solve } from "../../lib/core/mod.ts";
import { Curves, Profile } from "../../lib/compare/mod.ts";
import {
  type Chart,
  contourChart,
  convergenceChart,
  linesChart,
  profileChart,
  traceChart,
} from "../../lib/display/mod.ts";
import { bfgs, lbfgs } from "../../lib/smooth/mod.ts";

const bowl = {
  kind: "smooth" as const,
  dimension: 2,
  name: "bowl",
  value: (x: Float64Array): number => x[0] ** 2 + 5 * x[1] ** 2 + x[0] ** 4,
  gradient: (x: Float64Array, out: Float64Array): number => {
    out[0] = 2 * x[0] + 4 * x[0] ** 3;
    out[1] = 10 * x[1];
    return bowl.value(x);
  },
};
const results = [lbfgs(), bfgs()].map((solver) => solve(bowl, solver, { start: [1, 1] }));
const series = Array.from({ length: 9 }, (_, i) => ({ solver: `${i}`, seed: 0, x: [1, 2, 3], y: [9, 1e9, 1e-9 * i] }));
const band = { solver: "a", x: [1, 100], y: [10, 1], low: [5, 0], high: [20, 2], seeds: 3 };
const study = { problem: "bowl", kind: "smooth", x: "evaluations", y: "value gap", series, notes: ["a note"] };
const curve = { solver: "a", x: [1, 8], y: [0.5, 1], low: [0, 1], high: [1, 1], solved: 2, of: 2 };
const profile = { measure: "seconds", kind: "smooth", tau: 1e-5, end: 8, curves: [curve], targets: [], notes: [] };
const path = { name: "p", x: [1, 0.5], y: [1, 0] };

const charts: Record<string, Chart> = {
  "nine lines": convergenceChart(new Curves({ ...study, bands: [] })),
  "a band": convergenceChart(new Curves({ ...study, bands: [band] })),
  "a performance profile": profileChart(new Profile({ ...profile, type: "performance", begin: 1 })),
  "a data profile": profileChart(new Profile({ ...profile, type: "data", begin: 0 })),
  "points and a line": linesChart([{ ...path, points: true }, { ...path, name: "q" }], {
    title: "Points",
    legend: "",
    x: { title: "x", log: false, format: ".2~g" },
    y: { title: "y", log: false, format: ".2~g" },
    text: "points",
  }),
  "traces": traceChart(results),
  "values": traceChart(results, { y: "value", x: "iteration" }),
  "levels and paths": contourChart(bowl, { x: [-1, 1], y: [-1, 1], paths: [path], minima: [[0, 0]] }),
  "even levels": contourChart(bowl, { x: [-1, 1], y: [-1, 1], log: false }),
};

interface Drawing {
  readonly complaints: string[];
  /** All words and numbers in the drawing, sorted; the versions may place them differently. */
  readonly labels: string[];
}

/** Draws the charts in a process of its own, since one process can hold one version of Vega-Lite with its Vega. */
async function draw(vega: string, vegaLite: string): Promise<Record<string, Drawing>> {
  const program = `
    import * as vega from "npm:vega@${vega}";
    import * as vegaLite from "npm:vega-lite@${vegaLite}";
    const drawings = {};
    for (const [name, spec] of Object.entries(await new Response(Deno.stdin.readable).json())) {
      const complaints = [];
      const note = (...words) => { complaints.push(words.join(" ")); return logger; };
      const quiet = () => logger;
      const logger = { level: quiet, error: note, warn: note, info: quiet, debug: quiet };
      const view = new vega.View(vega.parse(vegaLite.compile(spec, { logger }).spec), { renderer: "none", logLevel: vega.Error });
      const svg = await view.toSVG();
      drawings[name] = { complaints, labels: [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map((match) => match[1]).sort() };
    }
    console.log(JSON.stringify(drawings));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-config",
      "--allow-env",
      "data:application/javascript," + encodeURIComponent(program),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = new Response(JSON.stringify(charts)).body!.pipeTo(child.stdin);
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), input]);
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("Vega-Lite 5 and 6 draw every chart alike, without a warning", async () => {
  const [five, six] = await Promise.all([draw("5.33.0", "5.23.0"), draw("6.4.0", "6.5.0")]);
  for (const name of Object.keys(charts)) {
    assertEquals([five[name].complaints, six[name].complaints], [[], []], name);
    assert(six[name].labels.length > 5, `${name} has ${six[name].labels.length} labels`);
    assertEquals(five[name].labels, six[name].labels, name);
  }
});

Deno.test("a picture of any chart stays below 200 kB", async () => {
  for (const [name, chart] of Object.entries(charts)) {
    const { length } = await chart.toPNG();
    assert(length > 5000 && length < 200_000, `${name} has ${length} bytes`);
  }
});
