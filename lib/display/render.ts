/**
 * Pictures of Vega-Lite specifications, without a browser: Vega draws SVG, resvg turns it into PNG with the DejaVu
 * fonts.
 *
 * The packages are large, so that they are loaded when the first picture is made.
 *
 * @module
 */
import type { Spec } from "./chart.ts";
import { packageFile } from "./packages.ts";

const resvgPackage = "npm:@resvg/resvg-wasm@2.6.2";
const fontPackage = "npm:dejavu-fonts-ttf@2.37.3/package.json";

type Resvg = typeof import("npm:@resvg/resvg-wasm@2.6.2");
interface Rasterizer {
  readonly resvg: Resvg;
  readonly fonts: Uint8Array[];
}

/** Characters that names may hold and XML may not. */
// deno-lint-ignore no-control-regex
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

let rasterizer: Promise<Rasterizer> | undefined;

/** The specification drawn as an SVG document. */
export async function renderSVG(spec: Spec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("npm:vega@6.4.0"), import("npm:vega-lite@6.5.0")]);
  const compiled = vegaLite.compile(spec as unknown as Parameters<typeof vegaLite.compile>[0]).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.Error });
  try {
    return (await view.toSVG()).replace(notInXml, "\ufffd");
  } finally {
    view.finalize();
  }
}

/** The SVG document as the bytes of a PNG picture on white, `scale` pixels to a unit. */
export async function rasterize(svg: string, scale: number): Promise<Uint8Array> {
  rasterizer ??= loadRasterizer().catch((error) => {
    rasterizer = undefined; // the next picture tries again: the network may be back
    throw error;
  });
  const { resvg, fonts } = await rasterizer;
  const font = { fontBuffers: fonts, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const picture = new resvg.Resvg(svg, { fitTo: { mode: "zoom", value: scale }, background: "white", font });
  try {
    return picture.render().asPng();
  } finally {
    picture.free();
  }
}

async function loadRasterizer(): Promise<Rasterizer> {
  const [resvg] = await Promise.all([
    import("npm:@resvg/resvg-wasm@2.6.2"),
    import("npm:dejavu-fonts-ttf@2.37.3/package.json", { with: { type: "json" } }),
  ]);
  const [program, ...fonts] = await Promise.all([
    packageFile(resvgPackage, "index_bg.wasm"),
    packageFile(fontPackage, "ttf/DejaVuSans.ttf"),
    packageFile(fontPackage, "ttf/DejaVuSans-Bold.ttf"),
  ]);
  await resvg.initWasm(program);
  return { resvg, fonts };
}
