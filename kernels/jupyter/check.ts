/**
 * Type-checks the code cells of notebooks: all cells of one notebook, in order, are one module beside it.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import configuration from "../../deno.json" with { type: "json" };
import type { Cell } from "./notebook.ts";

/** The module of a notebook, and the cell number and line for each of its lines. */
interface Module {
  readonly notebook: string;
  readonly path: string;
  readonly text: string;
  readonly places: readonly string[];
}

function toModule(notebook: string, cells: readonly Cell[]): Module {
  const text: string[] = [], places: string[] = [];
  cells.forEach((cell, index) => {
    if (cell.type !== "code") return;
    const rows = [...cell.source.split("\n"), ";"]; // the next cell is a statement of its own, whatever it starts with
    rows.forEach((line, row) => {
      text.push(line);
      places.push(`cell ${index + 1}, line ${row + 1}`);
    });
  });
  text.push("export {};", ""); // a module even without imports, so that await may stand at the top
  const path = join(dirname(resolve(notebook)), `.${basename(notebook, ".ipynb")}.check.ts`);
  return { notebook, path, text: text.join("\n"), places };
}

/** Whether the configuration that Deno finds for a folder names gradus. */
async function mapsGradus(folder: string): Promise<boolean> {
  for (const name of ["deno.json", "deno.jsonc"]) {
    try {
      return (await Deno.readTextFile(join(folder, name))).includes('"gradus"');
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return dirname(folder) === folder ? false : await mapsGradus(dirname(folder));
}

function importMap(): string {
  const imports = Object.fromEntries(
    Object.entries(configuration.exports).flatMap(([entry, path]) => {
      const address = new URL(`../../${path}`, import.meta.url).href;
      return [[entry.replace(".", "gradus"), address], [entry.replace(".", configuration.name), address]];
    }),
  );
  return `data:application/json,${encodeURIComponent(JSON.stringify({ imports }))}`;
}

/** Checks the modules of one folder; undefined if all is well. */
async function checkFolder(folder: string, modules: readonly Module[]): Promise<string | undefined> {
  const options = await mapsGradus(folder) ? [] : [`--import-map=${importMap()}`];
  try {
    await Promise.all(modules.map(({ path, text }) => Deno.writeTextFile(path, text)));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", ...options, ...modules.map(({ path }) => path)],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) return undefined;
    const report = new TextDecoder().decode(stderr).replace(/\n*Stack backtrace:[^]*$/, "");
    return modules.reduce((text, { notebook, path, places }) => {
      const address = new RegExp(`${RegExp.escape(pathToFileURL(path).href)}:(\\d+):(\\d+)`, "g");
      return text.replace(address, (_, line, column) => `${notebook}, ${places[line - 1] ?? "end"}, column ${column}`);
    }, report);
  } finally {
    await Promise.all(modules.map(({ path }) => Deno.remove(path).catch(() => {})));
  }
}

/**
 * Checks notebooks, given as path and cells. `gradus` is what a deno.json above the notebook says, else this copy.
 *
 * @returns what the compiler says, with cells and lines in place of files; undefined if all is well.
 */
export async function checkTypes(notebooks: ReadonlyMap<string, readonly Cell[]>): Promise<string | undefined> {
  const modules = [...notebooks].map(([path, cells]) => toModule(path, cells));
  const complaints: string[] = [];
  for (const [folder, inFolder] of Map.groupBy(modules, ({ path }) => dirname(path))) {
    const complaint = await checkFolder(folder, inFolder);
    if (complaint !== undefined) complaints.push(complaint);
  }
  return complaints.length > 0 ? complaints.join("\n") : undefined;
}
