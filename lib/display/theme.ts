/**
 * How every chart looks: size, colours, type.
 *
 * @module
 */
import type { Spec } from "./chart.ts";

/**
 * Colours that people with any colour vision can tell apart, on white and on black: the palette of Okabe and Ito,
 * "Color Universal Design" (2008), without its yellow and black, and a grey.
 */
const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#808080"];
/** From the eighth line on, colours return with another dash. */
const dashes = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]];

/** An option of charts about solvers. */
export interface SolverOrder {
  /** Solvers in the order that gives them their colours, so that several charts agree; by default the chart's own. */
  readonly solvers?: readonly string[];
}

/** The width of a chart's plotting area, in pixels. */
export const width = 440;
/** The height of a chart's plotting area, in pixels. */
export const height = 280;

/** The Vega-Lite configuration that charts carry. */
export const config: Spec = {
  view: { stroke: "#b8bcc2" },
  axis: {
    domainColor: "#b8bcc2",
    tickColor: "#b8bcc2",
    gridColor: "#b8bcc2",
    gridOpacity: 0.4,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  axisX: { labelFlush: false },
  legend: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 320,
    symbolStrokeWidth: 2.5,
    symbolOpacity: 1,
  },
  title: { anchor: "start", fontSize: 14, subtitleFontSize: 12, offset: 10 },
};

/**
 * Encodings that give each of the names its colour, and a dash where there are more names than colours.
 *
 * @param order Names whose places decide; names that are not among them come after.
 */
export function distinguish(
  field: string,
  names: readonly string[],
  title: string,
  order: readonly string[] = [],
): { readonly color: Spec; readonly strokeDash?: Spec } {
  const places = [...new Set([...order, ...names])], at = names.map((name) => places.indexOf(name));
  const by = (range: readonly unknown[]): Spec => ({
    field,
    type: "nominal",
    title,
    scale: { domain: names, range },
    legend: { columns: names.length > 16 ? 2 : 1, symbolType: "stroke" },
  });
  const color = by(at.map((i) => colors[i % colors.length]));
  if (places.length <= colors.length) return { color };
  return { color, strokeDash: by(at.map((i) => dashes[Math.floor(i / colors.length) % dashes.length])) };
}
