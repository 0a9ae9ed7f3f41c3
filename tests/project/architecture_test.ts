// The house stands as ARCHITECTURE.md draws it: imports point down, lib runs in a browser, files are short, the package
// holds the library alone. Each check is first shown a violation.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { deno, root } from "./deno.ts";
import { exists, filesBelow, type Import, readImports } from "./imports.ts";
import { judge, mayNameDeno } from "./rooms.ts";

const browser = join(root, "tests/project/browser.json");

/** Makes a tree with these files, for as long as `use` takes. */
async function withTree<T>(files: Readonly<Record<string, string>>, use: (tree: string) => Promise<T>): Promise<T> {
  const tree = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(tree, path)), { recursive: true });
      await Deno.writeTextFile(join(tree, path), text);
    }
    return await use(tree);
  } finally {
    await Deno.remove(tree, { recursive: true });
  }
}

async function importViolations(tree: string): Promise<string[]> {
  const files = ["mod.ts", ...filesBelow(tree, ["lib", "kernels"], ".ts")];
  return (await readImports(tree, files)).map(judge).filter((wrong) => wrong !== undefined);
}

/** What the compiler says of the files that must run in a browser. */
async function browserViolations(tree: string): Promise<string> {
  const files = ["mod.ts", ...filesBelow(tree, ["lib"], ".ts")].filter((path) => !mayNameDeno(path));
  const { code, stderr } = await deno(["check", "--quiet", "--no-lock", "--config", browser, ...files], tree);
  return code === 0 ? "" : stderr;
}

const lineCount = (text: string): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

function lengths(tree: string, limit: number): string[] {
  const files = filesBelow(tree, ["lib", "kernels", "tests", "bench", "tasks"], ".ts");
  return files.map((path) => ({ path, lines: lineCount(Deno.readTextFileSync(join(tree, path))) }))
    .filter(({ lines }) => lines > limit).map(({ path, lines }) => `${path} has ${lines} lines`);
}

function vagueNames(tree: string): string[] {
  const files = filesBelow(tree, ["lib", "kernels", "tests", "bench", "tasks"], "");
  return files.filter((path) =>
    path.split("/").some((part) => /^(utils?|helpers?|common|misc)(_test)?(\.\w+)?$/.test(part))
  );
}

/** The paths in the output of a publishing dry run. */
function packagedFiles(output: string): string[] {
  return [...output.matchAll(/^\s+file:\S*?\/\/\S+ \(.*\)$/gm)].map(([line]) => line.trim().split(" ")[0]);
}

Deno.test("judge() allows what the architecture allows and nothing else", () => {
  const refused: Record<string, [string, string]> = {
    "imports point down": ["lib/core/run.ts", "lib/smooth/mod.ts"],
    "from another room only its mod.ts": ["lib/smooth/bfgs.ts", "lib/core/run.ts"],
    "lib imports lib": ["lib/linalg/blas.ts", "kernels/native/mod.ts"],
    "the root re-exports": ["mod.ts", "lib/core/run.ts"],
    "stand on nothing": ["kernels/wasm/gemm.ts", "lib/core/mod.ts"],
    "stand on the rooms' mod.ts": ["kernels/native/backend.ts", "lib/linalg/kernels/by_size.ts"],
    "has no place": ["lib/surprise/mod.ts", "lib/core/mod.ts"],
  };
  for (const [rule, [from, to]] of Object.entries(refused)) assertStringIncludes(judge({ from, to }) ?? "", rule);
  assertStringIncludes(judge({ from: "lib/zeroth/a.ts", to: "lib/splitting/mod.ts" }) ?? "", "point down"); // neighbours
  assertStringIncludes(judge({ from: "lib/smooth/a.ts", to: "kernels/wasm/mod.ts" }) ?? "", "lib imports lib");
  assertStringIncludes(judge({ from: "lib/cli/main.ts", to: "tests/data/read.ts" }) ?? "", "lib imports lib");
  assertStringIncludes(judge({ from: "lib/cli/main.ts", to: "@gradus/gradus/core" }) ?? "", "lib imports lib");
  const allowed: [string, string][] = [
    ["lib/smooth/bfgs.ts", "lib/smooth/linesearch/backtracking.ts"],
    ["lib/smooth/bfgs.ts", "lib/core/mod.ts"],
    ["lib/linalg/blas.ts", "kernels/wasm/mod.ts"],
    ["lib/display/render.ts", "npm:/vega@6.4.0"],
    ["lib/cli/main.ts", "node:process"],
    ["kernels/wasm/build.ts", "npm:/assemblyscript@0.28.20/asc"],
    ["kernels/native/mod.ts", "lib/linalg/mod.ts"],
    ["mod.ts", "lib/core/mod.ts"],
    ["kernels/jupyter/startup.ts", "lib/display/mod.ts"],
    ["tests/core/rng_test.ts", "lib/core/rng.ts"],
  ];
  assertEquals(allowed.map(([from, to]) => judge({ from, to })), allowed.map(() => undefined));
});

