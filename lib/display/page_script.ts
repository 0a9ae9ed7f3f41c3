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
const darkConfig = {
  background: null,
  title: { color: "#e8eaed", subtitleColor: "#b5bac1" },
  style: { "guide-label": { fill: "#c9cdd3" }, "guide-title": { fill: "#e8eaed" } },
};
async function draw() {
  document.body.dataset.ready = "";
  for (const place of document.querySelectorAll("[data-chart]")) {
    const { $schema, ...spec } = charts[place.dataset.chart]; // says version 5, with which 6 would find fault
    const config = dark.matches ? darkConfig : { background: null };
    const actions = { export: true, source: false, compiled: false, editor: false };
    await vegaEmbed(place, spec, { renderer: "svg", actions, config, tooltip: { theme: dark.matches ? "dark" : "light" } });
  }
  document.body.dataset.ready = "yes";
}
dark.addEventListener("change", draw);
draw();
`;
