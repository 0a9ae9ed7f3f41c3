// The kernelspec in a real front end: Jupyter's classic notebook (version 6) in Chromium.
import { assert, assertEquals, assertLess } from "@std/assert";
import { join } from "node:path";
import { install } from "../../kernels/jupyter/install.ts";

function findProgram(name: string): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(Deno.build.os === "windows" ? ";" : ":")) {
    try {
      if (Deno.statSync(join(folder, name)).isFile) return join(folder, name);
    } catch { // not in this folder
    }
  }
  return undefined;
}

function missing(): string | undefined {
  if (findProgram("chromium") === undefined) return "Chromium is not installed";
  if (findProgram("jupyter-notebook") === undefined) return "Jupyter's classic notebook is not installed";
  const { stdout } = new Deno.Command("jupyter-notebook", { args: ["--version"], stderr: "null" }).outputSync();
  const version = new TextDecoder().decode(stdout).trim();
  return version.startsWith("6.") ? undefined : `Jupyter's notebook ${version} is not the classic one (6)`;
}

const reason = missing();
const required = Deno.env.get("CI") === "true";
if (reason !== undefined && !required) console.log(`tests/browser/notebook_test.ts is skipped: ${reason}`);

const count = 200;
const cells = [
  `for (let i = 0; i < ${count}; i++) console.log("first " + i);`,
  `import { norm2 } from "gradus/core";\nnorm2(Float64Array.of(3, 4))`,
  `for (let i = 0; i < 10; i++) console.log("third " + i);\n"value"`,
  `for (let i = 0; i < 10; i++) console.log("fourth " + i);\nthrow new RangeError("thrown");`,
  `console.log("never runs, since the cell above fails");`,
];

async function startServer(root: string, port: number): Promise<Deno.ChildProcess> {
  const server = new Deno.Command("jupyter-notebook", {
    args: ["--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`, "--port-retries=0"]
      .concat(["--NotebookApp.token=", "--NotebookApp.password=", "--NotebookApp.disable_check_xsrf=True"]),
    cwd: join(root, "notebooks"),
    env: {
      JUPYTER_DATA_DIR: join(root, "share", "jupyter"),
      JUPYTER_CONFIG_DIR: join(root, "config"),
      JUPYTER_RUNTIME_DIR: join(root, "runtime"),
    },
    stdout: "null",
    stderr: "null",
  }).spawn();
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/api`)).body?.cancel();
      return server;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  server.kill("SIGKILL");
  throw new Error("Cannot start the notebook server: no answer in 10 s");
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

interface Shown {
  readonly output_type: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly ename?: string;
}

Deno.test({
  name: "the kernelspec shows outputs in their cells, survives Stop and restarts, in the classic notebook",
  ignore: reason !== undefined && !required,
  fn: async () => {
    assertEquals(reason, undefined);
    const root = await Deno.makeTempDir({ prefix: "gradus-browser-" });
    await install(join(root, "share", "jupyter"));
    await Deno.mkdir(join(root, "notebooks"));
    const notebook = {
      cells: cells.map((source, index) => (
        { cell_type: "code", id: `cell-${index}`, source, metadata: {}, outputs: [], execution_count: null }
      )),
      metadata: { kernelspec: { name: "gradus", display_name: "Gradus (Deno)", language: "typescript" } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    await Deno.writeTextFile(join(root, "notebooks", "check.ipynb"), JSON.stringify(notebook));
    const port = freePort();
    const server = await startServer(root, port);
    try {
      const driver = new URL("./notebook_driver.ts", import.meta.url).href;
      const screenshot = Deno.env.get("GRADUS_SCREENSHOT") ?? join(root, "notebook.png");
      const address = `http://127.0.0.1:${port}/notebooks/check.ipynb`;
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--allow-all", "--no-lock", driver, findProgram("chromium") ?? "", address, screenshot],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const { kernel, all, stopped, stopTime, restarted, problems } = JSON.parse(new TextDecoder().decode(stdout)) as {
        kernel: string;
        all: Shown[][];
        stopped: Shown[][];
        stopTime: number;
        restarted: Shown[];
        problems: string[];
      };
      assertEquals(kernel, "Gradus (Deno)");
      const lines = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i}\n`).join("");
      const brief = all.map((outputs) =>
        outputs.map(({ output_type, text, data, ename }) => [output_type, text ?? data?.["text/plain"] ?? ename])
      );
      assertEquals(brief, [
        [["stream", lines("first", count)]],
        [["execute_result", "5"]],
        [["stream", lines("third", 10)], ["execute_result", '"value"']],
        [["stream", lines("fourth", 10)], ["error", "RangeError"]],
        [],
      ]);
      assertLess(stopTime, 2000);
      assertEquals(stopped[0].map(({ output_type, ename }) => ename ?? output_type), ["stream", "Interrupted"]);
      assertEquals(stopped[1][0].data?.["text/plain"], "true");
      assertEquals(restarted[0].data?.["text/plain"], '"undefined"');
      assertEquals(problems, []);
    } finally {
      server.kill("SIGTERM");
      await server.status;
      await Deno.remove(root, { recursive: true });
    }
  },
});
