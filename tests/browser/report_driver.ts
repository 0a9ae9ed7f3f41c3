// Opens a report in Chromium, uses it as a reader would, and prints what it saw as JSON.
//     deno run -A report_driver.ts CHROMIUM ADDRESS HEADING_A HEADING_B SCREENSHOT_FOLDER
import { chromium, type Locator, type Page } from "npm:playwright-core@1.65";
import { join } from "node:path";

/** The page's own, in functions that run there. */
declare function getComputedStyle(
  element: unknown,
): { readonly color: string; readonly backgroundColor: string; readonly fill: string };

/** What the driver saw; `first` and `last` are the charts with the two headings. */
export interface Seen {
  readonly title: string;
  readonly charts: number;
  /** Elements in the text that only markup in a name could have made. */
  readonly intruders: number;
  readonly cells: readonly string[];
  readonly chartTexts: readonly string[];
  /** Opacities of the lines of the first chart: at first, after clicks on two legend entries, and again on both. */
  readonly opacities: readonly (readonly string[])[];
  /** Those of the last chart, after the first two clicks. */
  readonly otherOpacities: readonly string[];
  readonly tooltip: string;
  /** Tick labels of the first chart: at first, after a turn of the wheel, and after one with Ctrl. */
  readonly ticks: readonly (readonly string[])[];
  readonly dark: { readonly color: string; readonly background: string; readonly labels: readonly string[] };
  /** Messages, errors, dialogs, and requests for anything but the report. */
  readonly events: readonly string[];
}

const events: string[] = [];

function chart(page: Page, heading: string): Locator {
  return page.locator("figure").filter({ hasText: heading });
}

async function opacities(page: Page, heading: string): Promise<string[]> {
  const lines = chart(page, heading).locator("g.mark-line path");
  return await lines.evaluateAll((paths) => paths.map((path) => path.getAttribute("opacity") ?? "1"));
}

async function clickLegend(page: Page, heading: string, index: number): Promise<void> {
  await chart(page, heading).locator("g.role-legend-label text").nth(index).click();
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

async function ticks(page: Page, heading: string): Promise<string[]> {
  return await chart(page, heading).locator("g.role-axis-label").first().locator("text").allTextContents();
}

/** Turns the wheel over a chart. */
async function wheel(page: Page, heading: string): Promise<void> {
  const box = (await chart(page, heading).locator("svg.marks").boundingBox())!;
  await page.mouse.move(box.x + 250, box.y + 200);
  await page.mouse.wheel(0, -200);
  await page.waitForTimeout(200);
}

async function look(colorScheme: "light" | "dark", width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => events.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => events.push(`error: ${error.message}`));
  page.on("request", (request) => request.url() !== address && events.push(`request: ${request.url()}`));
  page.on("dialog", async (dialog) => {
    events.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.goto(address);
  await page.locator('body[data-ready="yes"]').waitFor();
  await page.screenshot({ path: join(folder, `${colorScheme}-${width}.png`), fullPage: true });
  return page;
}

const [executablePath, address, first, last, folder] = Deno.args;
const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", ...quiet] });
try {
  const page = await look("light", 1440);
  const seen = {
    title: await page.title(),
    charts: await page.locator("figure svg.marks").count(),
    intruders: await page.locator("main script, main img").count(),
    cells: await page.locator("td").allTextContents(),
    chartTexts: await page.locator("figure svg text").allTextContents(),
  };

  const shades = [await opacities(page, first)];
  for (const index of [1, 2]) {
    await clickLegend(page, first, index);
    shades.push(await opacities(page, first));
  }
  await page.screenshot({ path: join(folder, "picked.png"), fullPage: true });
  const otherOpacities = await opacities(page, last);
  for (const index of [1, 2]) await clickLegend(page, first, index);
  shades.push(await opacities(page, first));

  await chart(page, last).scrollIntoViewIfNeeded();
  const box = (await chart(page, last).locator("svg.marks").boundingBox())!;
  await page.mouse.move(box.x + 160, box.y + 160); // enters the cell of the nearest point
  await page.mouse.move(box.x + 161, box.y + 160);
  const tooltip = await page.locator("#vg-tooltip-element.visible").innerText();
  await page.screenshot({ path: join(folder, "tooltip.png") });

  await chart(page, first).scrollIntoViewIfNeeded();
  const labels = [await ticks(page, first)];
  await wheel(page, first);
  labels.push(await ticks(page, first));
  await page.keyboard.down("Control");
  await wheel(page, first);
  labels.push(await ticks(page, first));

  await look("light", 500);
  const night = await look("dark", 1440);
  const dark = await night.locator("body").evaluate((body) => {
    const { color, backgroundColor } = getComputedStyle(body);
    return { color, background: backgroundColor };
  });
  const inks = await night.locator("figure svg text").evaluateAll((all) =>
    all.map((text) => getComputedStyle(text).fill)
  );
  const report: Seen = {
    ...seen,
    opacities: shades,
    otherOpacities,
    tooltip,
    ticks: labels,
    dark: { ...dark, labels: inks },
    events,
  };
  console.log(JSON.stringify(report));
} finally {
  await browser.close();
}
