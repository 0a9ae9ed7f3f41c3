// The library runs unchanged in Node.
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { deno, root, run } from "./deno.ts";
import { engineRuns } from "./engine_runs.ts";

async function hasNode(): Promise<boolean> {
  try {
    return (await run("node", ["--version"])).code === 0;
  } catch {
    return false;
  }
}

const node = await hasNode();
if (!node && Deno.env.get("CI")) throw new Error("Cannot compare engines: node is not on the PATH");
if (!node) console.log("not run: the comparison with Node, as there is no node on the PATH");

/** The runs, bundled into one file and made by Node. */
async function runsInNode(): Promise<ReturnType<typeof engineRuns>> {
  const folder = await Deno.makeTempDir();
  try {
    const entry = join(folder, "entry.ts"), bundle = join(folder, "bundle.mjs");
    const runs = pathToFileURL(join(root, "tests/project/engine_runs.ts")).href;
    await Deno.writeTextFile(
      entry,
      `import { engineRuns } from ${JSON.stringify(runs)};\nconsole.log(JSON.stringify(engineRuns()));\n`,
    );
    const bundled = await deno(["bundle", "--quiet", "--no-lock", "--platform", "browser", "--output", bundle, entry]);
    assertEquals(bundled.code, 0, bundled.stderr);
    const { code, stdout, stderr } = await run("node", [bundle]);
    assertEquals(code, 0, stderr);
    return JSON.parse(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "Node and Deno agree: L-BFGS on Rosenbrock bit for bit, every smooth solver in status and value",
  ignore: !node,
  fn: async () => {
    const { runs: here } = engineRuns(), { engine, runs: there } = await runsInNode();
    assertMatch(engine, /^Node/);
    assertEquals(Object.keys(there), Object.keys(here));
    assertEquals(there["Rosenbrock, lbfgs"], here["Rosenbrock, lbfgs"]);
    assertEquals(here["Rosenbrock, lbfgs"].status, "converged");
    for (const [name, { status, value }] of Object.entries(here)) {
      assertEquals(there[name].status, status, name);
      assert(Number.isFinite(value), name);
      assertAlmostEquals(there[name].value, value, 1e-8 * Math.max(1, Math.abs(value)), name);
    }
  },
});
