// What a notebook receives, from Deno's kernel with the library imported as its users import it.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Kernel } from "../../kernels/jupyter/kernel.ts";
import type { Output } from "../../kernels/jupyter/outputs.ts";
import { OutputCollector } from "../../kernels/jupyter/outputs.ts";

const lib = new URL("../../lib/", import.meta.url).href;

/** Runs the cells in a new kernel; gives each cell's outputs, and every message about a display in its order. */
async function run(
  cells: readonly string[],
): Promise<{ outputs: Output[][]; displays: { type: string; at: number }[] }> {
  const kernel = await Kernel.start({ directory: new URL(".", import.meta.url).pathname });
  const collector = new OutputCollector(), outputs: Output[][] = [], displays: { type: string; at: number }[] = [];
  kernel.onPublished = (message) => {
    const type = message.header.msg_type, { data } = message.content as { data?: Record<string, unknown> };
    const shown = data?.["text/plain"] !== undefined; // the marker that settles outputs shows nothing
    if (type.endsWith("display_data") && shown) displays.push({ type, at: performance.now() });
    collector.take(message);
  };
  try {
    for (const cell of cells) {
      outputs.push(collector.begin() as Output[]);
      const { status } = await kernel.execute(cell);
      await kernel.settle();
      assertEquals(status, "ok", JSON.stringify(outputs.at(-1)));
    }
    return { outputs, displays };
  } finally {
    await kernel.stop(true);
  }
}

function bundle(outputs: readonly Output[]): Record<string, unknown> {
  const shown = outputs.filter((output) => "data" in output);
  assertEquals(shown.length, 1, JSON.stringify(outputs));
  return (shown[0] as { data: Record<string, unknown> }).data;
}

Deno.test("a notebook shows a study as a table, its profile and curves as charts", async () => {
  const { outputs } = await run([
    `import { compare } from "${lib}compare/mod.ts";
     import { gradientNorm } from "${lib}core/mod.ts";
     import "${lib}display/mod.ts";
     import { bfgs, lbfgs } from "${lib}smooth/mod.ts";
     const value = (x) => (x[0] - 1) ** 2;
     const gradient = (x, out) => { out[0] = 2 * (x[0] - 1); return value(x); };
     const name = "<b>bowl</b>", problem = { kind: "smooth", name, dimension: 1, value, gradient };
     const problems = [{ name, problem, start: new Float64Array(1), minima: [0] }];
     const study = compare({ problems, solvers: [bfgs(), lbfgs()], stop: gradientNorm() });`,
    "study",
    "study.performanceProfile()",
    "study.convergence()",
    "Deno[Deno.internal].jupyter.broadcastResult.settles",
  ]);
  const table = bundle(outputs[1]);
  assertEquals(Object.keys(table).sort(), ["text/html", "text/plain"]);
  assertStringIncludes(table["text/html"] as string, "<td>&lt;b&gt;bowl&lt;/b&gt;</td>");
  for (const shown of [outputs[2], outputs[3]]) {
    const chart = bundle(shown);
    assertEquals(Object.keys(chart).sort(), ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
    assert((chart["image/png"] as string).startsWith("iVBORw0KGgo"));
  }
  assertEquals(bundle(outputs[4])["text/plain"], "true"); // outputs stay in their cells from the first import on
});

Deno.test("a notebook shows a progress bar that moves in place while the cell is busy", async () => {
  const { outputs, displays } = await run([
    `import { progressBar } from "${lib}display/mod.ts";`,
    `const bar = progressBar(100), begin = performance.now();
     for (let i = 1; i <= 100; i++) { bar.update(i, "<i>"); while (performance.now() - begin < 10 * i); }
     bar.finish();`,
  ]);
  assertEquals(displays.map(({ type }) => type).slice(0, 2), ["display_data", "update_display_data"]);
  assert(displays.length >= 5 && displays.length <= 12, `${displays.length} drawings in a second`);
  const span = displays.at(-1)!.at - displays[0].at;
  assert(span > 500, `all drawings came within ${span} ms`);
  const shown = bundle(outputs[1]);
  assertEquals(/^100\/100, \d\.\d s$/.test(shown["text/plain"] as string), true, String(shown["text/plain"]));
  assertStringIncludes(shown["text/html"] as string, '<progress value="100" max="100"');
});
