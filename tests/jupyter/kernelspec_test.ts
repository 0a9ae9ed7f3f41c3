import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { basename, join } from "node:path";
import { install } from "../../kernels/jupyter/install.ts";
import { Kernel } from "../../kernels/jupyter/kernel.ts";
import { FrontEnd, printed, sleep, value } from "./front_end.ts";

interface Kernelspec {
  readonly argv: readonly string[];
  readonly interrupt_mode: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Installs the kernelspec into a folder of its own, and runs a body with it and with a notebook folder. */
async function withKernelspec(body: (kernelspec: Kernelspec, folder: string, installed: string) => Promise<void>) {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "gradus-notebooks-" }));
  try {
    const installed = await install(join(root, "share", "jupyter"));
    const folder = join(root, "some folder");
    await Deno.mkdir(folder);
    await body(JSON.parse(await Deno.readTextFile(join(installed, "kernel.json"))), folder, installed);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Starts what the kernelspec says, as Jupyter does. */
async function start({ argv }: Kernelspec, directory: string): Promise<FrontEnd> {
  const command = (file: string) => argv.map((word) => word.replace("{connection_file}", file));
  return new FrontEnd(await Kernel.start({ directory, command }));
}

Deno.test("install() writes a kernelspec with absolute paths, logos, and interrupts by message", async () => {
  await withKernelspec(async ({ argv, interrupt_mode, env }, _, installed) => {
    assertEquals(basename(installed), "gradus");
    assertEquals(argv[0], Deno.execPath());
    assertEquals(await Deno.realPath(argv.at(-2) ?? ""), argv.at(-2));
    assertEquals(argv.at(-1), "{connection_file}");
    assertEquals(interrupt_mode, "message");
    assertEquals(env.NO_COLOR, "1");
    for (const size of [32, 64]) {
      const png = await Deno.readFile(join(installed, `logo-${size}x${size}.png`));
      const view = new DataView(png.buffer);
      assertEquals([view.getUint32(16), view.getUint32(20)], [size, size]);
    }
    assertStringIncludes(await Deno.readTextFile(join(installed, "logo-svg.svg")), "<svg");
  });
});

Deno.test("install.ts --dry-run says what it would write and writes nothing", async () => {
  const folder = await Deno.makeTempDir();
  const script = new URL("../../kernels/jupyter/install.ts", import.meta.url).href;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-env", "--allow-read", "--allow-sys", script, "--prefix", folder, "--dry-run"],
  }).output();
  assertEquals(code, 0);
  assertStringIncludes(new TextDecoder().decode(stdout), join(folder, "share", "jupyter", "kernels", "gradus"));
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("kernelspec imports gradus and files beside the notebook from any folder", async () => {
  await withKernelspec(async (kernelspec, folder) => {
    await Deno.writeTextFile(join(folder, "beside.ts"), "export const beside: string = 'found';");
    const cells = await start(kernelspec, folder);
    const shown = await cells.run(`import { norm2 } from "gradus/core";
import { norm2 as again } from "@gradus/gradus/core";
import { beside } from "./beside.ts";
[beside, norm2 === again, Deno.cwd()].join()`);
    assertEquals(value(shown), JSON.stringify(`found,true,${folder}`));
    const missing = await cells.run(`import "gradus/nothing"`);
    assertStringIncludes(String(missing.reply.evalue), "gradus/nothing");
    await cells.kernel.stop();
  });
});

Deno.test("kernelspec leaves gradus to a deno.json above the notebook that maps it", async () => {
  await withKernelspec(async (kernelspec, folder) => {
    await Deno.writeTextFile(join(folder, "own.ts"), "export const mine: string = 'own copy';");
    await Deno.writeTextFile(join(folder, "helper.ts"), `export { mine as helped } from "gradus";`);
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ imports: { gradus: "./own.ts" } }));
    const below = join(folder, "below");
    await Deno.mkdir(below);
    const cells = await start(kernelspec, below);
    const shown = await cells.run(
      `import { mine } from "gradus"; import { helped } from "../helper.ts"; mine + helped`,
    );
    assertEquals(value(shown), '"own copyown copy"');
    await cells.kernel.stop();
  });
});

Deno.test("kernelspec keeps all outputs in their cells, whether they succeed, throw or do not parse", async () => {
  await withKernelspec(async (kernelspec, folder) => {
    const cells = await start(kernelspec, folder);
    const endings = ["", "throw new Error('thrown')", "await Promise.reject(new TypeError('rejected'))", "'value'"];
    for (let cell = 0; cell < 16; cell++) {
      const count = cell < 4 ? 200 : 10;
      const lines = Array.from({ length: count }, (_, line) => `cell ${cell}, line ${line}\n`);
      const shown = await cells.run(`for (let i = 0; i < ${count}; i++) console.log("cell ${cell}, line " + i);
${endings[cell % 4]}`);
      assertEquals(printed(shown), lines.join(""));
      const kinds = [["stream"], ["stream", "error"], ["stream", "error"], ["stream", "execute_result"]][cell % 4];
      assertEquals(shown.outputs.map((output) => output.output_type), kinds);
    }
    const { outputs, reply } = await cells.run("const fine = 1;\nlet wrong: number = = 2;");
    assertEquals(outputs.map((output) => output.output_type), ["error"]);
    assertEquals([reply.ename, reply.evalue], ["SyntaxError", "Expression expected (line 2, column 21)"]);
    assertEquals(cells.late, 0);
    await cells.kernel.stop();
  });
});

