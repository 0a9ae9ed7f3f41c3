// Drives the classic Jupyter notebook in a browser, as a person would, and prints what each cell shows as JSON.
//     deno run -A notebook_driver.ts CHROMIUM ADDRESS SCREENSHOT
import { chromium, type Page } from "npm:playwright-core@1.65";

/** The parts of the notebook page's own interface that are used here. */
interface Notebook {
  readonly kernel: { is_connected(): boolean; restart(done: () => void): void };
  readonly kernel_busy: boolean;
  readonly session: { delete(): void };
  execute_all_cells(): void;
  execute_cell(): void;
  select(index: number): void;
  insert_cell_at_bottom(type: string): { set_text(text: string): void };
  set_dirty(dirty: boolean): void;
  get_cells(): { readonly input_prompt_number: unknown; readonly output_area: { readonly outputs: unknown[] } }[];
}
declare const Jupyter: { readonly notebook: Notebook };

const [executablePath, address, screenshot] = Deno.args;
const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", ...quiet] });
const page: Page = await browser.newPage({ viewport: { width: 1000, height: 1400 } });
page.setDefaultTimeout(30_000);
const problems: string[] = [];
page.on("pageerror", (error) => problems.push(error.message));

function outputs(): Promise<unknown[]> {
  return page.evaluate(() => Jupyter.notebook.get_cells().map((cell) => cell.output_area.outputs));
}

async function finished(): Promise<void> {
  await page.waitForFunction(() => {
    const { notebook } = Jupyter;
    return !notebook.kernel_busy && notebook.get_cells().every((cell) => cell.input_prompt_number !== "*");
  });
}

async function runNewCell(source: string): Promise<void> {
  await page.evaluate((source) => {
    const { notebook } = Jupyter;
    notebook.insert_cell_at_bottom("code").set_text(source);
    notebook.select(notebook.get_cells().length - 1);
    notebook.execute_cell();
  }, source);
}

try {
  await page.goto(address);
  await page.waitForFunction(() => typeof Jupyter !== "undefined" && Jupyter.notebook?.kernel?.is_connected());
  const kernel = await page.textContent(".kernel_indicator_name");

  await page.evaluate(() => Jupyter.notebook.execute_all_cells());
  await finished();
  await page.waitForTimeout(300); // time for outputs that come too late, if there are any
  const all = await outputs();

  await runNewCell("let kept = 1; console.log('begun'); while (true) kept++;");
  await page.getByText("begun", { exact: true }).waitFor();
  const pressed = performance.now();
  await page.click("#int_interrupt button, button[data-jupyter-action='jupyter-notebook:interrupt-kernel']");
  await finished();
  const stopTime = performance.now() - pressed;
  await runNewCell("kept > 1000");
  await finished();
  const stopped = (await outputs()).slice(-2);
  await page.screenshot({ path: screenshot });

  await page.evaluate(() => new Promise<void>((resolve) => Jupyter.notebook.kernel.restart(resolve)));
  await page.waitForFunction(() => Jupyter.notebook.kernel.is_connected());
  await runNewCell("typeof kept");
  await finished();
  const restarted = (await outputs()).at(-1);
  console.log(JSON.stringify({ kernel: kernel?.trim(), all, stopped, stopTime, restarted, problems }));
} finally {
  await page.evaluate(() => {
    Jupyter.notebook.set_dirty(false);
    Jupyter.notebook.session.delete();
  }).catch(() => {});
  await browser.close();
}
