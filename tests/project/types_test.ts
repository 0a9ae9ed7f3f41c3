// Mistakes that must not compile, in one file for the compiler: a line each, between lines that must compile.
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { deno, root } from "./deno.ts";

const entry = (room: string): string => pathToFileURL(join(root, `lib/${room}/mod.ts`)).href;

const preamble = [
  `import { solve, type Composite, type Smooth, type Solver, type TwiceSmooth } from "${entry("core")}";`,
  `import { bfgs, lbfgs, newtonCg } from "${entry("smooth")}";`,
  "declare const smooth: Smooth, twice: TwiceSmooth, lasso: Composite;",
  "const start = [1, 2];",
];

const proper = [
  "solve(smooth, lbfgs(), { start });",
  "solve(twice, lbfgs(), { start });",
  "solve(twice, newtonCg(), { start });",
  "export const firstOrder: Solver<Smooth>[] = [lbfgs(), bfgs()];",
  "export const secondOrder: Solver<TwiceSmooth>[] = [lbfgs(), newtonCg()];",
];

const mistakes: [what: string, code: string, message: RegExp][] = [
  ["L-BFGS on a composite problem", "solve(lasso, lbfgs(), { start });", /'Composite' is not assignable[^]*'Smooth'/],
  [
    "Newton-CG on a problem without Hessian-vector products",
    "solve(smooth, newtonCg(), { start });",
    /'hessianVector' is missing in type 'Smooth'/,
  ],
  [
    "Newton-CG as a first-order solver",
    "export const one: Solver<Smooth> = newtonCg();",
    /'hessianVector' is missing in type 'Smooth'/,
  ],
  [
    "Newton-CG among first-order solvers",
    "export const list: readonly Solver<Smooth>[] = [lbfgs(), newtonCg()];",
    /'hessianVector' is missing in type 'Smooth'/,
  ],
  ["a smooth problem for a composite one", "export const composite: Composite = smooth;", /'Smooth'[^]*'Composite'/],
  ["a run without a start", "solve(smooth, lbfgs(), {});", /'start' is missing/],
];

/** The compiler's complaints by line, from 1. */
async function complaints(lines: readonly string[]): Promise<Map<number, string>> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, lines.join("\n"));
    const { stderr } = await deno(["check", "--quiet", "--no-lock", file]);
    const place = new RegExp(`${pathToFileURL(file).href}:(\\d+):`);
    const found = stderr.split(/^(?=TS\d+ \[ERROR\])/m).map((text) =>
      [Number(place.exec(text)?.[1] ?? 0), text] as const
    );
    return new Map(found.filter(([, text]) => text.startsWith("TS")));
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("solvers refuse at compile time what they cannot use, and nothing else", async (t) => {
  const lines = [...preamble, ...proper, ...mistakes.map(([, code]) => code)],
    first = preamble.length + proper.length + 1;
  const found = await complaints(lines);
  for (const [i, [what, , message]] of mistakes.entries()) {
    await t.step(what, () => assertMatch(found.get(first + i) ?? "it compiles", message));
  }
  await t.step("proper uses compile", () => {
    assertEquals([...found.keys()].filter((line) => line < first).map((line) => found.get(line)), []);
  });
});