Deno.test("readImports() sees imports of types, re-exports and dynamic imports, but no examples in comments", async () => {
  const files = {
    "mod.ts": `export * from "./lib/core/mod.ts";\n`,
    "lib/smooth/mod.ts": "export type S = 1;\nexport const s = 1;\n",
    "lib/core/mod.ts": `/** \`import "../display/mod.ts";\` */\nimport type { S } from "../smooth/mod.ts";\n` +
      `export { s } from "../smooth/mod.ts";\nexport type T = S | import("../smooth/t.ts").T;\n` +
      `export const later = (): Promise<unknown> => import("../smooth/u.ts");\n`,
    "lib/smooth/t.ts": "export type T = 2;\n",
    "lib/smooth/u.ts": "export const u = 3;\n",
  };
  const seen = await withTree(files, (tree) => readImports(tree, ["mod.ts", "lib/core/mod.ts"]));
  const expected: Import[] = [
    { from: "lib/core/mod.ts", to: "lib/smooth/mod.ts" },
    { from: "lib/core/mod.ts", to: "lib/smooth/t.ts" },
    { from: "lib/core/mod.ts", to: "lib/smooth/u.ts" },
    { from: "mod.ts", to: "lib/core/mod.ts" },
  ];
  const key = ({ from, to }: Import): string => `${from} ${to}`;
  assertEquals([...new Set(seen.map(key))].sort(), expected.map(key));
  assertEquals((await withTree(files, importViolations)).length, 3);
});

Deno.test("imports point down", async () => {
  assertEquals(await importViolations(root), []);
});

Deno.test("lib type-checks for a browser, and only its notebook entry and command line name Deno", async () => {
  const bad = { "mod.ts": "export {};\n", "lib/core/mod.ts": "export const here: string = Deno.cwd();\n" };
  assertMatch(await withTree(bad, browserViolations), /Cannot find name 'Deno'[^]*lib\/core\/mod\.ts/);
  assert(mayNameDeno("lib/cli/main.ts") && mayNameDeno("lib/display/notebook/mod.ts"));
  assert(!mayNameDeno("lib/display/chart.ts") && !mayNameDeno("mod.ts"));
  assertEquals(await browserViolations(root), "");
});

Deno.test("files are short, and their names say what they hold", async () => {
  const bad = { "lib/core/long.ts": "\n".repeat(401), "lib/core/utils/a.ts": "", "tests/helpers.ts": "" };
  await withTree(bad, (tree) => {
    assertEquals(lengths(tree, 400), ["lib/core/long.ts has 401 lines"]);
    assertEquals(vagueNames(tree), ["lib/core/utils/a.ts", "tests/helpers.ts"]);
    return Promise.resolve();
  });
  const long = lengths(root, 300);
  if (long.length > 0) console.log(`longer than 300 lines: ${long.join(", ")}`);
  assertEquals(lengths(root, 400), []);
  assertEquals(vagueNames(root), []);
});

Deno.test("the package holds the library and its papers, no tests and no data", async () => {
  const { code, stdout, stderr } = await deno(["publish", "--dry-run", "--allow-dirty", "--no-check"]);
  const output = stdout + stderr;
  assertEquals(code, 0, output);
  const files = packagedFiles(output).map((url) => url.slice(url.indexOf(root) + root.length));
  for (const needed of ["deno.json", "mod.ts", "README.md", "LICENSE", "lib/core/mod.ts"]) {
    assert(files.includes(needed), `${needed} is missing in ${files.join(", ")}`);
  }
  const strange = files.filter((path) =>
    !/^(lib|kernels)\/.*\.(ts|json|png|svg|wasm|md)$|^[^/]*(\.md|\.ts|\.json)$|^LICENSE$/.test(path)
  );
  assertEquals(strange, []);
  assertEquals(files.filter((path) => /_(test|bench)\.ts$|\.gz$/.test(path)), []);
});

Deno.test("every entry that the package exports is there", () => {
  const { exports } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json"))) as { exports: Record<string, string> };
  assertEquals(Object.values(exports).filter((path) => !exists(join(root, path))), []);
});
