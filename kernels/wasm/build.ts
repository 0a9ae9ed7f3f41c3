/**
 * Builds the compute kernels: `assembly/` to WebAssembly, with fused multiply-add (relaxed SIMD) and without, as one
 * TypeScript file. The same sources give the same bytes everywhere.
 *
 * Run `deno run -A kernels/wasm/build.ts`; with `--check` it compares the result with the file that is there instead of
 * writing it, and fails if they differ.
 *
 * @module
 */
import asc from "npm:assemblyscript@0.28.20/asc";
import { tileSource } from "./tile.ts";

const here = (path: string): URL => new URL(path, import.meta.url);

/** Measured: -O3 reorders the multiply-adds and a memory without a minimum is addressed worse; each costs a fifth. */
const flags = "-O2 --runtime stub --noAssert --importMemory --initialMemory 2 --maximumMemory 65536".split(" ");

async function compile(fused: boolean): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const enabled = fused ? "simd,relaxed-simd" : "simd";
  const { error, stderr } = await asc.main(
    ["mod.ts", "--outFile", "out.wasm", "--enable", enabled, "--use", `FUSED=${Number(fused)}`, ...flags],
    {
      readFile: (path) => read(path.replace(/\.ts\.ts$/, ".ts")), // it adds the extension once more
      writeFile: (_, contents) => void (binary = contents as Uint8Array),
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`Cannot compile the kernels: ${stderr.toString()}`);
  return binary;
}

function read(path: string): string | null {
  if (path === "tile.ts") return tileSource();
  try {
    return Deno.readTextFileSync(here(`assembly/${path}`));
  } catch {
    return null; // the compiler tries several places
  }
}

async function source(): Promise<string> {
  const text = async (fused: boolean): Promise<string> => {
    const bytes = await compile(fused);
    console.log(`${fused ? "with" : "without"} fused multiply-add: ${bytes.length} bytes`);
    return btoa(String.fromCharCode(...bytes));
  };
  return `// Written by build.ts from assembly/. Do not edit.

/** The kernels with fused multiply-add, by relaxed SIMD; base64. */
export const fused: string =
  "${await text(true)}";

/** The kernels with SIMD alone; base64. */
export const plain: string =
  "${await text(false)}";
`;
}

const target = here("binary.ts"), text = await source();
if (!Deno.args.includes("--check")) {
  Deno.writeTextFileSync(target, text);
} else if (Deno.readTextFileSync(target) !== text) {
  console.error("Cannot confirm binary.ts: assembly/ builds to other bytes; run deno run -A kernels/wasm/build.ts");
  Deno.exit(1);
}
