/**
 * Charts and text as one HTML page that needs nothing else: no network, no other file.
 *
 * @module
 */
import type { Chart } from "./chart.ts";
import { escapeHtml, scriptJson } from "./escape.ts";
import { packageFile } from "./packages.ts";
import { pageScript } from "./page_script.ts";
import { pageStyle } from "./page_style.ts";

/** A piece of a page: HTML whose text is escaped already, or a chart. */
export type Piece = string | Chart;

/**
 * The page as a document.
 *
 * The npm packages vega, vega-lite and vega-embed are written into it (0.8 MB), read from where Deno or Node keeps
 * them.
 */
export async function pageHtml(title: string, pieces: readonly Piece[]): Promise<string> {
  const charts: Chart[] = [];
  const body = pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const caption = escapeHtml(piece.text);
    return `<figure><div class="chart" data-chart="${
      charts.push(piece) - 1
    }" role="img" aria-label="${caption}"></div></figure>`;
  });
  const scripts = (await programs()).map((program) => `<script>${program}</script>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body.join("\n")}
</main>
<script type="application/json" id="charts">${scriptJson(charts)}</script>
${scripts.join("\n")}
<script>${pageScript}</script>
</body>
</html>
`;
}

/** The page may run its own scripts and load nothing; Vega compiles its expressions. */
const policy = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; " +
  "img-src data: blob:";

const notice =
  "/* Vega, Vega-Lite, Vega-Embed: Copyright (c) 2015-2026 University of Washington Interactive Data Lab " +
  "and contributors; BSD 3-Clause License, https://github.com/vega */";

/** The packages' own builds for a page, in the order they need each other. */
async function programs(): Promise<string[]> {
  await Promise.all([import("npm:vega@6.4.0"), import("npm:vega-lite@6.5.0"), import("npm:vega-embed@7.3.0")]);
  const files = await Promise.all([
    packageFile("npm:vega@6.4.0", "vega.min.js"),
    packageFile("npm:vega-lite@6.5.0", "vega-lite.min.js"),
    packageFile("npm:vega-embed@7.3.0", "vega-embed.min.js"),
  ]);
  const texts = files.map((bytes) => new TextDecoder().decode(bytes));
  return [notice, ...texts.map((text) => text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--"))];
}
