// A report in a real browser: it draws without a network, its legends and tooltips react, and names do nothing.
// Screenshots are left in a temporary folder whose name is printed, for people to look at.
import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compare } from "../../lib/compare/mod.ts";
import { evaluations, gradientNorm, type Instance, type Smooth } from "../../lib/core/mod.ts";
import { report } from "../../lib/display/mod.ts";
import { bfgs, gradientDescent, lbfgs, nonlinearCg } from "../../lib/smooth/mod.ts";

/** The page's own, in functions that run there. */
declare function getComputedStyle(
  element: unknown,
): { readonly color: string; readonly backgroundColor: string; readonly fill: string };

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

const study = compare({
  problems: [bowl("round bowl", [1, 2]), bowl("long bowl", [1, 30, 900]), bowl(attack, [1, 100])],
  solvers: [lbfgs(), bfgs(), nonlinearCg({ beta: "HZ" }), gradientDescent()],
  stop: [gradientNorm({ absolute: 1e-9 }), evaluations(400)],
});

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

const executablePath = installed("chromium");
const required = Deno.env.get("CI") === "true";
if (executablePath === undefined && !required) {
  console.log("tests/browser/report_test.ts is skipped: Chromium is not installed");
}

interface Visit {
  readonly page: Page;
  /** Errors, warnings, dialogs and requests other than for the report itself. */
  readonly events: string[];
  readonly shoot: (name: string) => Promise<void>;
}

/** Writes the report, opens it, and closes everything after `use`. */
async function visit(colorScheme: "light" | "dark", use: (visit: Visit) => Promise<void>): Promise<void> {
  assert(executablePath !== undefined, "Chromium is not installed");
  const folder = await Deno.makeTempDir({ prefix: "gradus-report-" });
  const address = pathToFileURL(join(folder, "report.html")).href;
  await report(study, join(folder, "report.html"), { title: `A report on ${attack}` });
  let browser: Browser | undefined;
  try {
    const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", ...quiet] });
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme });
    const events: string[] = [];
    page.on("console", (message) => events.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => events.push(`error: ${error.message}`));
    page.on("request", (request) => request.url() !== address && events.push(`request: ${request.url()}`));
    page.on("dialog", async (dialog) => {
      events.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.setDefaultTimeout(20_000);
    await page.goto(address);
    await page.locator('body[data-ready="yes"]').waitFor();
    const shoot = async (name: string): Promise<void> => {
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    };
    await use({ page, events, shoot });
    console.log(`screenshots: ${folder}`);
  } finally {
    await browser?.close();
  }
}

const chart = (page: Page, heading: string) => page.locator("figure").filter({ hasText: heading });

/** The opacities of the lines of a chart, in the order of its legend. */
async function opacities(page: Page, heading: string): Promise<string[]> {
  const lines = chart(page, heading).locator("g.mark-line path");
  return await lines.evaluateAll((paths) => paths.map((path) => path.getAttribute("opacity") ?? "1"));
}

async function clickLegend(page: Page, heading: string, name: string): Promise<void> {
  await chart(page, heading).locator("g.role-legend-label text").getByText(name, { exact: true }).click();
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

const options = { ignore: executablePath === undefined && !required };

Deno.test("report() opens from a file without network or errors, and names do nothing", options, async () => {
  await visit("light", async ({ page, events, shoot }) => {
    await shoot("light");
    assertEquals(await page.locator("figure svg.marks").count(), 5); // two profiles, three problems
    assertEquals(events, []);
    assertEquals(await page.title(), `A report on ${attack}`);
    assertEquals(await page.locator("main script, main img").count(), 0);
    assertEquals(await page.locator("td").getByText(attack, { exact: true }).count(), 4); // as text, for four solvers
    assertStringIncludes(await page.locator("figure svg text").allTextContents().then((all) => all.join("\n")), attack);
  });
});

Deno.test("report() has legends that pick lines, click by click", options, async () => {
  await visit("light", async ({ page, shoot }) => {
    assertEquals(await opacities(page, "long bowl"), ["1", "1", "1", "1"]);
    await clickLegend(page, "long bowl", "BFGS");
    assertEquals(await opacities(page, "long bowl"), ["0.08", "1", "0.08", "0.08"]);
    await clickLegend(page, "long bowl", "CG (HZ)");
    assertEquals(await opacities(page, "long bowl"), ["0.08", "1", "1", "0.08"]);
    await shoot("picked");
    await clickLegend(page, "long bowl", "BFGS");
    await clickLegend(page, "long bowl", "CG (HZ)");
    assertEquals(await opacities(page, "long bowl"), ["1", "1", "1", "1"]);
    assertEquals(await opacities(page, "round bowl"), ["1", "1", "1", "1"]); // each chart for itself
  });
});

Deno.test("report() shows the nearest point's figures under the pointer, with names as text", options, async () => {
  await visit("light", async ({ page, events, shoot }) => {
    const drawing = chart(page, "alert(1)").locator("svg.marks");
    await drawing.scrollIntoViewIfNeeded();
    const box = (await drawing.boundingBox())!;
    await page.mouse.move(box.x + 160, box.y + 160); // enters the point's cell
    await page.mouse.move(box.x + 161, box.y + 160);
    const tooltip = page.locator("#vg-tooltip-element.visible");
    const text = await tooltip.innerText();
    for (const word of ["solver", "evaluations (full gradients)", "f(x) - fL"]) assertStringIncludes(text, word);
    await shoot("tooltip");
    assertEquals(events, []);
  });
});

Deno.test("report() zooms on Ctrl and the wheel, and plain wheel turns scroll the page", options, async () => {
  await visit("light", async ({ page }) => {
    const figure = chart(page, "round bowl");
    const ticks = () => figure.locator("g.role-axis-label").first().locator("text").allTextContents();
    await figure.scrollIntoViewIfNeeded();
    const before = await ticks(), box = (await figure.locator("svg.marks").boundingBox())!;
    await page.mouse.move(box.x + 250, box.y + 200);
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(200);
    assertEquals(await ticks(), before);
    const scrolled = (await figure.locator("svg.marks").boundingBox())!;
    await page.mouse.move(scrolled.x + 250, scrolled.y + 200);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(200);
    assert((await ticks()).join() !== before.join(), "the axis did not change");
  });
});

Deno.test("report() is readable in dark mode", options, async () => {
  await visit("dark", async ({ page, events, shoot }) => {
    await shoot("dark");
    assertEquals(events, []);
    const brightness = (css: string): number =>
      css.match(/\d+/g)!.slice(0, 3).reduce((sum, v) => sum + Number(v), 0) / 765;
    const { color, backgroundColor } = await page.locator("body").evaluate((body) => {
      const { color, backgroundColor } = getComputedStyle(body);
      return { color, backgroundColor };
    });
    assert(brightness(backgroundColor) < 0.2 && brightness(color) > 0.8, `${color} on ${backgroundColor}`);
    const labels = await page.locator("figure svg text").evaluateAll((all) =>
      all.map((text) => getComputedStyle(text).fill)
    );
    for (const fill of labels) assert(brightness(fill) > 0.6, `a label has the colour ${fill}`);
  });
});
