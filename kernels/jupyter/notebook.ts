/**
 * Notebook files in format 4.5, read and written so that equal notebooks are equal byte for byte: sorted keys, stable
 * cell identities, no times, nothing that a front end left behind.
 *
 * Source: "The Notebook file format", version 4.5.
 *
 * @module
 */
import type { Json } from "./messages.ts";
import type { Output } from "./outputs.ts";

export interface Cell {
  readonly type: "code" | "markdown" | "raw";
  readonly id: string;
  readonly tags: readonly string[];
  readonly source: string;
  outputs: readonly Output[];
  executionCount: number | null;
}

/** What every notebook of ours says about its kernel. */
const notebookMetadata = {
  kernelspec: { display_name: "Gradus (Deno)", language: "typescript", name: "gradus" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

type Text = string | readonly string[];

interface StoredCell {
  readonly cell_type: Cell["type"];
  readonly id?: string;
  readonly metadata?: { readonly tags?: readonly string[] };
  readonly source: Text;
  readonly outputs?: readonly Json[];
  readonly execution_count?: number | null;
}

function joined(text: Text): string {
  return typeof text === "string" ? text : text.join("");
}

function isJson(mediaType: string): boolean {
  return mediaType === "application/json" || mediaType.endsWith("+json");
}

/** Text goes to disk line by line, for readable differences; JSON stays JSON, and pictures stay one word. */
function mapBundle(data: Json, change: (text: Text) => Text): Json {
  return Object.fromEntries(
    Object.entries(data).map(([mediaType, value]) => {
      const kept = isJson(mediaType) || mediaType === "image/png" || mediaType === "image/jpeg";
      return [mediaType, kept ? value : change(value as Text)];
    }),
  );
}

function readOutput(stored: Json): Output {
  const output = { ...stored };
  if (output.text !== undefined) output.text = joined(output.text as Text);
  if (output.data !== undefined) output.data = mapBundle(output.data as Json, joined);
  return output as unknown as Output;
}

function lines(text: Text): string[] {
  return joined(text).split(/(?<=\n)/).filter((line) => line !== "");
}

function writeOutput(output: Output): Json {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return { ...output };
  return { ...output, data: mapBundle(output.data, lines) };
}

/** @throws {Error} when the text is not a notebook in format 4. */
export function readNotebook(text: string, path: string): Cell[] {
  let stored: { nbformat?: number; cells?: readonly StoredCell[] };
  try {
    stored = JSON.parse(text);
  } catch (cause) {
    throw new Error(`Cannot read ${path}: expected JSON: ${(cause as Error).message}`, { cause });
  }
  if (stored.nbformat !== 4 || !Array.isArray(stored.cells)) {
    throw new Error(`Cannot read ${path}: expected a notebook in format 4, got format ${stored.nbformat}`);
  }
  const seen = new Set<string>();
  return (stored.cells as readonly StoredCell[]).map((cell, index) => {
    const id = cell.id !== undefined && !seen.has(cell.id) ? cell.id : `cell-${index + 1}`;
    seen.add(id);
    return {
      type: cell.cell_type,
      id,
      tags: cell.metadata?.tags ?? [],
      source: joined(cell.source),
      outputs: (cell.outputs ?? []).map(readOutput),
      executionCount: cell.execution_count ?? null,
    };
  });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sorted(v)]));
}

/** The text of the notebook's file. */
export function writeNotebook(cells: readonly Cell[]): string {
  const stored = cells.map((cell) => {
    const common = {
      cell_type: cell.type,
      id: cell.id,
      metadata: cell.tags.length > 0 ? { tags: cell.tags } : {},
      source: lines(cell.source),
    };
    if (cell.type !== "code") return common;
    return { ...common, execution_count: cell.executionCount, outputs: cell.outputs.map(writeOutput) };
  });
  const notebook = { cells: stored, metadata: notebookMetadata, nbformat: 4, nbformat_minor: 5 };
  return `${JSON.stringify(sorted(notebook), null, 1)}\n`;
}
