import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { checkTypes } from "../../kernels/jupyter/check.ts";
import { readNotebook, writeNotebook } from "../../kernels/jupyter/notebook.ts";
import { runNotebook } from "../../kernels/jupyter/run.ts";

interface Draft {
  readonly source: string;
  readonly tags?: readonly string[];
  readonly type?: string;
}

/** A notebook as a front end would save it: with identities and times of its own. */
function notebook(...drafts: readonly (string | Draft)[]): string {
  const cells = drafts.map((draft, index) => {
    const { source, tags, type = "code" } = typeof draft === "string" ? { source: draft } : draft;
    const metadata = { execution: { "iopub.status.busy": "2020-01-01T00:00:00Z" }, ...(tags && { tags }) };
    const code = type === "code" ? { execution_count: 40 + index, outputs: [] } : {};
    return { source, metadata, cell_type: type, ...code };
  });
  return JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: { kernelspec: { name: "deno" } }, cells });
}

const folder = await Deno.makeTempDir({ prefix: "gradus-run-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const path = join(folder, "some.ipynb");
const run = new URL("../../kernels/jupyter/run.ts", import.meta.url).href;

async function command(...words: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", run, ...words],
    env: { NO_COLOR: "1" },
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("runNotebook() puts all of 200 printed lines into the cell that printed them", async () => {
  const print = (name: string) => `for (let i = 0; i < 200; i++) console.log("${name} " + i)`;
  const { error, cells } = await runNotebook(path, notebook(print("first"), print("second"), "'last'"));
  assertEquals(error, undefined);
  const text = (name: string) => Array.from({ length: 200 }, (_, i) => `${name} ${i}\n`).join("");
  assertEquals(cells.map(({ outputs }) => outputs), [
    [{ output_type: "stream", name: "stdout", text: text("first") }],
    [{ output_type: "stream", name: "stdout", text: text("second") }],
    [{ output_type: "execute_result", data: { "text/plain": '"last"' }, metadata: {}, execution_count: 3 }],
  ]);
});

Deno.test("runNotebook() ends at a failing cell and names it", async () => {
  const { error } = await runNotebook(path, notebook("1", "console.log('before'); null.x", "2"));
  assertStringIncludes(error ?? "", "cell 2: TypeError: Cannot read properties of null");
});

Deno.test("runNotebook() wants an error from a cell tagged raises-exception, of either kind", async () => {
  const tags = ["raises-exception"];
  const throwing = { source: "throw new RangeError('wanted')", tags }, unparsed = { source: "let a = = 1", tags };
  const { error, cells } = await runNotebook(path, notebook(throwing, unparsed, { source: "'calm'", tags }));
  assertEquals(error, "cell 3: expected an error, got none");
  assertEquals(cells.length, 3);
});

Deno.test("runNotebook() reports a syntax error with its place", async () => {
  const { error } = await runNotebook(path, notebook("1", "const a = 1;\nlet b: number = = 2;"));
  assertStringIncludes(error ?? "", "cell 2: SyntaxError: Expression expected (line 2, column 17)");
});

Deno.test("runNotebook() applies display updates and clearing to the cell that shows them", async () => {
  const show = (text: string, update: boolean) =>
    `await Deno.jupyter.display({ "text/plain": "${text}" }, { raw: true, display_id: "bar", update: ${update} })`;
  const clear = `console.log("old"); Deno.jupyter.broadcast("clear_output", { wait: true }); console.log("new")`;
  const { error, cells } = await runNotebook(
    path,
    notebook(show("0/2", false), show("1/2", true), clear, show("2/2", true)),
  );
  assertEquals(error, undefined);
  assertEquals(cells.map(({ outputs }) => outputs), [
    [{ output_type: "display_data", data: { "text/plain": "2/2" }, metadata: {} }],
    [],
    [{ output_type: "stream", name: "stdout", text: "new\n" }],
    [],
  ]);
});

Deno.test("runNotebook() reports the death of the kernel and a cell that takes too long", async () => {
  const death = await runNotebook(path, notebook("1", "Deno.exit(3)"));
  assertStringIncludes(death.error ?? "", "cell 2: The kernel ended with code 3");
  const endless = await runNotebook(path, notebook("while (true) {}"), 300);
  assertEquals(endless.error, "cell 1: it took longer than 300 ms");
});

Deno.test("run.ts --write changes no byte the second time, and the check passes until something shows differently", async () => {
  const text = notebook(
    { source: "# Title\n\nText.", type: "markdown" },
    `import { norm2 } from "gradus/core";\nimport { beside } from "./beside.ts";\nconsole.log(typeof norm2, beside);`,
    { source: "Math.random()", tags: ["varies"] },
    "console.log(`${performance.now()} ms`); crypto.randomUUID()",
    { source: "throw new Error('wanted')", tags: ["raises-exception"] },
    "({ b: 1, a: [1, 2] })",
  );
  await Deno.writeTextFile(path, text);
  await Deno.writeTextFile(join(folder, "beside.ts"), "export const beside: string = 'first';");
  const refused = await command(path);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.text, "cell 2 shows something else than what is stored:\n    stored: nothing");

  const rewritten = await command("--write", path);
  assertEquals(rewritten.code, 0, rewritten.text);
  const written = await Deno.readTextFile(path);
  assert(written.endsWith("}\n") && !written.includes("2020-01-01"));
  assertEquals((await command("--write", path)).code, 0);
  assertEquals(await Deno.readTextFile(path), written);
  assertEquals((await command(path)).code, 0);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["beside.ts", "some.ipynb"]);

  await Deno.writeTextFile(join(folder, "beside.ts"), "export const beside: string = 'second';");
  const changed = await command(path);
  assertEquals(changed.code, 1);
  assertStringIncludes(changed.text, "stored: function first\n       now: function second");
});

Deno.test("checkTypes() finds type errors across cells and says where", async () => {
  const text = notebook(
    `import { norm2 } from "gradus/core";\nconst size: number = 3;`,
    "\nconst wrong: string = size;",
    "norm2('text')",
  );
  const complaint = await checkTypes(new Map([[path, readNotebook(text, path)]])) ?? "";
  assertStringIncludes(complaint, `Type 'number' is not assignable to type 'string'`);
  assertStringIncludes(complaint, `${path}, cell 2, line 2, column 7`);
  assertStringIncludes(complaint, `${path}, cell 3, line 1`);
});

Deno.test("writeNotebook() gives one form to equal notebooks: sorted keys, lines, identities by place", () => {
  const text = writeNotebook(readNotebook(notebook("a\nb", { source: "# T", type: "markdown" }), path));
  assertEquals(writeNotebook(readNotebook(text, path)), text);
  const { cells, nbformat_minor, metadata } = JSON.parse(text);
  assertEquals(nbformat_minor, 5);
  assertEquals(metadata.kernelspec.name, "gradus");
  assertEquals(cells[0], {
    cell_type: "code",
    execution_count: 40,
    id: "cell-1",
    metadata: {},
    outputs: [],
    source: ["a\n", "b"],
  });
  assertEquals(Object.keys(cells[0]), Object.keys(cells[0]).toSorted());
  assertEquals(cells[1], { cell_type: "markdown", id: "cell-2", metadata: {}, source: ["# T"] });
});
