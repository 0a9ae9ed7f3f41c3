/**
 * METHODS.md and the README's table of solvers, made from the registries and the annotations in tests and benches.
 *
 * @module
 */
import type { Annotation } from "./annotations.ts";
import type { RegisteredSolver, Room, SourcedFile } from "./catalogue.ts";

/** A method of the page: a registered solver, or an exported function that an annotation names. */
interface Method {
  readonly id: string;
  readonly name: string;
  readonly paper: string;
  readonly call: string;
  readonly rows: readonly Annotation[];
}

/** What is wrong: methods without a row or a reference, annotations of nothing. */
export function faultsOf(rooms: readonly Room[], annotations: readonly Annotation[]): string[] {
  const proved = new Set(annotations.flatMap((a) => a.methods));
  const solvers = rooms.flatMap((room) => room.solvers);
  const known = new Set([...solvers.map((s) => s.id), ...rooms.flatMap((room) => [...room.exports])]);
  const ids = new Map<string, number>();
  for (const { id } of solvers) ids.set(id, (ids.get(id) ?? 0) + 1);
  const registered = new Set(solvers.map(({ call }) => /^\w+/.exec(call)?.[0]));
  const unproved = rooms.filter((room) => room.solvers.length > 0).flatMap((room) => room.sourced)
    .filter(({ functions }) => functions.length > 0 && !functions.some((f) => proved.has(f) || registered.has(f)));
  return [
    ...annotations.flatMap(({ methods, file }) =>
      methods.filter((id) => !known.has(id)).map((id) => `${file}: @must ${id}: no solver or export has this name`)
    ),
    ...[...ids].filter(([, n]) => n > 1).map(([id]) => `the id ${id} stands in two registries`),
    ...solvers.filter(({ id }) => !proved.has(id)).map(({ id }) => `${id}: no test or bench has an @must line for it`),
    ...solvers.filter(({ reference: r }) => !(r.title && r.authors && r.identifier && r.year > 1600)).map(({ id }) =>
      `${id}: its reference lacks a title, authors, a year or an identifier`
    ),
    ...unproved.map(({ path }) => `${path}: it names a source, but no @must line names one of its functions`),
  ];
}

/** The page METHODS.md. */
export function methodsPage(rooms: readonly Room[], annotations: readonly Annotation[]): string {
  const sections = rooms.map((room) => ({ room, methods: methodsOf(room, annotations) }))
    .filter(({ methods }) => methods.length > 0);
  const reached = annotations.filter((a) => a.reached).length;
  const pages = sections.map(({ room, methods }) => {
    const papers = methods.map((m) => row([code(m.id), m.name, code(m.call), m.paper]));
    const proofs = methods.flatMap((m) =>
      m.rows.map((a) => row([code(m.id), a.requirement, a.reached ? "reached" : "**not reached**", a.figures, link(a)]))
    );
    return `## ${room.path}\n\n${table(["id", "method", "export", "source"], papers)}\n\n${
      table(["id", "what it must show", "verdict", "measured", "where"], proofs)
    }\n`;
  });
  return `# Methods

Every method with its source, and what its tests and benches show of it: ${reached} of ${annotations.length}
requirements are reached. Made by \`deno task methods\` from the registries of \`lib\` and the comments \`@must\` and
\`@measured\` in \`tests\` and \`bench\`; a test fails when this page is not current.

${pages.join("\n")}`;
}

function methodsOf(room: Room, annotations: readonly Annotation[]): Method[] {
  const rowsOf = (id: string): Annotation[] => annotations.filter((a) => a.methods.includes(id));
  const ids = new Set(room.solvers.map((s) => s.id));
  const pieces = [...new Set(annotations.flatMap((a) => a.methods))].filter((id) =>
    !ids.has(id) && room.exports.has(id)
  );
  return [
    ...room.solvers.map((solver) => ({ ...solver, paper: paperOf(solver), rows: rowsOf(solver.id) })),
    ...pieces.sort().map((id) => {
      const file = room.sourced.find((f: SourcedFile) => f.functions.includes(id));
      return { id, name: "", paper: file?.source ?? "", call: `${id}()`, rows: rowsOf(id) };
    }),
  ];
}

/** The README's table of solvers. */
export function solversTable(rooms: readonly Room[]): string {
  const rows = rooms.flatMap((room) =>
    room.solvers.map(({ id, name, call, needs, reference: { authors, year, identifier } }) =>
      row([name, code(id), code(call), needs.map(code).join(", "), linked(`${authors} (${year})`, identifier)])
    )
  );
  return table(["method", "id", "made by", "oracles", "source"], rows);
}

function paperOf({ reference: { title, authors, year, identifier } }: RegisteredSolver): string {
  return `${authors}, *${title}* (${year}), ${linked(identifier, identifier)}`;
}

/** The text, as a link where the identifier has an address. */
function linked(text: string, identifier: string): string {
  const [, scheme, name] = /^(doi|arXiv):(.*)$/.exec(identifier) ?? [];
  if (!scheme) return text;
  const address = (scheme === "doi" ? "https://doi.org/" : "https://arxiv.org/abs/") + name;
  return `[${text}](${address.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}

const code = (text: string): string => text && `\`${text}\``;
const link = ({ file }: Annotation): string => `[${file}](${file})`;
const row = (cells: readonly string[]): string => `| ${cells.map((c) => c.replaceAll("|", "\\|")).join(" | ")} |`;
const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(head), row(head.map(() => "---")), ...rows].join("\n");
