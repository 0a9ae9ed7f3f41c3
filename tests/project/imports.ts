// Reads a tree of modules and what they import, with Deno's own parser.
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deno } from "./deno.ts";

/** One import; paths are relative to the tree, other specifiers stand as written. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** All files below the folders whose name ends so, as paths relative to the tree, sorted. */
export function filesBelow(tree: string, folders: readonly string[], ending: string): string[] {
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of Deno.readDirSync(join(tree, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) walk(path);
      else if (entry.name.endsWith(ending)) files.push(path);
    }
  };
  for (const folder of folders) if (exists(join(tree, folder))) walk(folder);
  return files.sort();
}

/** Whether there is something at the path. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

interface Dependency {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
}

/** Every import of the files, also of types, re-exports and dynamic ones. */
export async function readImports(tree: string, files: readonly string[]): Promise<Import[]> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const urls = files.map((path) => pathToFileURL(join(tree, path)).href);
    await Deno.writeTextFile(entry, urls.map((url) => `import ${JSON.stringify(url)};\n`).join(""));
    const { code, stdout, stderr } = await deno(["info", "--json", "--no-config", "--no-lock", entry], tree);
    if (code !== 0) throw new Error(`Cannot read the imports: ${stderr}`);
    const { modules } = JSON.parse(stdout) as {
      modules: { specifier: string; error?: string; dependencies?: Dependency[] }[];
    };
    const place = (url: string): string =>
      url.startsWith("file:") ? relative(tree, fileURLToPath(url)).replaceAll("\\", "/") : url;
    const wanted = new Set(urls);
    return modules.filter((module) => wanted.has(module.specifier)).flatMap((module) => {
      if (module.error) throw new Error(`Cannot read the imports: ${module.error}`);
      return (module.dependencies ?? []).map(({ specifier, code, type }) => ({
        from: place(module.specifier),
        to: place(code?.specifier ?? type?.specifier ?? specifier),
      }));
    });
  } finally {
    await Deno.remove(entry);
  }
}
