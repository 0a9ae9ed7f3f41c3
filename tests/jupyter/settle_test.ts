import { assertEquals, assertFalse } from "@std/assert";
import { Kernel } from "../../kernels/jupyter/kernel.ts";
import { settleOutputs } from "../../lib/display/notebook/settle.ts";
import { FrontEnd, printed, sleep } from "./front_end.ts";

const settle = new URL("../../lib/display/notebook/settle.ts", import.meta.url).href;

Deno.test("settleOutputs() does nothing outside a kernel", () => {
  assertFalse(settleOutputs());
});

Deno.test("settleOutputs() keeps the outputs of cells that succeed in their cells, on Deno's own kernel", async () => {
  const kernel = await Kernel.start({ directory: Deno.cwd() });
  const cells = new FrontEnd(kernel);
  await cells.run(`const { settleOutputs } = await import(${JSON.stringify(settle)}); settleOutputs()`);
  await sleep(100); // the cell that installs it is the last one whose outputs may come late
  cells.late = 0;
  for (let cell = 0; cell < 15; cell++) {
    const lines = Array.from({ length: cell % 5 === 0 ? 200 : 10 }, (_, line) => `cell ${cell}, line ${line}\n`);
    const shown = await cells.run(`for (let i = 0; i < ${lines.length}; i++) console.log("cell ${cell}, line " + i)`);
    assertEquals(printed(shown), lines.join(""));
  }
  assertEquals(cells.late, 0);
  await kernel.stop();
});
