/**
 * Named lines over two axes, the form of most charts: with a legend that picks lines, the nearest point's figures under
 * the pointer, and axes that can be dragged and zoomed.
 *
 * @module
 */
import { Chart, pointerLayer, type Spec } from "./chart.ts";
import { inlineData } from "./csv.ts";
import { config, distinguish, height, width } from "./theme.ts";
import { thin } from "./thin.ts";

/** A line, with a band around it where `low` and `high` are given. */
export interface Line {
  /** Its name in the legend. */
  readonly name: string;
  /** Where its points are across. */
  readonly x: ArrayLike<number>;
  /** Where they are upwards. */
  readonly y: ArrayLike<number>;
  /** The lower edge of the band. */
  readonly low?: ArrayLike<number>;
  /** The upper edge of the band. */
  readonly high?: ArrayLike<number>;
  /** Whether its points stand alone, with no line between them, as data do. */
  readonly points?: boolean;
}

/** An axis. */
export interface Axis {
  /** What it shows. */
  readonly title: string;
  /** Whether it is logarithmic. */
  readonly log: boolean;
  /** The numbers' format in d3's notation. */
  readonly format: string;
  /** Its ends; by default those of the data. */
  readonly domain?: readonly [number, number];
  /** The base whose powers get ticks on a logarithmic axis; 10 if left out. */
  readonly base?: 2 | 10;
}

/** What a chart of lines needs besides its lines. */
export interface LinesOptions {
  /** The heading. */
  readonly title: string;
  /** Remarks, of which the first two stand under the title. */
  readonly notes?: readonly string[];
  /** The legend's title. */
  readonly legend: string;
  /** Names whose order gives the colours, where several charts should agree; by default the lines' own. */
  readonly order?: readonly string[];
  /** The axis across. */
  readonly x: Axis;
  /** The axis upwards. */
  readonly y: Axis;
  /** Draws steps: a value holds until the next point. */
  readonly steps?: boolean;
  /** The one line of text. */
  readonly text: string;
}

/** No chart is wide enough to tell more points apart. */
const mostPoints = 400;

/** A selection that a click on the legend toggles, line by line. */
export function legendSelection(field: string): Spec {
  return { name: "shown", select: { type: "point", fields: [field], toggle: "true" }, bind: "legend" };
}

/** Axes that move with the pointer; plain wheel turns still scroll the page. */
export const zoomSelection: Spec = {
  name: "zoom",
  select: { type: "interval", zoom: "wheel![event.ctrlKey]" },
  bind: "scales",
};

/** What a line that the legend has left out fades to. */
export const faded = 0.08;

/**
 * A chart of lines of one's own.
 *
 * @example Two lines
 * ```ts
 * import { linesChart } from "@gradus/gradus/display";
 * import { assertEquals } from "@std/assert";
 *
 * const x = [1, 2, 3, 4];
 * const chart = linesChart([{ name: "1/k", x, y: x.map((k) => 1 / k) }, { name: "1/k²", x, y: x.map((k) => 1 / k ** 2) }], {
 *   title: "Rates",
 *   legend: "rate",
 *   x: { title: "k", log: true, format: "d" },
 *   y: { title: "bound", log: true, format: ".0e" },
 *   text: "two rates against k",
 * });
 * assertEquals(String(chart), "two rates against k");
 * ```
 *
 * @example Data as points, and the line that fits them
 * ```ts
 * import { linesChart } from "@gradus/gradus/display";
 * import { curveFit } from "@gradus/gradus/smooth";
 * import { assert } from "@std/assert";
 *
 * const x = [0, 1, 2, 3], y = [1, 2.9, 5.1, 7], line = (t: number, [a, b]: Float64Array) => a + b * t;
 * const { parameters } = curveFit(line, x, y, { start: [0, 0] });
 * const fit = { name: "fit", x, y: x.map((t) => line(t, parameters)) };
 * const chart = linesChart([{ name: "data", x, y, points: true }, fit], {
 *   title: "A line",
 *   legend: "",
 *   x: { title: "t", log: false, format: "d" },
 *   y: { title: "y", log: false, format: "d" },
 *   text: "a line through four points",
 * });
 * assert((await chart.toSVG()).startsWith("<svg"));
 * ```
 */
