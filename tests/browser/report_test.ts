// A report in a real browser: it draws without a network, its legends and tooltips react, and names do nothing.
// Screenshots are left in a temporary folder whose name is printed, for people to look at.
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compare } from "../../lib/compare/mod.ts";
import { evaluations, gradientNorm, type Instance, type Smooth } from "../../lib/core/mod.ts";
import { report } from "../../lib/display/mod.ts";
import { bfgs, gradientDescent, lbfgs, nonlinearCg } from "../../lib/smooth/mod.ts";
import type { Seen } from "./report_driver.ts";

const attack = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";

/** `f(x) = Σ cᵢ (xᵢ - 1)² + (x₁ - 1)⁴`. */
function bowl(name: string, curvatures: readonly number[]): Instance<Smooth> {
  const value = (x: Float64Array): number =>
    curvatures.reduce((sum, c, i) => sum + c * (x[i] - 1) ** 2, (x[0] - 1) ** 4);
  const gradient = (x: Float64Array, out: Float64Array): number => {
    curvatures.forEach((c, i) => out[i] = 2 * c * (x[i] - 1) + (i === 0 ? 4 * (x[0] - 1) ** 3 : 0));
    return value(x);
  };
  const problem: Smooth = { kind: "smooth", name, dimension: curvatures.length, value, gradient };
  return { name, problem, start: new Float64Array(curvatures.length), minima: [0] };
}

function installed(program: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(Deno.build.os === "windows" ? ";" : ":");
  return folders.map((folder) => join(folder, program)).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch { // not in this folder
      return false;
    }
  });
}

const chromium = installed("chromium");
const required = Deno.env.get("CI") === "true";
if (chromium === undefined && !required) {
  console.log("tests/browser/report_test.ts is skipped: Chromium is not installed");
}

/** Writes a report and lets the driver use it, in a process of its own, since driving a browser takes all permissions. */
async function use(): Promise<Seen> {
  assert(chromium !== undefined, "Chromium is not installed");
  const study = compare({
    problems: [bowl("round bowl", [1, 2]), bowl("long bowl", [1, 30, 900]), bowl(attack, [1, 100])],
    solvers: [lbfgs(), bfgs(), nonlinearCg({ beta: "HZ" }), gradientDescent()],
    stop: [gradientNorm({ absolute: 1e-9 }), evaluations(400)],
  });
  const folder = await Deno.makeTempDir({ prefix: "gradus-report-" }), file = join(folder, "report.html");
  await report(study, file, { title: `A report on ${attack}` });
  console.log(`screenshots: ${folder}`);
  const driver = fileURLToPath(new URL("report_driver.ts", import.meta.url));
  const words = [chromium, pathToFileURL(file).href, "long bowl", "alert(1)", folder];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", driver, ...words],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

let seen: Promise<Seen> | undefined;

function test(name: string, check: (seen: Seen) => void): void {
  Deno.test(name, { ignore: chromium === undefined && !required }, async () => check(await (seen ??= use())));
}

test("report() opens from a file without network, messages or errors, and names do nothing", (seen) => {
  assertEquals(seen.events, []);
  assertEquals(seen.charts, 5); // two profiles, three problems
  assertEquals(seen.title, `A report on ${attack}`);
  assertEquals(seen.intruders, 0);
  assertEquals(seen.cells.filter((cell) => cell === attack).length, 4); // as text, for four solvers
  assert(seen.chartTexts.includes(attack));
});

test("report() has legends that pick lines, click by click, each for its chart", (seen) => {
  assertEquals(seen.opacities, [
    ["1", "1", "1", "1"],
    ["0.08", "1", "0.08", "0.08"],
    ["0.08", "1", "1", "0.08"],
    ["1", "1", "1", "1"],
  ]);
  assertEquals(seen.otherOpacities, ["1", "1", "1", "1"]);
});

test("report() shows the nearest point's figures under the pointer", ({ tooltip }) => {
  for (const word of ["solver", "evaluations (full gradients)", "f(x) - fL"]) assertStringIncludes(tooltip, word);
});

test("report() zooms on Ctrl and the wheel, not on the plain wheel that scrolls the page", ({ ticks }) => {
  const [before, scrolled, zoomed] = ticks;
  assert(before.length >= 3, before.join());
  assertEquals(scrolled, before);
  assertNotEquals(zoomed, before);
});

test("report() is readable in dark mode", ({ dark }) => {
  const brightness = (css: string): number =>
    css.match(/\d+/g)!.slice(0, 3).reduce((sum, v) => sum + Number(v), 0) / 765;
  assert(brightness(dark.background) < 0.2 && brightness(dark.color) > 0.8, `${dark.color} on ${dark.background}`);
  assert(dark.labels.length > 50, `${dark.labels.length} labels`);
  for (const fill of dark.labels) assert(brightness(fill) > 0.6, `a label has the colour ${fill}`);
});
