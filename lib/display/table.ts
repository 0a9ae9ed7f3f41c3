/**
 * Tables of a study as HTML.
 *
 * @module
 */
import type { Table } from "../compare/mod.ts";
import { escapeHtml } from "./escape.ts";

/** The table as an HTML element, its notes in paragraphs under it. Text in it shows as text, whatever it is. */
export function tableHtml(table: Table): string {
  const kinds = table.columns.map(({ align }) => align === "right" ? ` class="number" style="text-align: right"` : "");
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell, j) => `<${tag}${kinds[j]}>${cell}</${tag}>`).join("")}</tr>`;
  const head = row("th", table.titles.map((lines) => lines.map(escapeHtml).join("<br>")));
  const body = table.text.map((cells) => row("td", cells.map(escapeHtml))).join("\n");
  const notes = table.notes.map((note) => `\n<p class="note">${escapeHtml(note)}</p>`).join("");
  return `<div class="scroll"><table>\n<thead>${head}</thead>\n<tbody>\n${body}\n</tbody>\n</table></div>${notes}`;
}