export function linesChart(lines: readonly Line[], options: LinesOptions): Chart {
  const rows = lines.map((line) => ({ line, kept: points(line, options) }));
  const all = (pick: (line: Line) => ArrayLike<number> | undefined): number[] =>
    rows.flatMap(({ line, kept }) => kept.map((i) => pick(line)?.[i] ?? NaN));
  const banded = lines.some((line) => line.low !== undefined), pointed = lines.some((line) => line.points);
  const floor = options.y.log ? logFloor(lines) : -Infinity;
  const clamped = (values: number[]): number[] => values.map((v) => Math.max(v, floor)); // NaN stays NaN
  const xs = all((line) => line.x), ys = clamped(all((line) => line.y));
  const data = inlineData({
    line: rows.flatMap(({ line, kept }) => kept.map(() => line.name)),
    x: xs,
    y: ys,
    ...(banded && { low: clamped(all((line) => line.low)), high: clamped(all((line) => line.high)) }),
    ...(pointed && { points: rows.flatMap(({ line, kept }) => kept.map(() => line.points ? "yes" : "no")) }),
  });

  const top = options.y.domain ? undefined : ceiling(lines, options.y.log);
  const { color, ...dashes } = distinguish("line", lines.map((each) => each.name), options.legend, options.order);
  const notes = underTitle(options.notes ?? []);
  const interpolate = options.steps ? "step-after" : "linear";
  const opacity = (value: number): Spec => ({ condition: { param: "shown", value }, value: value * faded });
  const y = (field: string): Spec => channel(field, options.y, ys, top);
  const band = {
    mark: { type: "area", clip: true, interpolate },
    encoding: { y: y("low"), y2: { field: "high" }, opacity: opacity(0.15) },
  };
  const only = (answer: string): Spec => pointed ? { transform: [{ filter: `datum.points === '${answer}'` }] } : {};
  const line = {
    ...only("no"),
    params: [legendSelection("line"), zoomSelection],
    mark: { type: "line", clip: true, interpolate, strokeWidth: 2 },
    encoding: { y: y("y"), opacity: opacity(1), ...dashes },
  };
  const cloud = {
    ...only("yes"),
    mark: { type: "point", filled: true, size: 30, clip: true },
    encoding: { y: y("y"), opacity: opacity(1) },
  };
  const pointer = {
    name: pointerLayer,
    transform: [{ filter: { param: "shown" } }],
    params: [{
      name: "near",
      select: { type: "point", on: "pointerover", nearest: true, clear: "pointerout" },
    }],
    mark: { type: "point", filled: true, size: 50, clip: true, aria: false },
    encoding: {
      y: y("y"),
      opacity: { condition: { param: "near", empty: false, value: 1 }, value: 0 },
      tooltip: [
        { field: "line", title: options.legend },
        { field: "x", title: options.x.title, type: "quantitative", format: ".6~g" },
        { field: "y", title: options.y.title, type: "quantitative", format: options.y.log ? ".3e" : ".4~g" },
      ],
    },
  };
  return new Chart({
    title: { text: options.title, ...(notes.length > 0 && { subtitle: notes }) },
    width,
    height,
    data,
    encoding: {
      x: channel("x", options.x, xs),
      color,
    },
    layer: [...(banded ? [band] : []), line, ...(pointed ? [cloud] : []), pointer],
    config,
  }, options.text);
}

function points(line: Line, { x }: LinesOptions): number[] {
  return thin(line.y, mostPoints).filter((i) => !x.log || line.x[i] > 0);
}

/** Where a logarithmic axis puts what is smaller or not positive: rounding hides what lies below. */
function logFloor(lines: readonly Line[]): number {
  let largest = 0;
  for (const { y } of lines) for (let i = 0; i < y.length; i++) if (y[i] > largest) largest = y[i];
  return 1e-16 * (Math.min(largest, 1) || 1);
}

/**
 * Where the axis ends when a run diverges: a line that rises far above all starts would flatten the others. Undefined
 * where nothing does.
 */
function ceiling(lines: readonly Line[], log: boolean): number | undefined {
  let start = -Infinity, lowest = Infinity, highest = -Infinity;
  for (const { y } of lines) {
    const finite = Array.from(y).filter(Number.isFinite);
    if (finite.length > 0) start = Math.max(start, finite[0]);
    for (const v of finite) {
      lowest = Math.min(lowest, v);
      highest = Math.max(highest, v);
    }
  }
  const limit = log ? 1e4 * start : start + 10 * (start - lowest);
  return start > (log ? 0 : lowest) && highest > limit ? limit : undefined;
}

function channel(field: string, axis: Axis, values: readonly number[], domainMax?: number): Spec {
  return {
    field,
    type: "quantitative",
    title: axis.title,
    scale: {
      ...(axis.log ? { type: "log", base: axis.base ?? 10 } : { type: "linear", zero: false }),
      ...(axis.domain && { domain: axis.domain, nice: false }),
      ...(domainMax !== undefined && { domainMax }),
    },
    axis: axis.log ? logTicks(axis, values) : { format: axis.format, tickCount: 8 },
  };
}

/** Over two powers and more only powers of the base get a tick. */
function logTicks({ format, base = 10, domain }: Axis, values: readonly number[]): Spec {
  const logs = values.filter((v) => v > 0 && v < Infinity).map((v) => Math.log(v) / Math.log(base));
  const from = Math.min(...logs), to = Math.max(...logs);
  const powers = domain ? to - from : Math.ceil(to) - Math.floor(from); // without a domain, the axis ends at powers
  return {
    // A wish for more ticks than there are powers brings multiples as well, so that we wish for a little less.
    tickCount: powers >= 2 ? Math.min(0.85 * powers, 8) : 8,
    labelExpr: `replace(format(datum.value, '${format}'), '+', '')`, // 1e2, not 1e+2
  };
}

/** The first two notes, each cut to a chart's width: a table or a report has room for all of them in full. */
function underTitle(notes: readonly string[]): string[] {
  return notes.slice(0, 2).map((note) => note.length > 88 ? `${note.slice(0, 87)}…` : note);
}
