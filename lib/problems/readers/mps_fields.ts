/**
 * The fields of a line of an MPS file.
 *
 * @module
 */
import { fail, type Place } from "./lines.ts";

/** How fields are found. */
export type MpsFormat = "fixed" | "free";

/** Sections with lines of their own. */
export const SECTIONS = [
  "OBJSENSE",
  "ROWS",
  "COLUMNS",
  "RHS",
  "RANGES",
  "BOUNDS",
  "QUADOBJ",
  "QSECTION",
  "QMATRIX",
] as const;

/** A section. */
export type Section = typeof SECTIONS[number];

/** A text and where it begins, counted from 1. */
export interface Field {
  readonly text: string;
  readonly column: number;
}

/** What a line says: the type of a row or bound, the name that comes first, and pairs of a name and a number. */
export interface MpsLine {
  readonly code?: Field;
  readonly head?: Field;
  readonly pairs: readonly { readonly name: Field; readonly value?: Field }[];
}

/** Where fixed fields begin and end, from 0. */
const COLUMNS = [[1, 3], [4, 12], [14, 22], [24, 36], [39, 47], [49, 61]] as const;

/** Bounds that take no number. */
const BARE = new Set(["FR", "MI", "PL", "BV"]);

/** Splits a line as its section asks. */
export function fieldsOf(place: Place, line: string, section: Section | undefined, format?: MpsFormat): MpsLine {
  if (section === undefined) fail(place, "column 1: expected a section before the first entry");
  if (format !== "fixed") {
    const found = assign([...line.matchAll(/\S+/g)].map((m) => ({ text: m[0], column: m.index + 1 })), section);
    if (found) return found;
  }
  const found = format === "free" ? undefined : byColumns(line, section);
  return found ?? fail(place, `column 1: expected ${EXPECTED[section]}, got ${JSON.stringify(line.slice(0, 60))}`);
}

const PAIRS = "a name and one or two pairs of a name and a number";
const EXPECTED: Record<Section, string> = {
  OBJSENSE: "MIN or MAX",
  ROWS: "a type and a name",
  COLUMNS: PAIRS,
  RHS: PAIRS,
  RANGES: PAIRS,
  BOUNDS: "a type, a name of the bounds, a variable and a number",
  QUADOBJ: PAIRS,
  QSECTION: PAIRS,
  QMATRIX: PAIRS,
};

/** By blanks; undefined where the number of fields fits no rule. */
function assign(fields: readonly Field[], section: Section): MpsLine | undefined {
  const count = fields.length;
  if (section === "OBJSENSE") return count === 1 ? { code: fields[0], pairs: [] } : undefined;
  if (section === "ROWS") return count === 2 ? { code: fields[0], head: fields[1], pairs: [] } : undefined;
  if (section === "BOUNDS") {
    const code = fields[0], bare = BARE.has(code.text.toUpperCase());
    if (bare && (count === 2 || count === 3)) {
      return { code, pairs: [{ name: fields[count - 1] }], ...head(fields, count === 3) };
    }
    if (count === 3 && !bare) return { code, pairs: [{ name: fields[1], value: fields[2] }] };
    if (count === 4) return { code, head: fields[1], pairs: [{ name: fields[2], value: fields[3] }] };
    return undefined;
  }
  if (count < 2 || count > 5) return undefined;
  const named = count % 2 === 1;
  if (!named && section !== "RHS" && section !== "RANGES") return undefined; // only these sets may have no name
  const pairs = [];
  for (let k = named ? 1 : 0; k < count; k += 2) pairs.push({ name: fields[k], value: fields[k + 1] });
  return { pairs, ...(named && { head: fields[0] }) };
}

function head(fields: readonly Field[], there: boolean): { head?: Field } {
  return there ? { head: fields[1] } : {};
}

/** By columns; undefined where something stands between the fields. */
function byColumns(line: string, section: Section): MpsLine | undefined {
  const gaps = [[0, 1], [3, 4], [12, 14], [22, 24], [36, 39], [47, 49]];
  if (gaps.some(([from, to]) => line.slice(from, to).trim() !== "")) return undefined;
  const [code, first, second, third, fourth, fifth] = COLUMNS.map(([from, to]): Field => {
    const text = line.slice(from, to);
    return { text: text.trim(), column: from + 1 + text.length - text.trimStart().length };
  });
  if (section === "OBJSENSE") return undefined;
  if (section === "ROWS") return code.text && first.text ? { code, head: first, pairs: [] } : undefined;
  if (!second.text || (section === "BOUNDS" && !code.text)) return undefined;
  const pairs = [{ name: second, ...(third.text && { value: third }) }];
  if (fourth.text) pairs.push({ name: fourth, ...(fifth.text && { value: fifth }) });
  return { ...(code.text && { code }), head: first, pairs };
}
