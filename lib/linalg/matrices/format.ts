/**
 * Matrices as text, as LaTeX and as HTML.
 *
 * @module
 */
import { denoInspect, DomainError, jupyterDisplay, type Matrix, nodeInspect } from "../../core/mod.ts";
import { checkShape, shapeOf } from "./checks.ts";

/** How much of a matrix is shown. */
export interface FormatOptions {
  /** The significant digits of an entry, 1 to 17. By default 5. */
  readonly digits?: number;
  /** The most rows shown; from the middle of a longer matrix rows are left out. At most 1000, by default 12. */
  readonly rows?: number;
  /** The most columns shown; from the middle of a wider matrix columns are left out. At most 1000, by default 12. */
  readonly columns?: number;
}

/** A matrix that shows itself: as text where there is nothing better, as a table in a notebook. */
export class FormattedMatrix {
  readonly #title: string;
  readonly #digits: number;
  readonly #entry: (i: number, j: number) => number;
  readonly #rows: readonly number[];
  readonly #columns: readonly number[];

  /**
   * A matrix, of which the entries are read when it is shown.
   *
   * @param A The matrix.
   * @param digits The significant digits of an entry.
   * @param rows The most rows shown.
   * @param columns The most columns shown.
   */
  constructor(A: Matrix, digits: number, rows: number, columns: number) {
    this.#title = shapeOf(A);
    this.#digits = digits;
    this.#entry = (i, j) => A.data[i * A.columns + j];
    this.#rows = chosen(A.rows, rows);
    this.#columns = chosen(A.columns, columns);
  }

  /** The cells; and what stands for those left out: beside what is shown, below it, or both. */
  #cells(number: (text: string) => string, beside: string, below: string, both: string): string[][] {
    const cell = (i: number, j: number): string => {
      if (i < 0) return j < 0 ? both : below;
      return j < 0 ? beside : number(String(Number(this.#entry(i, j).toPrecision(this.#digits))));
    };
    return this.#rows.map((i) => this.#columns.map((j) => cell(i, j)));
  }

  /** The shape, and rows of numbers under each other. */
  toString(): string {
    const lines = this.#cells((text) => text, "…", "⋮", "⋱");
    const widths = this.#columns.map((_, j) => Math.max(...lines.map((line) => line[j].length)));
    return [this.#title, ...lines.map((line) => line.map((cell, j) => cell.padStart(widths[j])).join("  "))].join("\n");
  }

  /** A `bmatrix`, for mathematical mode. */
  toLatex(): string {
    const lines = this.#cells(latexNumber, "\\cdots", "\\vdots", "\\ddots").map((line) => line.join("&"));
    return `\\begin{bmatrix}${lines.join("\\\\")}\\end{bmatrix}`;
  }

  /** A table. */
  toHtml(): string {
    const rows = this.#cells((text) => text.replaceAll("-", "−"), "…", "⋮", "⋱");
    const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("");
    return `<table style="text-align:right"><caption>${this.#title}</caption><tbody>${body}</tbody></table>`;
  }

  /** What a notebook shows. */
  [jupyterDisplay](): Record<string, string> {
    return { "text/plain": this.toString(), "text/latex": `$$${this.toLatex()}$$`, "text/html": this.toHtml() };
  }

  /** What Deno's console shows. */
  [denoInspect](): string {
    return this.toString();
  }

  /** What Node's console shows. */
  [nodeInspect](): string {
    return this.toString();
  }
}

/**
 * A matrix for the eye. In a notebook it is a table when it is the last expression of a cell.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When a number of digits, rows or columns is out of range.
 *
 * @example As text and as LaTeX
 * ```ts
 * import { formatMatrix, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const shown = formatMatrix(matrix([[1, 0.5], [-2 / 3, 1e-9]]), { digits: 3 });
 * assertEquals(String(shown), "2 x 2\n     1   0.5\n-0.667  1e-9");
 * assertEquals(shown.toLatex(), "\\begin{bmatrix}1&0.5\\\\-0.667&10^{-9}\\end{bmatrix}");
 * ```
 */
export function formatMatrix(A: Matrix, options: FormatOptions = {}): FormattedMatrix {
  const { digits = 5, rows = 12, columns = 12 } = options;
  checkShape("format a matrix", A);
  checkCount("digits", digits, 17);
  checkCount("rows", rows, 1000);
  checkCount("columns", columns, 1000);
  return new FormattedMatrix(A, digits, rows, columns);
}

function checkCount(what: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new DomainError(`Cannot format a matrix: expected 1 to ${most} ${what}, got ${value}`);
}

/** Which of n are shown, at most so many; -1 stands for those left out. */
function chosen(n: number, most: number): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  return n <= most ? all : [...all.slice(0, Math.ceil(most / 2)), -1, ...all.slice(n - Math.floor(most / 2))];
}

function latexNumber(text: string): string {
  const [, mantissa, exponent] = /^(.*)e\+?(-?\d+)$/.exec(text) ?? [];
  if (exponent) return `${mantissa === "1" ? "" : `${mantissa}\\cdot `}10^{${exponent}}`;
  return text.replace("Infinity", "\\infty").replace("NaN", "\\mathrm{NaN}");
}