Deno.test("kernelspec stops a computing cell and the cells that wait, and keeps the kernel's state", async () => {
  await withKernelspec(async (kernelspec, folder) => {
    const cells = await start(kernelspec, folder);
    await cells.run("let kept = 40;");
    for (const [expected, before] of [["41", ""], ["42", "await null;"]]) { // an import is an await, too
      const endless = cells.run(`${before} console.log("begun"); kept++; while (true) {}`);
      const waiting = cells.run("kept = 0");
      await sleep(200);
      const pressed = performance.now();
      await cells.kernel.request("control", "interrupt_request", {});
      const shown = await endless;
      assertLess(performance.now() - pressed, 2000);
      assertEquals(printed(shown), "begun\n");
      assertEquals([shown.reply.status, shown.reply.ename], ["error", "Interrupted"]);
      assertEquals((await waiting).reply.status, "aborted");
      assertEquals(value(await cells.run("kept")), expected);
    }
    await cells.kernel.stop();
  });
});

Deno.test("kernelspec stops a running solve or compare, and lastRun() has the last good state", async () => {
  await withKernelspec(async (kernelspec, folder) => {
    const cells = await start(kernelspec, folder);
    await cells.run(`import { iterations, lastRun, solve } from "gradus/core";
import { compare } from "gradus/compare";
import { gradientDescent } from "gradus/smooth";
const valley = {
  kind: "smooth" as const,
  dimension: 2,
  value: ([x, y]: Float64Array) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: ([x, y]: Float64Array, out: Float64Array) => {
    out[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    out[1] = 200 * (y - x * x);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  },
};
const crawl = gradientDescent({ step: 1e-9 }), start = [-1.2, 1];`);
    const pressStop = async (): Promise<void> => {
      await sleep(250);
      await cells.kernel.request("control", "interrupt_request", {});
    };
    for (let press = 0; press < 3; press++) { // wherever Stop hits the iteration, point and value belong together
      const solving = cells.run(`solve(valley, crawl, { start, stop: iterations(1e12) })`);
      await pressStop();
      assertEquals((await solving).reply.ename, "Interrupted");
      const state = printed(
        await cells.run(`{
  const { iterations, value, x, status } = lastRun();
  console.log(JSON.stringify({ iterations, value, status, same: valley.value(x) === value }));
}`),
      );
      const { iterations, value, status, same } = JSON.parse(state);
      assert(iterations > 1000 && value < 24.2 && value > 4 && status === "aborted" && same, state);
    }
    const instance = "{ name: 'valley', problem: valley, start: Float64Array.from(start), minima: [0] }";
    const comparing = cells.run(`compare({ problems: [${instance}], solvers: [crawl], stop: iterations(1e12) })`);
    await pressStop();
    assertEquals((await comparing).reply.ename, "Interrupted");
    assertEquals(value(await cells.run("lastRun().status")), '"aborted"');
    assertEquals(value(await cells.run("solve(valley, crawl, { start, stop: iterations(5) }).iterations")), "5");
    await cells.kernel.stop();
  });
});

Deno.test("kernelspec lets a cell that waits go on after Stop, and says so", async () => {
  await withKernelspec(async (kernelspec, folder) => {
    const cells = await start(kernelspec, folder);
    const waiting = cells.run("await new Promise((resolve) => setTimeout(resolve, 400)); 'done'");
    await sleep(100);
    await cells.kernel.request("control", "interrupt_request", {});
    const shown = await waiting;
    assertEquals(shown.outputs[0].output_type, "stream");
    assertStringIncludes(printed(shown), "This one waits");
    assertEquals(value(shown), '"done"');
    await cells.kernel.stop();
  });
});

Deno.test("kernelspec leaves no process behind when its launcher is killed", async () => {
  await withKernelspec(async (kernelspec, folder) => {
    const cells = await start(kernelspec, folder);
    const pid = Number(value(await cells.run("Deno.pid")));
    const alive = () => {
      try {
        Deno.kill(pid, "SIGCONT"); // does nothing to a running process, and throws when there is none
        return true;
      } catch {
        return false;
      }
    };
    assert(alive());
    await cells.kernel.stop(false);
    for (let wait = 0; wait < 40 && alive(); wait++) await sleep(50);
    assert(!alive());
  });
});
