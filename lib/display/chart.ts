/**
 * A chart: a Vega-Lite specification that notebooks, pages and files can show.
 *
 * @module
 */
import { denoInspect, jupyterDisplay, type MimeBundle, nodeInspect } from "../core/mod.ts";
import { printable } from "./escape.ts";
import { rasterize, renderSVG } from "./render.ts";

/** A Vega-Lite specification as plain JSON data. */
export type Spec = Readonly<Record<string, unknown>>;

/** The version that every front end shows: JupyterLab has only 5, and what we use is the same in 6. */
const schema = "https://vega.github.io/schema/vega-lite/v5.json";

/** The name of layers that only react to the pointer; a still picture leaves them out. */
export const pointerLayer = "pointer";

/**
 * A chart. In a notebook it shows as an interactive Vega-Lite chart, or as a picture where the front end has no Vega,
 * or as one line of text.
 *
 * Pictures are drawn by Vega and resvg with the DejaVu fonts, npm packages that load when the first one is drawn; in
 * Deno that needs the permission to read them.
 *
 * @example Any Vega-Lite specification
 * ```ts
 * import { Chart } from "@gradus/gradus/display";
 * import { assertEquals } from "@std/assert";
 *
 * const spec = {
 *   data: { values: [{ x: 0, y: 1 }, { x: 1, y: 2 }] },
 *   mark: "line",
 *   encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
 * };
 * const chart = new Chart(spec, "a rising line");
 * assertEquals(String(chart), "a rising line");
 * assertEquals(chart.toJSON().mark, "line");
 * ```
 */
export class Chart {
  /** The Vega-Lite specification. */
  readonly spec: Spec;
  /** One line that stands for the chart where no picture can be shown. */
  readonly text: string;

  /**
   * A chart of a specification.
   *
   * @param spec The Vega-Lite specification.
   * @param text One line that says what the chart shows.
   */
  constructor(spec: Spec, text: string) {
    this.spec = { ...spec, $schema: schema };
    this.text = printable(text);
  }

  /** The chart with a plot of another width and height, in pixels. */
  sized(width: number, height: number): Chart {
    return new Chart({ ...this.spec, width, height }, this.text);
  }

  /** The chart as an SVG document. */
  toSVG(): Promise<string> {
    return renderSVG(still(this.spec));
  }

  /**
   * The chart as the bytes of a PNG picture on white.
   *
   * @param options `scale`: pixels to a unit of the specification, by default 1.5.
   */
  async toPNG(options: { readonly scale?: number } = {}): Promise<Uint8Array> {
    return rasterize(await this.toSVG(), options.scale ?? 1.5);
  }

  /** The specification, so that `JSON.stringify(chart)` can be pasted into any Vega-Lite editor. */
  toJSON(): Spec {
    return this.spec;
  }

  /** The one line of text. */
  toString(): string {
    return this.text;
  }

  /** The chart for a notebook; where no picture can be drawn (offline, say), the text says why. */
  async [jupyterDisplay](): Promise<MimeBundle> {
    const bundle: MimeBundle = { "application/vnd.vegalite.v5+json": this.spec };
    try {
      return { ...bundle, "image/png": base64(await this.toPNG()), "text/plain": this.text };
    } catch (error) {
      return {
        ...bundle,
        "text/plain": `${this.text} (no picture: ${error instanceof Error ? error.message : error})`,
      };
    }
  }
  /** The one line of text, for Deno's console. */
  [denoInspect](): string {
    return this.text;
  }
  /** The one line of text, for Node's console. */
  [nodeInspect](): string {
    return this.text;
  }
}

/** The specification without the layers that only react to the pointer. */
function still(spec: Spec): Spec {
  const views = (list: unknown): Spec[] => (list as Spec[]).filter((view) => view.name !== pointerLayer).map(still);
  const composed = ["layer", "hconcat", "vconcat", "concat"].filter((key) => Array.isArray(spec[key]));
  return { ...spec, ...Object.fromEntries(composed.map((key) => [key, views(spec[key])])) };
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(binary);
}
