/**
 * Files that npm packages carry beside their modules: fonts, WebAssembly, builds for a page.
 *
 * @module
 */
import { GradusError } from "../core/mod.ts";

/**
 * The bytes of a file in an npm package, found from the package's entry module. The package must have been imported
 * before, since that is what puts it on the disk. Reads a file, hence needs the permission to read in Deno.
 *
 * @param specifier The package with its version, as `npm:vega@6.4.0`, or a file of it that its exports allow.
 * @param path The file, relative to the module that the specifier leads to.
 * @throws {GradusError} When the package cannot be found.
 */
export async function packageFile(specifier: string, path: string): Promise<Uint8Array> {
  // Deno knows the package by its versioned specifier, Node by its bare name.
  const bare = specifier.replace(/^npm:/, "").replace(/(?<=.)@[^/]*/, "");
  const entry = [specifier, bare].map(resolved).find((url) => url?.startsWith("file:"));
  if (entry === undefined) throw new GradusError(`Cannot read ${path}: the package ${specifier} is not installed`);
  const { readFile } = await import("node:fs/promises");
  return new Uint8Array(await readFile(new URL(path, entry)));
}

function resolved(specifier: string): string | undefined {
  try {
    return import.meta.resolve(specifier);
  } catch { // Node throws where Deno returns the specifier itself
    return undefined;
  }
}
