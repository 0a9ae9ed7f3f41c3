/**
 * `deno task methods`: writes METHODS.md and the README's table of solvers.
 *
 * @module
 */
import { type Annotation, readAnnotations } from "./annotations.ts";
import { readRooms, root } from "./catalogue.ts";
import { faultsOf, methodsPage, solversTable } from "./methods_page.ts";

/** What the task writes, and what it finds wrong. */
export interface Pages {
  readonly methods: string;
  readonly readme: string;
  readonly faults: readonly string[];
}

/** Makes the pages without writing them. */
export async function makePages(): Promise<Pages> {
  const annotations: Annotation[] = [], faults: string[] = [];
  for (const folder of ["tests", "bench"]) {
    for (const path of typeScriptBelow(folder)) {
      const reading = readAnnotations(Deno.readTextFileSync(`${root}${path}`), path);
      annotations.push(...reading.annotations);
      faults.push(...reading.faults);
    }
  }
  const rooms = await readRooms();
  const readme = Deno.readTextFileSync(`${root}README.md`);
  return {
    methods: methodsPage(rooms, annotations),
    readme: withTable(readme, solversTable(rooms)),
    faults: [...faults, ...faultsOf(rooms, annotations)],
  };
}

const begin = "<!-- solvers: deno task methods -->", end = "<!-- end of solvers -->";

/** The text with the table between its two marks. */
function withTable(text: string, table: string): string {
  const from = text.indexOf(begin), to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`Cannot write the table of solvers: README.md lacks ${begin} … ${end}`);
  const fixed = `<!-- deno-fmt-ignore-start -->\n\n${table}\n\n<!-- deno-fmt-ignore-end -->`; // columns stay as narrow as they are
  return `${text.slice(0, from)}${begin}\n\n${fixed}\n\n${text.slice(to)}`;
}

function typeScriptBelow(folder: string): string[] {
  try {
    return [...Deno.readDirSync(`${root}${folder}`)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory ? typeScriptBelow(path) : path.endsWith(".ts") ? [path] : [];
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return []; // a tree without benches
    throw error;
  }
}

if (import.meta.main) {
  const { methods, readme, faults } = await makePages();
  Deno.writeTextFileSync(`${root}METHODS.md`, methods);
  Deno.writeTextFileSync(`${root}README.md`, readme);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
}
