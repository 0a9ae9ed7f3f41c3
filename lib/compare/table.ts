/**
 * A table that a study prints and the display layer shows.
 *
 * @module
 */
import { figure, Presented } from "../core/mod.ts";
import type { Quartiles } from "./quartiles.ts";

/** What stands in a cell: text, a number (NaN for none), or a number's median and quartiles over seeds. */
export type Cell = string | number | Quartiles;

/** A column. */
export interface Column {
  /** The title above it, unique in the table. */
  readonly title: string;
  /** Numbers stand right. */
  readonly align: "left" | "right";
}

/**
 * A table of plain data: `rows[i][j]` belongs to `columns[j]`; `notes` stand under it. Text in cells is data as the
 * user gave it and may hold markup; `text` and `toString` write control characters as escapes.
 */
export class Table extends Presented {
  /** The columns. */
  readonly columns: readonly Column[];
  /** The cells. */
  readonly rows: readonly (readonly Cell[])[];
  /** Lines that stand under the table. */
  readonly notes: readonly string[];

  /**
   * Makes a table.
   *
   * @param columns The columns.
   * @param rows The cells, a row with an entry for each column.
   * @param notes Lines to stand under the table.
   */
  constructor(columns: readonly Column[], rows: readonly (readonly Cell[])[], notes: readonly string[] = []) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.notes = notes;
  }

  /** The cells as text, rounded as in `toString`, not padded. */
  get text(): string[][] {
    return this.rows.map((row) => row.map(cellText));
  }

  /**
   * The titles in lines: those of a path, as `objective.gradient calls`, end behind its dots and before the last word.
   */
  get titles(): string[][] {
    return this.columns.map(({ title }) =>
      /^\w+(\.\w+)+ \w+$/.test(title) ? title.split(/(?<=\.)| /) : [visible(title)]
    );
  }

  /** The columns aligned under their titles, then the notes. */
  toString(): string {
    const { text, titles } = this;
    const widths = titles.map((lines, j) => Math.max(...lines.map(length), ...text.map((row) => length(row[j]))));
    const height = Math.max(...titles.map((lines) => lines.length));
    const head = Array.from(
      { length: height },
      (_, i) => titles.map((lines) => lines[i - height + lines.length] ?? ""),
    );
    const line = (cells: readonly string[]): string =>
      cells.map((cell, j) => {
        const space = " ".repeat(widths[j] - length(cell));
        return this.columns[j].align === "left" ? cell + space : space + cell;
      }).join("  ").trimEnd();
    const rule = widths.map((width) => "-".repeat(width)).join("  ");
    return [...head.map(line), rule, ...text.map(line), ...this.notes.map(visible)].join("\n");
  }
}

/** A cell as text: `12`, `3.40e-9`, `12 [10, 15]` for quartiles, nothing for NaN. */
export function cellText(cell: Cell): string {
  if (typeof cell === "string") return visible(cell);
  if (typeof cell === "number") return Number.isNaN(cell) ? "" : figure(cell);
  const { low, median, high } = cell;
  return low === high || Number.isNaN(median)
    ? cellText(median)
    : `${figure(median)} [${figure(low)}, ${figure(high)}]`;
}

/** The text with control characters (line breaks, terminal escapes, changes of direction) written as escapes. */
export function visible(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    const known = { "\n": "\\n", "\t": "\\t", "\r": "\\r" }[character];
    return known ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The number of characters, not of UTF-16 units. */
function length(text: string): number {
  return [...text].length;
}
