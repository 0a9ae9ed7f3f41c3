import { assert, assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);
const display = new URL("lib/display/mod.ts", root).href;

/** Runs a program without any permission, without a prompt, and without a network. */
async function run(program: string): Promise<string> {
  const url = `data:application/javascript,${encodeURIComponent(program)}`;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-config", "--cached-only", url],
  });
  const { code, stdout, stderr } = await command.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("importing the display room takes no time and no permission", async () => {
  const times = []; // of the processor, whatever else the machine does
  for (let i = 0; i < 3; i++) {
    times.push(Number(
      await run(`import process from "node:process";
        const before = process.cpuUsage();
        await import("${display}");
        const { user, system } = process.cpuUsage(before);
        console.log((user + system) / 1000);`),
    ));
  }
  assert(Math.min(...times) < 100, `${times} ms`);
});

Deno.test("importing the display room loads no package", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", "--no-config", display] })
    .output();
  interface Module {
    readonly specifier: string;
    readonly dependencies?: {
      readonly specifier: string;
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier: string };
    }[];
  }
  const modules = new Map(
    (JSON.parse(new TextDecoder().decode(stdout)).modules as Module[]).map((m) => [m.specifier, m]),
  );
  const eager = new Set<string>(), left = [display];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (eager.has(at)) continue;
    eager.add(at);
    for (const { code, isDynamic } of modules.get(at)?.dependencies ?? []) {
      if (code && !isDynamic) left.push(code.specifier);
    }
  }
  assert(eager.size > 10, `${eager.size} modules`);
  assertEquals([...eager].filter((specifier) => !specifier.startsWith(root.href)), []);
  assert(
    [...modules.values()].some((m) => m.dependencies?.some((d) => d.isDynamic)),
    "the check sees no dynamic import",
  );
});
