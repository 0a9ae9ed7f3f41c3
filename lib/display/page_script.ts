/**
 * What a page runs: it draws the charts, in the colours of the reader's light or dark mode.
 *
 * @module
 */

/** The program, as text. */
export const pageScript = `
"use strict";
const charts = JSON.parse(document.getElementById("charts").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const lines = "#5d646e", ink = "#e8eaed", dim = "#c0c5cc";
const darkConfig = {
  view: { stroke: lines },
  axis: { domainColor: lines, tickColor: lines, gridColor: lines, labelColor: dim, titleColor: ink },
  legend: { labelColor: dim, titleColor: ink },
  title: { color: ink, subtitleColor: dim },
};
function adapted(config = {}) {
  const changed = { ...config, background: null, legend: { ...config.legend, labelLimit: 130 } };
  if (dark.matches) for (const part in darkConfig) changed[part] = { ...changed[part], ...darkConfig[part] };
  return changed;
}
async function draw() {
  document.body.dataset.ready = "";
  for (const place of document.querySelectorAll("[data-chart]")) {
    const { $schema, config, ...chart } = charts[place.dataset.chart]; // it says 5, with which 6 would find fault
    const spec = { ...chart, config: adapted(config) };
    const actions = { export: true, source: false, compiled: false, editor: false };
    await vegaEmbed(place, spec, { renderer: "svg", actions, tooltip: { theme: dark.matches ? "dark" : "light" } });
  }
  document.body.dataset.ready = "yes";
}
dark.addEventListener("change", draw);
draw();
`;
