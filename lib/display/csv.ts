/**
 * Inline data of charts as CSV text: a fifth of the size that rows of JSON have in a notebook file.
 *
 * @module
 */
import type { Spec } from "./chart.ts";

/** Columns by name, all of the same length: numbers, or text. */
export type Columns = Readonly<Record<string, ArrayLike<number> | readonly string[]>>;

/** The columns as the `data` of a Vega-Lite view. Numbers keep six digits; one that is not finite becomes empty. */
export function inlineData(columns: Columns): Spec {
  const entries = Object.entries(columns), length = entries[0][1].length;
  const lines = [entries.map(([name]) => quote(name)).join(",")];
  for (let i = 0; i < length; i++) lines.push(entries.map(([, column]) => cell(column[i])).join(","));
  // Without `parse` Vega would guess from the text, and a solver named "1" would become a number.
  const parse = Object.fromEntries(
    entries.map(([name, column]) => [name, typeof column[0] === "string" ? "string" : "number"]),
  );
  return { values: lines.join("\n"), format: { type: "csv", parse } };
}

function cell(value: number | string): string {
  if (typeof value === "string") return quote(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "";
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
