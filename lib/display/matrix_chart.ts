/**
 * The entries of a matrix as colours: plans, covariances, kernels, the pattern of zeros.
 *
 * @module
 */
import { DomainError, type Matrix } from "../core/mod.ts";
import { Chart, type Spec } from "./chart.ts";
import { inlineData } from "./csv.ts";
import { config, height } from "./theme.ts";

/** Options of `matrixChart`. */
export interface MatrixChartOptions {
  /** The heading. */
  readonly title?: string;
  /** What the rows are. Default `row`. */
  readonly rows?: string;
  /** What the columns are. Default `column`. */
  readonly columns?: string;
  /** What the entries are. Default `entry`. */
  readonly entries?: string;
}

/** More cells than this are no picture but a megabyte. */
const MOST = 10_000;

/**
 * A cell for each entry that is not zero, coloured by its value: from white where all have one sign, from blue over
 * white to red otherwise.
 *
 * @throws {DomainError} When an entry is not finite, or more than 10 000 are not zero.
 *
 * @example A plan
 * ```ts
 * import { matrixChart } from "@gradus/gradus/display";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const chart = matrixChart(matrix([[0.25, 0.25], [0, 0.5]]), { title: "plan", rows: "source", columns: "target" });
 * assertEquals(chart.text, "plan: 2 x 2, 3 entries from 0.25 to 0.5");
 * ```
 */
export function matrixChart({ rows, columns, data }: Matrix, options: MatrixChartOptions = {}): Chart {
  const { title = "matrix", rows: down = "row", columns: across = "column", entries = "entry" } = options;
  const cells: { row: number[]; column: number[]; value: number[] } = { row: [], column: [], value: [] };
  for (let k = 0; k < data.length; k++) {
    if (!Number.isFinite(data[k])) {
      throw new DomainError(`Cannot draw a matrix: expected finite entries, got ${data[k]} at ${k}`);
    }
    if (data[k] === 0) continue;
    cells.row.push(Math.floor(k / columns));
    cells.column.push(k % columns);
    cells.value.push(data[k]);
  }
  if (cells.value.length > MOST) {
    throw new DomainError(`Cannot draw a matrix: expected at most ${MOST} entries, got ${cells.value.length}`);
  }
  const least = Math.min(...cells.value, 0),
    most = Math.max(...cells.value, 0),
    size = height / Math.max(rows, columns);
  const bothSigns = least < 0 && most > 0, extent = Math.max(-least, most);
  const scale: Spec = bothSigns
    ? { scheme: "redblue", reverse: true, domain: [-extent, extent], domainMid: 0 }
    : { scheme: least < 0 ? "oranges" : "blues", domain: least < 0 ? [0, least] : [0, most] };
  const place = (field: string, name: string, count: number): Spec => ({
    field,
    type: "quantitative",
    title: name,
    scale: { domain: [-0.5, count - 0.5], nice: false, zero: false, ...(field === "row" && { reverse: true }) },
    axis: { grid: false, tickMinStep: 1 },
  });
  const spec: Spec = {
    title,
    width: size * columns,
    height: size * rows,
    data: inlineData(cells),
    mark: { type: "rect", width: size + 0.5, height: size + 0.5, tooltip: true },
    encoding: {
      x: place("column", across, columns),
      y: place("row", down, rows),
      color: { field: "value", type: "quantitative", title: entries, scale },
    },
    config,
  };
  const range = cells.value.length === 0 ? "" : ` from ${Math.min(...cells.value)} to ${Math.max(...cells.value)}`;
  return new Chart(spec, `${title}: ${rows} x ${columns}, ${cells.value.length} entries${range}`);
}
