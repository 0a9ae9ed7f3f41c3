/**
 * What the rooms of lib offer: the solvers in their registries, and exported functions whose file names a source.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { makersOf } from "../lib/cli/catalogue.ts";
import type { Reference } from "../lib/core/mod.ts";

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL("../", import.meta.url));

/** A solver of a registry. */
export interface RegisteredSolver {
  readonly id: string;
  readonly name: string;
  readonly reference: Reference;
  readonly needs: readonly string[];
  /** The call that makes it, as in `nonlinearCg({ beta: "HZ" })`. */
  readonly call: string;
}

/** A file of a room that says where its method comes from. */
export interface SourcedFile {
  /** Relative to the repository. */
  readonly path: string;
  /** What follows `Source:` in the module's comment. */
  readonly source: string;
  /** The functions it exports. */
  readonly functions: readonly string[];
}

/** A folder with a mod.ts. */
export interface Room {
  /** Relative to the repository, as in `lib/core`. */
  readonly path: string;
  /** The solvers of `registry.ts`; empty for a room that has none. */
  readonly solvers: readonly RegisteredSolver[];
  readonly sourced: readonly SourcedFile[];
  /** The names that its mod.ts exports. */
  readonly exports: ReadonlySet<string>;
}

/** The registry of a room: the exports of its `registry.ts` whose names end in `Solvers`. */
async function registeredSolvers(folder: URL): Promise<RegisteredSolver[]> {
  if (!exists(new URL("registry.ts", folder))) return [];
  const makers = makersOf(await import(new URL("registry.ts", folder).href));
  if (makers.length === 0) throw new Error(`Cannot read ${folder}registry.ts: expected an export …Solvers`);
  return makers.map(([id, make]) => {
    const { name, reference, needs } = make();
    return { id, name, reference, needs, call: callIn(make) };
  });
}

/** What the maker calls, on one line. */
function callIn(make: () => unknown): string {
  return String(make).replace(/^\(\)\s*=>\s*/, "").replace(/\s+/g, " ");
}

/** The files below a folder that name a source. */
function sourcedFiles(folder: URL, path: string): SourcedFile[] {
  return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    if (entry.isDirectory) return sourcedFiles(new URL(`${entry.name}/`, folder), `${path}${entry.name}/`);
    if (!entry.name.endsWith(".ts")) return [];
    const text = Deno.readTextFileSync(new URL(entry.name, folder));
    const source = sourceOf(text);
    const functions = [...text.matchAll(/^export (?:async )?function\*? (\w+)/gm)].map(([, name]) => name);
    return source === undefined ? [] : [{ path: `${path}${entry.name}`, source, functions }];
  });
}

/** The paragraph `Source: …` or `Sources: …` of a module's comment, on one line. */
export function sourceOf(text: string): string | undefined {
  const comment = /^\/\*\*([^]*?)\*\//.exec(text)?.[1].replace(/^ *\* ?/gm, "") ?? "";
  return /(?:^|\n)Sources?: ([^]*?)\s*(?:\n\s*\n|$)/.exec(comment)?.[1].replace(/\s+/g, " ");
}

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}

/** All rooms of lib that have a mod.ts, in alphabetical order, and the native kernels. */
export async function readRooms(): Promise<Room[]> {
  const root = new URL("../", import.meta.url), lib = [...Deno.readDirSync(new URL("lib/", root))];
  const paths = lib.filter((entry) => entry.isDirectory).map((entry) => `lib/${entry.name}`).sort();
  const rooms = [...paths, "kernels/native"].map(async (path): Promise<Room | undefined> => {
    const folder = new URL(`${path}/`, root);
    if (!exists(new URL("mod.ts", folder))) return undefined;
    const module = await import(new URL("mod.ts", folder).href) as object;
    return {
      path,
      solvers: await registeredSolvers(folder),
      sourced: sourcedFiles(folder, `${path}/`),
      exports: new Set(Object.keys(module)),
    };
  });
  return (await Promise.all(rooms)).filter((room) => room !== undefined);
}
