/**
 * Runs notebooks on Deno's kernel and checks that they still show what is stored in them:
 *
 *     deno run -A kernels/jupyter/run.ts [--write] notebooks/*.ipynb
 *
 * Every code cell is type-checked and executed, in order. A cell that fails ends its notebook, unless it is tagged
 * `raises-exception`: then it must fail. Fresh outputs must show what the stored ones show; the text of a cell tagged
 * `timing` or `varies` may differ. `--write` stores fresh outputs in place of those that differ, and the whole file in
 * one canonical form, so that a second run changes no byte; clear a cell's outputs to have them stored anew for sure.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { checkTypes } from "./check.ts";
import { firstDifference } from "./difference.ts";
import { explainFailure } from "./failure.ts";
import { Kernel } from "./kernel.ts";
import type { Message } from "./messages.ts";
import { type Cell, readNotebook, writeNotebook } from "./notebook.ts";
import { type Output, OutputCollector } from "./outputs.ts";

const cellLimit = 120_000;
/** Addresses in stack traces must not tell where this copy lies. */
const home = new URL("../../", import.meta.url).href;

export interface NotebookRun {
  /** What went wrong in a cell, where the run then ended; undefined if nothing did. */
  readonly error: string | undefined;
  /** Where the fresh outputs show something else than the stored ones. */
  readonly differences: readonly string[];
  /** The cells, with fresh outputs where these differ and stored ones elsewhere. */
  readonly cells: readonly Cell[];
}

type ErrorOutput = Output & { output_type: "error" };

function withoutHome(error: ErrorOutput): Output {
  const hide = (text: string): string => text.replaceAll(home, "gradus/");
  return { ...error, evalue: hide(error.evalue), traceback: error.traceback.map(hide) };
}

/** Executes a cell and returns all its outputs. @throws {Error} when the kernel ends or the time is over. */
async function runCell(kernel: Kernel, source: string, collector: OutputCollector, limit: number): Promise<Output[]> {
  const outputs = collector.begin(), errors: Message[] = [];
  kernel.onPublished = (message) => { // an error overtakes the outputs before it, which wait in the kernel's queue
    if (message.header.msg_type === "error") errors.push(message);
    else collector.take(message);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${limit} ms`)), limit);
  });
  try {
    const { status } = await Promise.race([kernel.execute(source), late]);
    await Promise.race([kernel.settle(), late]);
    errors.forEach((message) => collector.take(message));
    if (status === "error" && errors.length === 0) {
      outputs.push({ output_type: "error", ...await explainFailure(source) });
    }
    return outputs;
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with the outcome of a cell. */
function judge(cell: Cell, outputs: readonly Output[]): string | undefined {
  const error = outputs.find((output): output is ErrorOutput => output.output_type === "error");
  const expected = cell.tags.includes("raises-exception");
  if (expected) return error === undefined ? "expected an error, got none" : undefined;
  return error && [`${error.ename}: ${error.evalue}`, ...error.traceback].join("\n");
}

/** Runs all cells of a notebook in a new kernel. Does not write. */
export async function runNotebook(path: string, text: string, limit: number = cellLimit): Promise<NotebookRun> {
  const cells = readNotebook(text, path);
  const collector = new OutputCollector();
  const kernel = await Kernel.start({
    directory: dirname(resolve(path)),
    startup: import.meta.resolve("./startup.ts"),
  });
  const fresh: { readonly cell: Cell; readonly outputs: readonly Output[]; readonly number: number }[] = [];
  let error: string | undefined, broken = false;
  for (const [index, cell] of cells.entries()) {
    if (cell.type !== "code") continue;
    if (cell.source.trim() === "") {
      Object.assign(cell, { outputs: [], executionCount: null });
      continue;
    }
    const number = index + 1;
    try {
      const outputs = await runCell(kernel, cell.source, collector, limit);
      fresh.push({ cell, outputs, number });
      error = judge(cell, outputs);
    } catch (cause) {
      error = (cause as Error).message;
      broken = true; // such a kernel would not answer
    }
    if (error === undefined) continue;
    error = `cell ${number}: ${error}`;
    break;
  }
  await kernel.stop(!broken);
  if (error !== undefined) return { error, differences: [], cells };

  // Outputs are compared at the end only: a later cell may update a display of an earlier one.
  const differences: string[] = [];
  for (const [index, { cell, outputs, number }] of fresh.entries()) {
    const clean = outputs.map((output) => output.output_type === "error" ? withoutHome(output) : output);
    const difference = firstDifference(cell.outputs, clean, cell.tags);
    if (difference !== undefined) {
      differences.push(`cell ${number} shows something else than what is stored:\n  ${difference}`);
      cell.outputs = clean;
    }
    cell.executionCount = index + 1;
    cell.outputs = cell.outputs.map((output) =>
      output.output_type === "execute_result" ? { ...output, execution_count: index + 1 } : output
    );
  }
  return { error, differences, cells };
}

/** Runs one notebook and tells what is wrong with it; writing puts differences right. */
async function pass(path: string, text: string, write: boolean): Promise<readonly string[]> {
  const { error, differences, cells } = await runNotebook(path, text);
  if (error !== undefined) return [error];
  const form = writeNotebook(cells);
  if (form === text) return [];
  if (write) await Deno.writeTextFile(path, form);
  if (write) return [];
  return differences.length > 0 ? differences : ["the file is not in canonical form; --write makes it so"];
}

async function main(words: string[]): Promise<number> {
  const write = words.includes("--write"), paths = words.filter((word) => word !== "--write");
  if (paths.length === 0 || paths.some((path) => !path.endsWith(".ipynb"))) {
    console.error("usage: run.ts [--write] NOTEBOOK.ipynb ...");
    return 2;
  }
  let wrong = 0;
  const texts = new Map(paths.map((path) => [path, Deno.readTextFileSync(path)]));
  const complaint = await checkTypes(new Map([...texts].map(([path, text]) => [path, readNotebook(text, path)])));
  if (complaint !== undefined) {
    wrong++;
    console.error(complaint);
  }
  for (const [path, text] of texts) {
    const start = performance.now(), failures = await pass(path, text, write);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${failures.length > 0 ? "FAILED" : "ok    "} ${path} (${seconds} s)`);
    failures.forEach((failure) => console.error(`  ${failure.replaceAll("\n", "\n  ")}`));
    wrong += failures.length;
  }
  return wrong > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
