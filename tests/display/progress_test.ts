import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/core/mod.ts";
import { progressBar } from "../../lib/display/mod.ts";
import { standingText } from "../../lib/display/progress.ts";

const mod = new URL("../../lib/display/mod.ts", import.meta.url).href;

/** Runs a program; `tty` pretends that its error stream is a terminal of 60 columns. */
async function run(program: string, tty: boolean): Promise<string> {
  const pretend = "Object.assign(process.stderr, { isTTY: true, columns: 60 });";
  const code = `import { progressBar } from ${JSON.stringify(mod)}; ${tty ? pretend : ""} ${program}`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, code);
    const command = new Deno.Command(Deno.execPath(), { args: ["run", "--quiet", "--no-prompt", "--no-config", file] });
    const { code: status, stdout, stderr } = await command.output();
    const text = new TextDecoder().decode(stderr);
    assertEquals([status, stdout.length], [0, 0], text);
    return text;
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("progressBar() moves in place on a terminal during synchronous work, at most ten times a second", async () => {
  const busy = `const bar = progressBar(100000), start = performance.now();
    for (let i = 1; i <= 100000; i++) { bar.update(i, "piece"); while (performance.now() - start < i * 0.005); }
    bar.finish();`;
  const draws = (await run(busy, true)).split("\r").slice(1);
  assert(draws.length >= 3 && draws.length <= 8, `${draws.length} drawings in half a second`);
  for (const draw of draws.slice(0, -1)) assert(draw.endsWith("\x1b[K") && draw.length <= 59 + 3, JSON.stringify(draw));
  const last = draws.at(-1)!.replace("\x1b[K", "<clear>");
  assert(/^█{24} 100000\/100000, 0\.\d s<clear>\n$/.test(last), JSON.stringify(last));
});

Deno.test("progressBar() is silent where there is no terminal", async () => {
  assertEquals(await run("const bar = progressBar(2); bar.update(1); bar.finish();", false), "");
});

Deno.test("progressBar() refuses a total that is not positive", () => {
  assertThrows(() => progressBar(0), DomainError, "Cannot show progress: expected a positive total, got 0");
});

Deno.test("standingText() tells pieces, time, and the time left at the same pace", () => {
  const standing = { done: 30, total: 120, label: "bfgs on box", seconds: 40, finished: false };
  assertEquals(standingText(standing), "30/120, 40 s, about 2 min 0 s left: bfgs on box");
  assertEquals(standingText({ ...standing, done: 120, finished: true }), "120/120, 40 s");
});
